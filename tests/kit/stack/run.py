"""What one run of the workflow did."""

from dataclasses import dataclass, field
from typing import Any

_READS = ("Get", "List", "Head", "Describe", "BatchGet")


@dataclass
class Run:
    """What one run of the workflow did: the steps it took, its answer, its calls of AWS."""

    steps: list[str] = field(default_factory=list)
    plan: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    notify_calls: list[str] = field(default_factory=list)
    error: Exception | None = None

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return str(self.result["outcome"])

    @property
    def iam_writes(self) -> list[str]:
        """The calls that changed something in IAM."""
        calls = (call.split(":") for call in self.calls)
        return [name for service, name in calls if service == "iam" and not name.startswith(_READS)]

    @property
    def writes(self) -> list[str]:
        """The calls that changed anything anywhere."""
        return [call for call in self.calls if not call.split(":")[1].startswith(_READS)]

    @property
    def paths(self) -> list[str]:
        """The JSON pointers of the problems."""
        return [problem["path"] for problem in self.result["problems"]]
