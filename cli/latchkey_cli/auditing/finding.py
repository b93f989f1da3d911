"""A finding of an audit."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


@dataclass(frozen=True)
class AuditFinding:
    """A finding about a role; `rule` identifies it for programs, `remedy` says what to do."""

    rule: str
    severity: Severity
    text: str
    remedy: str
