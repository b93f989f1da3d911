"""What may be wrong with the guardrails, and how it gets so."""

from collections.abc import Callable, Mapping

from tests.kit.stack.aws import GUARDRAILS, aws
from tests.kit.stack.taps import Taps, refusal


def make_invalid() -> None:
    aws("ssm").put_parameter(Name=GUARDRAILS, Value="{", Type="String", Overwrite=True)


def _missing() -> None:
    aws("ssm").delete_parameter(Name=GUARDRAILS)


def _unreadable(code: str) -> Callable[[], None]:
    answer = refusal(code, "no")

    def spoil() -> None:
        Taps().before = lambda call: answer if call.service == "ssm" else None

    return spoil


BREAK: Mapping[str, Callable[[], None]] = {
    "invalid": make_invalid,
    "missing": _missing,
    "denied": _unreadable("AccessDeniedException"),
    "throttled": _unreadable("ThrottlingException"),
    "gone key": _unreadable("InvalidKeyId"),
}
