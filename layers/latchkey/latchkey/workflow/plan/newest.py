"""The newest version of a file, where a run goes by the one that was accepted before it."""

from typing import Literal, TypeAlias

from latchkey.frozen import Frozen
from latchkey.grants.pending import Pending
from latchkey.grants.plan import Source

Standing: TypeAlias = Literal["invalid", "unlike", "waits", "rejected", "put off", "failed"]
"""How it stands with a version: it is `rejected` where somebody has, `invalid` where a rule has.

One that is `unlike` asks for what a live grant cannot change: its role's name, account or kind.
"""


class Newest(Frozen):
    """A version that is passed over, and why.

    `pending` is what waits of it, or what somebody has rejected: no run may forget that. It is
    `news` where nobody has been told of that yet. `error` is what kept it from being planned.
    """

    source: Source
    standing: Standing = "invalid"
    pending: Pending | None = None
    news: bool = False
    error: str = ""

    @property
    def open(self) -> bool:
        """Whether it may be granted yet: neither a rule nor somebody has rejected it."""
        return self.standing not in ("invalid", "unlike", "rejected")

    @property
    def unplanned(self) -> bool:
        """Whether nobody has asked for it yet: a run of its own says what is to be asked for."""
        return self.standing == "waits" and self.news

    @property
    def rejected(self) -> Pending | None:
        """What somebody has rejected."""
        return self.pending if self.standing == "rejected" else None

    def words(self, waiting: Pending | None) -> str:
        """What is said of it, beside what waits by the record."""
        known = waiting if waiting and waiting.version == self.source.version else self.rejected
        if known:
            return _in_words(known)
        match self.standing:
            case "failed":
                return f"could not be planned: {self.error}"
            case "put off":
                return "is planned when the grant is resumed"
            case "unlike":
                return "asks for another role, which a live grant cannot have"
            case "invalid":
                return "is invalid and was rejected"
            case _:
                return "is planned by a run of its own" if self.news else "waits for approval"


def _in_words(pending: Pending) -> str:
    return f"was rejected by {pending.rejected_by}" if pending.rejected_by else "waits for approval"
