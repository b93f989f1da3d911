"""The intent log: what runs were about to do, noted before their first change.

A run that records its outcome, failure or not, empties the log. What is in it is therefore of runs
that died: it counts wherever a record counts, and whoever finds it records it.
"""

from collections.abc import Sequence
from typing import Any

from latchkey.frozen import Frozen
from latchkey.grants.change import change_document
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.grants.role_view import RoleView, view
from latchkey.newer_python import replace

INTERRUPTED = "Interrupted"
"""The error of a run that has not recorded what it began: mostly, it has ended by something."""


class Intent(Frozen):
    """What a run was about to do: `run` is its execution, `at` the time (`times.stamp`)."""

    run: str
    at: str
    plan: GrantPlan

    @property
    def changes(self) -> tuple[dict[str, Any], ...]:
        """The changes, as JSON data in their order."""
        return tuple(map(change_document, self.plan.changes))

    def done(self, plan: GrantPlan) -> bool:
        """Whether a later plan, for which the role was observed, found it as this one meant it.

        Which other boundaries the stack has is nothing that a role shows.
        """
        wanted: RoleView | None = view(self.plan.desired)
        shown = replace(wanted, own_boundaries=()) if wanted else None
        return plan.role is not None and plan.before == shown


def interrupted(plan: GrantPlan) -> GrantRecord | None:
    """The record of a plan whose run died: a role may be there, by the one before or by this."""
    state = plan.undone
    if state is None or plan.orphan:
        return None
    return replace(
        state,
        status="failed",
        reason=f"{INTERRUPTED}: its run has not recorded what it began",
        external_ids=tuple(sorted({*state.external_ids, *plan.released})),
        role_digest=None,
    )


def record_with(log: Sequence[Intent], record: GrantRecord | None) -> GrantRecord | None:
    """A grant's record with what its intent log says; the newest intent wins.

    What was planned of sessions counts only once it is recorded: the trust policy may have been
    written later than that. Of the policies, those before and those meant are both Latchkey's; of a
    grant that never was, nobody took anything away.
    """
    found = interrupted(log[-1].plan) if log else None
    if found is None:
        return record
    before = record if record and record.live else None
    had = before.external_ids if before else ()
    written = (*before.written, *found.written) if before else ()
    return replace(
        found,
        external_ids=tuple(sorted({*found.external_ids, *had})),
        issued_before=before.issued_before if before else None,
        role_id=found.role_id or (before.role_id if before else None),
        written=tuple(dict.fromkeys(written)),
    )
