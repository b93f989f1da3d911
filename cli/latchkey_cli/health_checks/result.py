"""The result of a check, with the section of the runbook that helps."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True)
class CheckResult:
    """One line of `latchkey doctor`; `section` is a heading's anchor in docs/runbook.md."""

    status: Status
    text: str
    section: str | None = None

    @property
    def advice(self) -> str:
        """The section of the runbook, if the result is a warning or a failure."""
        if self.section is None or self.status in ("ok", "skipped"):
            return ""
        return f"docs/runbook.md#{self.section}"


def ok(text: str) -> CheckResult:
    """The check has passed."""
    return CheckResult("ok", text)


def warn(text: str, section: str | None = None) -> CheckResult:
    """Access is correct, but something needs attention."""
    return CheckResult("warn", text, section)


def fail(text: str, section: str | None = None) -> CheckResult:
    """Something must be fixed."""
    return CheckResult("fail", text, section)


def skipped(text: str) -> CheckResult:
    """The check is not possible here."""
    return CheckResult("skipped", text)


def counted(count: int, what: str) -> str:
    """`1 grant`, `2 grants`."""
    return f"{count} {what}{'s' * (count != 1)}"
