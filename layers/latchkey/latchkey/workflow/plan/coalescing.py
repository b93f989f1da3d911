"""Of many uploads at once only a few runs have work to do: the others are told apart here."""

from copy import replace
from datetime import datetime

from latchkey.grants.grant_plan import GrantPlan
from latchkey.times import stamp
from latchkey.workflow.events import Execution
from latchkey.workflow.plan.find_config import Subject


def seen_since(run: Execution, subject: Subject) -> bool:
    """Whether what this run was started for was looked at after its start, and is settled."""
    if not (run.start_time and subject.seen_at):
        return False
    return datetime.fromisoformat(run.start_time) < datetime.fromisoformat(subject.seen_at)


def nothing_left(subject: Subject, now: datetime) -> GrantPlan:
    """The plan of a run that was overtaken: do nothing, record nothing."""
    reason = "a run that began after this one looked at the same version"
    done = GrantPlan("done", "unchanged", stamp(now), reason, subject.source)
    return replace(done, grant=subject.grant)
