"""Step 6, diff: the ordered changes that lead from the role as it is to the role as it should be.

The changes themselves are found by `grants.role_changes`, which is used again where a plan is
carried out; here it is decided what is compared with what, and the plan around them is made.
"""

from typing import assert_never

from latchkey.errors import RoleNotOwned
from latchkey.grants.change import Change, CreateRole, DeleteSchedule, PutSchedule
from latchkey.grants.drift import desired_digest, observed_digest
from latchkey.grants.lifecycle import Decision
from latchkey.grants.pending import GroupNeed
from latchkey.grants.plan import GrantPlan
from latchkey.grants.repair import NOBODYS, Written, repaired
from latchkey.grants.role import DesiredRole, ObservedRole, closed_role
from latchkey.grants.role_changes import (
    plan_removal,
    plan_role,
    plan_schedule,
    require_of_stack,
)
from latchkey.grants.sessions import suspended_policy, with_cut_off
from latchkey.newer_python import replace
from latchkey.times import instant
from latchkey.workflow.plan.by_hand import (
    former_tags,
    kept_problems,
    may_widen,
    moved_on,
    noted,
    told,
    without_what_was_taken,
    written_after,
    written_before,
)
from latchkey.workflow.plan.changing import around
from latchkey.workflow.plan.context import PlanningContext, Snapshot
from latchkey.workflow.plan.cut_off import cut_off_in_force, new_cut_off
from latchkey.workflow.plan.decisions import (
    Close,
    Fail,
    Hold,
    Leave,
    Provide,
    Reject,
    Remove,
    Rendered,
    Unapprovable,
)
from latchkey.workflow.plan.endings import (
    beside_newest,
    failed,
    left,
    no_grant,
    rejected,
    signed,
    unchanged,
)
from latchkey.workflow.plan.findings import (
    CLOSED,
    gone_problems,
    only_reported,
    unused,
    without_the_gone,
)
from latchkey.workflow.plan.held import held, kept_as_recorded
from latchkey.workflow.plan.next_state import state_after
from latchkey.workflow.plan.orphan import is_orphan


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
            return beside_newest(_provision(rendered, provide), context)
        case Hold() as hold:
            cut = _cut(rendered, hold.provide, hold.counted.needs)
            return cut or held(_provision(rendered, hold.provide), hold, context)
        case Unapprovable(provide=provide) as early:
            return _cut(rendered, provide, ()) or unchanged(early, context)
        case Remove(decision=decision):
            plan = _removal(snapshot, decision)
            if context.record is None and context.order and plan.step == "record":
                if context.checks:  # of another stack's role, maybe, whose name begins alike
                    return left(Leave(context.config.source, no_grant(context).message), context)
                return rejected([no_grant(context)], context)
            return beside_newest(plan, context)
        case Close() as close:
            return beside_newest(_closing(snapshot, close), context)
        case Leave() | Reject() | Fail() as early:
            return unchanged(early, context)
        case never:
            assert_never(never)


def _cut(rendered: Rendered, provide: Provide, needs: tuple[GroupNeed, ...]) -> GrantPlan | None:
    """Of a live grant that asks for nothing new, what is too much goes, whatever waits.

    Its resources are what has changed, so that no config says what it had before. A role that is
    gone would be made anew as it is asked for now, and so it waits, too.
    """
    context, there = rendered.snapshot.context, rendered.snapshot.role
    asks = not context.live or context.newer or context.request.dry_run
    if asks or there is None or context.record is None:
        return None
    cut = _provision(rendered, provide, waits=True)
    if all(isinstance(one, PutSchedule | CreateRole) for one in cut.changes):
        return None
    return kept_as_recorded(cut, needs, context.record)


def _provision(rendered: Rendered, provide: Provide, *, waits: bool = False) -> GrantPlan:
    """What makes the role as it was rendered, unless somebody's change is only to be reported.

    Where that `waits` for approval, only as far as the role allows it by now.
    """
    snapshot, role = rendered.snapshot, rendered.role
    context, decision, observed = snapshot.context, provide.decision, snapshot.role
    assert role
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
    if waits and observed:  # by whomever the role was made
        cut = repaired(replace(desired, role_id=None), observed, Written((NOBODYS,)))
        desired = replace(cut, role_id=desired.role_id)
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
    if rendered.digest:
        state = replace(state, granted=rendered.digest)
    plan = around(changes, snapshot, decision, state)
    drift = (*noted(context), *(() if reported else changed))
    return replace(
        plan,
        desired=desired,
        drift=drift,
        ends_sessions=cut_off is not None,
        repairs=not may_widen(context, provide),
        written=written_before(context).parts,
        digest=rendered.digest,
        approved_by=rendered.approved_by,
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
    plan = around(changes, snapshot, decision, state)
    known = written_before(context).parts
    return replace(plan, desired=desired, closes=True, written=known)


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
    plan = around(changes, snapshot, decision, state_after(snapshot, decision, had))
    plan = replace(plan, orphan=is_orphan(context))
    return replace(plan, role=None) if foreign else plan
