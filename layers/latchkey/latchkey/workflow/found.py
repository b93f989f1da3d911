"""What runs that died had begun: events and snapshots that whoever finds it puts on record."""

from collections.abc import Iterable, Iterator, Sequence

from latchkey.grants.change import DeleteSchedule, PutSchedule
from latchkey.grants.intent import INTERRUPTED, Intent
from latchkey.grants.plan import GrantPlan
from latchkey.newer_python import replace
from latchkey.workflow.failures import failed_plan


def as_recorded(
    log: Iterable[Intent], plan: GrantPlan, run: str
) -> Iterator[tuple[GrantPlan, Intent]]:
    """The plan of each intent that is not of `run`, as its own run would have recorded it.

    Where `plan` found the role as the last of them meant it, that one was carried out. What became
    of the others is not known: they are recorded as failures, after which the role may be as it
    was before, as it was meant to be, or in between.
    """
    entries = sorted((one for one in log if one.run != run), key=lambda intent: intent.at)
    for intent in entries:
        done = intent is entries[-1] and intent.done(plan)
        yield (_done(intent) if done else _died(intent)), intent


def _done(intent: Intent) -> GrantPlan:
    return replace(intent.plan, planned_at=intent.at)


def _died(intent: Intent) -> GrantPlan:
    cause = "the run ended before it could record what it had begun"
    error = {"Error": INTERRUPTED, "Cause": cause}
    return replace(failed_plan(intent.plan, None, error, intent.at), planned_at=intent.at)


def explained(plan: GrantPlan, found: Sequence[tuple[GrantPlan, Intent]]) -> bool:
    """Whether the role already was what a plan came to: then it adds no event of its own."""
    if not found or found[-1][0].outcome in ("failed", "rejected"):
        return False
    return all(isinstance(change, PutSchedule | DeleteSchedule) for change in plan.changes)
