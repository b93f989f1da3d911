"""Step 6, diff: the ordered changes that lead from the role as it is to the role as it should be.

The changes themselves are found by `grants.role_changes`, which is used again where a plan is
carried out; here it is decided what is compared with what, and the plan around them is made.
"""

from typing import assert_never

from latchkey.errors import RoleNotOwned
from latchkey.grants.change import Change, CreateRole, DeleteSchedule
from latchkey.grants.drift import desired_digest, observed_digest
from latchkey.grants.lifecycle import Decision, outcome_of
from latchkey.grants.plan import GrantPlan, Step
from latchkey.grants.record import GrantRecord, released_by
from latchkey.grants.repair import Written, repaired
from latchkey.grants.role import DesiredRole, ObservedRole, closed_role
from latchkey.grants.role_changes import (
    plan_removal,
    plan_role,
    plan_schedule,
    require_of_stack,
)
from latchkey.grants.role_name import given_back
from latchkey.grants.role_view import view
from latchkey.grants.sessions import suspended_policy, with_cut_off
from latchkey.newer_python import replace
from latchkey.times import instant, stamp
from latchkey.workflow.plan.by_hand import (
    former_tags,
    kept_problems,
    may_widen,
    moved_on,
    told,
    without_what_was_taken,
    written_after,
    written_before,
)
from latchkey.workflow.plan.context import PlanningContext, Snapshot
from latchkey.workflow.plan.cut_off import cut_off_in_force, new_cut_off
from latchkey.workflow.plan.decisions import Close, Fail, Leave, Provide, Reject, Remove, Rendered
from latchkey.workflow.plan.endings import failed, left, no_grant, rejected, signed
from latchkey.workflow.plan.findings import (
    CLOSED,
    gone_problems,
    only_reported,
    unused,
    without_the_gone,
)
from latchkey.workflow.plan.next_state import state_after


def diff(rendered: Rendered) -> GrantPlan:
    """The plan for what was decided."""
    context = rendered.snapshot.context
    try:
        plan = _plan(rendered)
    except RoleNotOwned as error:
        plan = failed(error, context)
    return signed(plan, context)


def _plan(rendered: Rendered) -> GrantPlan:
    snapshot, context = rendered.snapshot, rendered.snapshot.context
    match rendered.verdict:
        case Provide() as provide:
            assert rendered.role
            return _beside_invalid(_provision(snapshot, provide, rendered.role), context)
        case Remove(decision=decision):
            plan = _removal(snapshot, decision)
            if context.record is None and context.order and plan.step == "record":
                if context.checks:  # of another stack's role, maybe, whose name begins alike
                    return left(Leave(context.config.source, no_grant(context).message), context)
                return rejected([no_grant(context)], context)
            return _beside_invalid(plan, context)
        case Close() as close:
            return _beside_invalid(_closing(snapshot, close), context)
        case Leave() as leave:
            return left(leave, context)
        case Reject(problems=problems):
            return rejected(problems, context)
        case Fail(error=error):
            return failed(error, context)
        case never:
            assert_never(never)


def _provision(snapshot: Snapshot, provide: Provide, role: DesiredRole) -> GrantPlan:
    """What makes the role as it was rendered, unless somebody's change is only to be reported."""
    context, decision, observed = snapshot.context, provide.decision, snapshot.role
    assert snapshot.validation
    rules = snapshot.validation.lookups.rules
    gone = gone_problems(context, observed)
    in_force = cut_off_in_force(context, observed)
    desired = meant = _ending(role, in_force)
    if observed and gone:
        desired, meant = without_the_gone(desired, observed)
        gone = gone if desired is meant else (*gone, CLOSED)
    desired, meant = _known(desired, context), _known(meant, context)
    full, desired = desired, without_what_was_taken(context, provide, desired, observed)
    changed, kept = told(context, meant, meant if CLOSED in gone else desired, observed)
    reported = changed if rules.drift == "report" and context.checks else ()
    idle = unused(snapshot, decision, rules)
    cut_off = None if reported else new_cut_off(context, provide, desired, observed)
    kept = (*kept, *moved_on(cut_off or in_force, context.now))
    desired = _ending(desired, cut_off or in_force)
    ends = instant(provide.config.ends_at)
    changes = (  # the schedule first, so that no role is ever without one
        *plan_schedule(str(context.grant), ends, snapshot.schedule),
        *(() if reported else plan_role(desired, observed)),
    )
    state = state_after(snapshot, decision, snapshot.external_ids)
    state = replace(
        state,
        issued_before=cut_off or in_force,
        findings=(
            *snapshot.validation.broken,
            *snapshot.validation.held.findings,
            *gone,
            *idle,
            *map(only_reported, reported),
            *kept_problems(kept),
        ),
        guardrails=snapshot.validation.lookups.guardrails,
        role_digest=_left_as(desired, observed, as_it_is=bool(reported)),
        written=written_after(context, full, desired),
    )
    plan = _around(changes, snapshot, decision, state)
    drift = () if reported else changed
    return replace(
        plan,
        desired=desired,
        drift=drift,
        ends_sessions=cut_off is not None,
        repairs=not may_widen(context, provide),
        written=written_before(context).parts,
    )


def _known(role: DesiredRole, context: PlanningContext) -> DesiredRole:
    """The role to be, with what is on record of the one that is there."""
    role_id = context.record.role_id if context.record and context.live else None
    return replace(role, former_tags=former_tags(context, role), role_id=role_id)


def _left_as(role: DesiredRole, observed: ObservedRole | None, *, as_it_is: bool) -> str | None:
    """A digest of the role as it is left; none where managed policies may change unseen."""
    if role.attached:
        return None
    return observed_digest(observed) if observed and as_it_is else desired_digest(role, observed)


def _ending(role: DesiredRole, cut_off: str | None) -> DesiredRole:
    return replace(role, permissions_policy=with_cut_off(role.permissions_policy, cut_off))


def _closing(snapshot: Snapshot, close: Close) -> GrantPlan:
    """What has the role do nothing; its trust and its schedule stay as they are."""
    context, observed, decision = snapshot.context, snapshot.role, close.decision
    before = context.record
    assert before  # only a live grant is closed
    desired = None
    if observed:
        closed = closed_role(observed, context.naming, context.grant, suspended_policy())
        desired = repaired(replace(closed, role_id=before.role_id), observed, Written())
    state = replace(
        state_after(snapshot, decision, before.external_ids),
        external_id=before.external_id,
        findings=close.broken,
        guardrails=before.guardrails,
        role_digest=_left_as(desired, observed, as_it_is=False) if desired else before.role_digest,
        written=written_after(context, desired, desired) if desired else before.written,
    )
    changes = plan_role(desired, observed) if desired else ()
    return replace(_around(changes, snapshot, decision, state), desired=desired, closes=True)


def _removal(snapshot: Snapshot, decision: Decision) -> GrantPlan:
    """What takes the role away, if there is one that is ours, and its schedule."""
    context, observed = snapshot.context, snapshot.role
    stack, name = context.naming.stack, str(context.grant)
    role_id = context.record.role_id if context.record and context.live else None
    foreign = observed and not context.live and context.naming.grant_of(observed) != context.grant
    if foreign:
        observed = None  # somebody else's role, which kept ours from being made
        snapshot = replace(snapshot, role=None)
    if observed:
        require_of_stack(observed, context.naming.own_boundaries, role_id)
    changes: tuple[Change, ...] = plan_removal(observed, stack, name, role_id)
    failed = context.record is not None and context.record.status == "failed"
    if changes or context.live or failed:  # one that failed may have left its schedule behind
        changes = (*changes, DeleteSchedule(name))
    config = context.config.read.config if context.config.read else None
    before = context.record
    named = config.external_ids if config else ()
    had = (before.external_id,) if before and before.external_id else () if before else named
    plan = _around(changes, snapshot, decision, state_after(snapshot, decision, had))
    return replace(plan, role=None) if foreign else plan


def _around(
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
    )


def _beside_invalid(plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """A plan by what was accepted last, which says so where the file's newest version is another.

    Its result replaces the one that says what is wrong with that version.
    """
    newest = context.config.newest
    if plan.step == "done" or newest is None:
        return plan
    reason = f"{plan.reason}; the newest version of {newest.key} is invalid and was rejected"
    return replace(plan, reason=reason, state=plan.state and replace(plan.state, reason=reason))


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
