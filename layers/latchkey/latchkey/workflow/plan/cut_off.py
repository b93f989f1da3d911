"""Whether the sessions issued so far have to end; a part of diff (docs/decisions/0026)."""

from collections.abc import Iterator

from latchkey.grants.change import AttachRolePolicy, PutRolePolicy
from latchkey.grants.repair import gives_back, lifts_denials
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.grants.role_changes import plan_role
from latchkey.grants.sessions import allows_again, cut_off_at, cut_off_in, far_ahead, narrows
from latchkey.iam.canonical import same_policy
from latchkey.workflow.plan.by_hand import may_widen, written_before
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.decisions import Provide


def cut_off_in_force(context: PlanningContext, observed: ObservedRole | None) -> str | None:
    """Before when sessions must have been issued to be ended already, if any are.

    That is what is on record, or what stands in the role, if that is later: an earlier run wrote
    it, after the trust policy, and did not live to record it, or somebody moved it on.
    """
    recorded = context.record.issued_before if context.record and context.live else None
    found = cut_off_in(observed.permissions_policy) if observed else None
    return max(filter(None, (recorded, found)), default=None)


def new_cut_off(
    context: PlanningContext, provide: Provide, desired: DesiredRole, observed: ObservedRole | None
) -> str | None:
    """Before when sessions must have been issued to end, as planned; None where none have to.

    `desired` has the cut-off in force. A role that is made anew has no sessions: the unique ID of
    the one before does not come back.
    """
    if observed is None or not any(_reasons(context, provide, desired, observed)):
        return None
    return cut_off_at(context.now)


def _reasons(
    context: PlanningContext, provide: Provide, desired: DesiredRole, observed: ObservedRole
) -> Iterator[bool]:
    record, order = context.record, context.order
    yield narrows(observed.trust_policy, desired.trust_policy)
    yield (_begun(context) or "") > (cut_off_in_force(context, observed) or "")
    if not provide.suspended:
        yield record is not None and record.status == "suspended"
        yield allows_again(observed.permissions_policy, desired.permissions_policy)
        yield _found_there(context, desired, observed)
        resumes = order is not None and order.action == "resume"
        yield resumes and bool(plan_role(desired, observed))
        yield lifts_denials(desired, observed)
    own = written_before(context).has_trust(observed.trust_policy) or _wrote(context, observed)
    if may_widen(context, provide):
        yield not own
        yield far_ahead(cut_off_in_force(context, observed), context.now)
        yield not provide.suspended and gives_back(desired, observed, written_before(context))
    made = any(change["action"] == "CreateRole" for change in context.begun)
    yield desired.role_id not in (None, observed.role_id) and not made


def _found_there(context: PlanningContext, desired: DesiredRole, observed: ObservedRole) -> bool:
    """Whether nobody knows that Latchkey made the role: it may have trusted anybody before.

    That is where no run has recorded one, and it lacks more than a run makes last, its permissions.
    """
    record = context.record
    if record is None or record.status != "failed" or record.role_id or record.written:
        return False
    last = PutRolePolicy | AttachRolePolicy
    return not all(isinstance(change, last) for change in plan_role(desired, observed))


def _wrote(context: PlanningContext, observed: ObservedRole) -> bool:
    """Whether an earlier run wrote the trust policy and did not live to record it."""
    return any(
        change["action"] == "UpdateAssumeRolePolicy"
        and same_policy(change["document"], observed.trust_policy)
        for change in context.begun
    )


def _begun(context: PlanningContext) -> str | None:
    """The latest cut-off that an earlier run began to write and did not live to record.

    The trust policy may be as it is to be by now, so that nothing else tells.
    """
    written = (
        cut_off_in(change["document"])
        for change in context.begun
        if change["action"] == "PutRolePolicy" and change["policy"] == POLICY_NAME
    )
    recorded = (context.record.issued_before if context.record else None) or ""
    return max((found for found in written if found and found > recorded), default=None)
