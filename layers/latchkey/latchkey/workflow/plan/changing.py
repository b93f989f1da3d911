"""The plan around a run's changes, whatever they are; a part of diff."""

from latchkey.grants.change import Change, CreateRole
from latchkey.grants.lifecycle import Decision, outcome_of
from latchkey.grants.plan import GrantPlan, Step
from latchkey.grants.record import GrantRecord, released_by
from latchkey.grants.role_name import given_back
from latchkey.grants.role_view import view
from latchkey.newer_python import replace
from latchkey.times import stamp
from latchkey.workflow.plan.context import PlanningContext, Snapshot


def around(
    changes: tuple[Change, ...], snapshot: Snapshot, decision: Decision, state: GrantRecord
) -> GrantPlan:
    """The plan that carries changes out."""
    context = snapshot.context
    created = any(change["action"] == "CreateRole" for change in context.begun)
    creates = created or any(isinstance(change, CreateRole) for change in changes)
    changed = bool(changes or context.unrecorded)
    return GrantPlan(
        step=_step(context, decision, changes, state),
        outcome=outcome_of(decision, context.record, changed=changed, creates=creates),
        planned_at=stamp(context.now),
        reason=decision.reason,
        source=context.config.source,
        grant=context.grant,
        changes=changes,
        problems=state.findings,
        before=view(snapshot.role),
        role=context.role_name,
        stack=context.naming.stack,
        state=state,
        released=released_by(context.record, state),
        freed=given_back(state) if decision.target == "absent" else (),
        follow_up=context.reference.earlier,
        begun=context.begun,
        granted_before=context.record.granted if context.record and context.live else None,
        opens_end=_opens_end(context.record if context.live else None, state),
        adds_author=not changed and _adds_author(context.record, state),
    )


def _opens_end(before: GrantRecord | None, state: GrantRecord) -> int | None:
    """After how many days a grant is to end unless it is confirmed, where that is new or later."""
    days, known = state.confirm_every_days, before.confirm_every_days if before else None
    later = days is not None and (known is None or days > known)
    return days if later and state.status == "active" else None


def _adds_author(before: GrantRecord | None, state: GrantRecord) -> bool:
    """Whether all that is new is who wrote the version that was granted: S3 told it later."""
    if before is None or before.author or not state.author:
        return False
    return before.says_same(replace(state, author=None))


def _step(
    context: PlanningContext,
    decision: Decision,
    changes: tuple[Change, ...],
    state: GrantRecord,
) -> Step:
    if changes:
        return "revoke" if decision.target == "absent" else "grant"
    if context.reference.earlier:
        return "record"
    return "done" if context.record and context.record.says_same(state) else "record"
