"""The plan of a run that cannot plan: change nothing, and say why."""

from copy import replace

from latchkey.domain.errors import PermanentError
from latchkey.domain.grant import GrantRecord, instant
from latchkey.domain.grant_plan import GrantPlan, stamp
from latchkey.domain.request import ActionRequest
from latchkey.use_cases.case import Case


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
