"""What can become of a grant in a run; each has its plan in `diff` or `endings`."""

from typing import TypeAlias

from latchkey.config.problem import Problem
from latchkey.config.reader import ReadConfig
from latchkey.config.schema import PartnerConfig
from latchkey.errors import LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grants.approval import Counted
from latchkey.grants.lifecycle import Decision
from latchkey.grants.pending import Pending
from latchkey.grants.plan import Source
from latchkey.grants.role import DesiredRole
from latchkey.services.entry import Entry
from latchkey.workflow.plan.context import Snapshot


class Leave(Frozen):
    """Change nothing: there is nothing to do for what stands at `source`.

    Where it is `recorded`, the result says so, and follow-up runs start.
    """

    source: Source
    reason: str
    recorded: bool = False


class PutOff(Leave):
    """Change nothing for now: the version is planned again when its grant is resumed."""


class Reject(Frozen):
    """Change nothing, and say everything that is wrong."""

    problems: tuple[Problem, ...]


class Unapprovable(Reject):
    """Reject what would have to be approved, but no file asks for."""

    provide: "Provide"


class Invalid(Frozen):
    """Reject a config that is invalid by itself, with whatever else is wrong with it."""

    read: ReadConfig


class Fail(Frozen):
    """Change nothing, and say what kept the run from planning."""

    error: LatchkeyError


class Remove(Frozen):
    """Take the role away."""

    decision: Decision


class Provide(Frozen):
    """Have the role as the config asks for it."""

    decision: Decision
    config: PartnerConfig

    @property
    def suspended(self) -> bool:
        """Whether the role may do nothing for now."""
        return self.decision.target == "suspended"

    @property
    def access(self) -> tuple[Entry, ...]:
        """The entries that have to be looked up: a suspended role needs no resource to exist."""
        return () if self.suspended else tuple(self.config.access)


class Close(Frozen):
    """Have the role as it is, but for doing nothing: it needs neither config nor guardrails.

    `broken` are the guardrails that the config breaks, as far as they could be read.
    """

    decision: Decision
    broken: tuple[Problem, ...] = ()


class Hold(Frozen):
    """Have the role as the config asks for it once all who have to approve of it have.

    Of a role that is `unlike_granted`, nothing counts as granted.
    """

    provide: Provide
    pending: Pending
    counted: Counted
    unlike_granted: bool = False


Early: TypeAlias = Leave | Reject | Invalid | Remove | Provide | Close
"""What the record and the config come to, before anything is looked up."""

Verdict: TypeAlias = Leave | Reject | Fail | Remove | Provide | Close | Hold


class Decided(Frozen):
    """A snapshot, and what becomes of its grant."""

    snapshot: Snapshot
    verdict: Verdict


class Rendered(Frozen):
    """What becomes of a grant, and the role that it gets, if it gets one.

    `digest` is that of the role where it allows anything (`grants.state_digest`), `approved_by` are
    those whose approval it needed and has.
    """

    snapshot: Snapshot
    verdict: Verdict
    role: DesiredRole | None = None
    digest: str | None = None
    approved_by: tuple[str, ...] = ()
