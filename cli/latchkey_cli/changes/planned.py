"""What becomes of one file that is changed: its plan, or why there is none."""

from dataclasses import dataclass
from typing import Any

from latchkey.grant_id import GrantId
from latchkey_cli.config_files.located_problem import LocatedProblem
from latchkey_cli.config_files.source import ConfigSource


@dataclass(frozen=True)
class PlannedChange:
    """One file with its plan as it may be told.

    `key` is where the file goes in the config bucket, or is removed from; `what` is one word.
    `moved_from` is the key of another changed file that has the grant so far. `result` is None
    where nothing is planned: the file is no JSON object (`problems`, or `unreadable`, if they are
    printed already), or its removal ends nothing (`note`).
    """

    path: str
    key: str
    what: str
    grant: GrantId | None = None
    result: dict[str, Any] | None = None
    source: ConfigSource | None = None
    problems: tuple[LocatedProblem, ...] = ()
    moved_from: str | None = None
    note: str = ""
    unreadable: bool = False

    @property
    def where(self) -> str:
        """A sentence that names the account, where the file names one; else nothing."""
        account = self.source.account if self.source else None
        return f"In account {account}." if account else ""

    @property
    def refused(self) -> bool:
        """Whether the file would be rejected, or its plan failed."""
        outcome = (self.result or {}).get("outcome")
        return self.unreadable or bool(self.problems) or outcome in ("rejected", "failed")
