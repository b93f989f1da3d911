"""What to record when a step of the workflow failed for good."""

import json
from datetime import datetime
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.grants.change import CreateRole, PutRolePolicy
from latchkey.grants.drift import SUSPENDED
from latchkey.grants.plan import GrantPlan, Source, dated
from latchkey.grants.role_name import given_back
from latchkey.grants.sessions import cut_off_at, suspended_policy
from latchkey.grants.unreached import failure_reason
from latchkey.keys import LONGEST_KEY
from latchkey.newer_python import replace


def failed_plan(
    plan: GrantPlan | None,
    request: Any,
    error: dict[str, Any],
    planned_at: str,
    grant: GrantId | None = None,
) -> GrantPlan:
    """The plan to record for a failure: what was to be done, with the cause as its reason.

    The trust policy may have been replaced until then, so that a cut-off counts from `planned_at`.
    `error` is `{"Error": …, "Cause": …}` as Step Functions catches it. When planning itself
    failed, all that is known is the request; where the plan was lost, the grant is.
    """
    kind = str(error.get("Error", "Unknown"))
    reason = failure_reason(kind, cause_of(error), plan.outcome if plan else "")
    if plan is None:
        return GrantPlan("record", "failed", planned_at, reason, _source(request), grant)
    if plan.outcome == "pending_approval":  # what would be done was not begun
        plan = replace(plan, changes=(), desired=None)
    failed = replace(plan, outcome="failed", reason=reason, released=(), freed=())
    if plan.state is None or plan.orphan:
        return replace(failed, state=None)
    if plan.ends_sessions:
        failed = dated(failed, cut_off_at(datetime.fromisoformat(planned_at)))
    assert failed.undone
    known = plan.state.written and not _creates(plan)  # before that, nobody took anything away
    written = {*plan.written, *plan.state.written, *_between(plan)} if known else ()
    maybe = tuple(sorted({*plan.state.external_ids, *plan.released}))
    state = replace(
        failed.undone,
        status="failed",
        reason=reason,
        external_ids=maybe,
        role_digest=None,
        written=tuple(sorted(written)),
    )
    if kind == "RoleNotOwned" and _creates(plan):
        none = replace(state, role_arn=None, external_ids=())
        return replace(failed, state=none, released=maybe, freed=given_back(plan.state))
    return replace(failed, state=state)


def _between(plan: GrantPlan) -> set[str]:
    """What a role may have been left with between two changes."""
    closes = any(
        isinstance(change, PutRolePolicy) and change.document == suspended_policy()
        for change in plan.changes
    )
    return {SUSPENDED} if closes else set()


def _creates(plan: GrantPlan) -> bool:
    """Whether the grant was to get a role: then one that is not ours is not the grant's."""
    return any(isinstance(change, CreateRole) for change in plan.changes)


def cause_of(error: dict[str, Any]) -> str:
    """The message in the cause of a failed Lambda task, which is the error as JSON text."""
    cause = str(error.get("Cause", ""))
    try:
        message = json.loads(cause).get("errorMessage", cause)
    except (ValueError, AttributeError):
        message = cause
    return str(message)[:2000]


def _source(request: Any) -> Source:
    if not isinstance(request, dict):
        return Source()
    bucket, key = request.get("bucket"), request.get("key")
    if not (isinstance(bucket, str) and isinstance(key, str) and bucket and key):
        return Source()
    fits = len(key.encode("utf-8", "surrogatepass")) <= LONGEST_KEY
    return Source(bucket, key) if fits else Source()
