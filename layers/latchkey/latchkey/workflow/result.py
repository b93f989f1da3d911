"""The result of a run: what its plan, and what was applied of it, come to."""

from typing import Any

from latchkey import keys
from latchkey.grants.change import change_document, together
from latchkey.grants.phase import standing
from latchkey.grants.plan import GrantPlan
from latchkey.grants.policy_validation import Check
from latchkey.reports.result import Result, Verified
from latchkey.reports.summary.in_words import in_words
from latchkey.times import seconds_between


def result_of(plan: GrantPlan, applied: dict[str, Any]) -> Result:
    """The result of a plan, with its description in words."""
    return Result.from_document({**_without_words(plan, applied).document(), **in_words(plan)})


def _without_words(plan: GrantPlan, applied: dict[str, Any]) -> Result:
    shown = plan.state if plan.state and plan.outcome != "rejected" else None
    done = applied.get("changes")
    planned = together(plan.begun, map(change_document, plan.changes)) if done is None else done
    read = Verified.from_document(found) if (found := applied.get("verified")) else None
    return Result(
        outcome=plan.outcome,
        reason=plan.reason,
        partner=plan.grant.partner if plan.grant else None,
        grant=plan.grant.grant if plan.grant else None,
        problems=plan.problems,
        summary=(),
        widens=False,
        policy_difference=(),
        allows=(),
        permissions_policy=None,
        partner_needs=(),
        changes=tuple(planned),
        drift=plan.drift,
        role_arn=(arn := shown.role_arn if shown else plan.role_arn),
        external_id=shown.external_id if shown else None,
        external_ids=shown.external_ids if shown else (),
        starts_at=shown.starts_at if shown else None,
        expires_at=shown.expires_at if shown else None,
        issued_before=shown.issued_before if shown else None,
        config_bucket=plan.source.bucket,
        config_key=plan.source.key,
        config_version=plan.source.version,
        verified=read,
        phase=standing(shown, shown.updated_at).phase if shown else None,
        by=plan.by,
        order=plan.order,
        ended_by=plan.by if plan.outcome in ("revoked", "expired") else None,
        requested_by=plan.requested_by,
        author=plan.author,
        late_seconds=_late_seconds(plan, read),
        checks=tuple(map(Check.from_document, applied.get("checks", ()))),
        dry_run=plan.dry_run,
        recorded_at=plan.planned_at,
        account=arn.split(":")[4] if arn else None,
    )


def _late_seconds(plan: GrantPlan, read: Verified | None) -> int | None:
    """For an expiry: how many seconds late the role was confirmed to be gone."""
    expiry = plan.state.expires_at if plan.state and plan.outcome == "expired" else None
    return seconds_between(expiry, read.read_at) if expiry and read and read.read_at else None


def result_key(plan: GrantPlan) -> str | None:
    """Where the result goes, if anywhere."""
    return keys.result_key(plan.source.key, plan.grant)
