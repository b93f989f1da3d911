"""The plan of a run that rejects: change nothing, and say everything that is wrong."""

from collections.abc import Sequence
from copy import replace
from datetime import datetime

from latchkey.config.problem import Problem
from latchkey.grants.grant_plan import GrantPlan, Source
from latchkey.grants.record import GrantRecord
from latchkey.times import instant, stamp
from latchkey.workflow.plan.find_config import Subject

REASON = "rejected, see the problems; what was granted before stays as it is"


def rejection(
    problems: Sequence[Problem],
    subject: Subject,
    now: datetime,
    record: GrantRecord | None = None,
) -> GrantPlan:
    """Reject what a request asks for.

    A live grant keeps its state; otherwise the state says `rejected`. A version of a file that
    was rejected before is not recorded once more.
    """
    source = subject.source
    again = source.version is not None and source.version == subject.rejected
    return GrantPlan(
        step="done" if again else "record",
        outcome="rejected",
        planned_at=stamp(now),
        reason=REASON,
        source=source,
        grant=subject.grant,
        problems=tuple(problems),
        state=None if record and record.live else _rejected(subject, record, now),
    )


def beside_invalid(plan: GrantPlan, newest: Source, accepted: Source) -> GrantPlan:
    """A plan by what was accepted last, which says so where the file's newest version is another.

    Its result takes the place of the one that says what is wrong with that version.
    """
    if plan.step == "done" or newest.version == accepted.version:
        return plan
    reason = f"{plan.reason}; the newest version of {newest.key} is invalid and was rejected"
    return replace(plan, reason=reason, state=plan.state and replace(plan.state, reason=reason))


def _rejected(subject: Subject, record: GrantRecord | None, now: datetime) -> GrantRecord | None:
    if subject.grant is None or (subject.source.version is None):
        return None
    blank = GrantRecord(subject.grant.partner, subject.grant.grant, "rejected")
    return replace(
        record or blank,
        status="rejected",
        reason=REASON,
        config_bucket=subject.source.bucket,
        config_key=subject.source.key,
        config_version=subject.source.version,
        config=None,
        updated_at=instant(now),
        instruction=None,
    )
