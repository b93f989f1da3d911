"""What a check came to, and where the runbook goes on."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True)
class Verdict:
    """One line of `latchkey doctor`; `section` is a heading's anchor in docs/runbook.md."""

    status: Status
    text: str
    section: str | None = None

    @property
    def advice(self) -> str:
        """Where to read on, for what is not well."""
        if self.section is None or self.status in ("ok", "skipped"):
            return ""
        return f"docs/runbook.md#{self.section}"


def ok(text: str) -> Verdict:
    """All is well."""
    return Verdict("ok", text)


def warn(text: str, section: str | None = None) -> Verdict:
    """Somebody should look, and access is as it should be."""
    return Verdict("warn", text, section)


def fail(text: str, section: str | None = None) -> Verdict:
    """Somebody has to do something."""
    return Verdict("fail", text, section)


def skipped(text: str) -> Verdict:
    """Could not be looked at here, so nothing is known."""
    return Verdict("skipped", text)


def counted(count: int, what: str) -> str:
    """`1 grant`, `2 grants`."""
    return f"{count} {what}{'s' * (count != 1)}"
