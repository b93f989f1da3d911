"""The newest version of a file, where a run goes by the one that was accepted before it."""

from latchkey.frozen import Frozen
from latchkey.grants.pending import Pending
from latchkey.grants.plan import Source

INVALID = "is invalid and was rejected"


class Newest(Frozen):
    """A version that is passed over, and what is to be said of it.

    `rejected` is what waited, where somebody has rejected it since: no run may forget that. One
    that is `unplanned` nobody has asked for yet: a run of its own says what is to be asked for.
    """

    source: Source
    said: str = INVALID
    rejected: Pending | None = None
    unplanned: bool = False

    @property
    def open(self) -> bool:
        """Whether it may be granted yet: neither a rule nor somebody has rejected it."""
        return self.rejected is None and self.said != INVALID

    def words(self, waiting: Pending | None) -> str:
        """What is said of it, beside what waits by the record."""
        same = waiting is not None and waiting.version == self.source.version
        return standing(waiting) if waiting and same else self.said


def standing(pending: Pending) -> str:
    """How it stands with what waits for approval."""
    return f"was rejected by {pending.rejected_by}" if pending.rejected_by else "waits for approval"
