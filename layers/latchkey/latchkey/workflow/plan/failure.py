"""The plan of a run that cannot plan: change nothing, and say why."""

from copy import replace

from latchkey.errors import PermanentError
from latchkey.grants.grant_plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.times import instant, stamp
from latchkey.workflow.plan.case import Case
from latchkey.workflow.request import ActionRequest


def failure(error: PermanentError, case: Case) -> GrantPlan:
    """What to record when the grant cannot be planned for; its role stays as it is.

    The same failure of a check that comes again and again is recorded once.
    """
    reason, source = f"{type(error).__name__}: {error}", case.found.source
    before = case.record or GrantRecord(case.grant.partner, case.grant.grant, "failed")
    if not case.live:
        before = replace(
            before,
            config_bucket=source.bucket,
            config_key=source.key,
            config_version=source.version,
            config=None,
        )
    again = (before.status, before.reason) == ("failed", reason)
    checked = isinstance(case.request, ActionRequest) and case.request.action == "check"
    return GrantPlan(
        step="done" if again and checked else "record",
        outcome="failed",
        planned_at=stamp(case.now),
        reason=reason,
        source=source,
        grant=case.grant,
        state=replace(before, status="failed", reason=reason, updated_at=instant(case.now)),
        follow_up=case.earlier,
    )
