"""Carrying out a plan in one account, and reading back what came of it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from latchkey.aws.iam import IamGateway
from latchkey.aws.leases import Leases
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.errors import PlanStale, VerificationFailed
from latchkey.frozen import Frozen
from latchkey.grants.change import (
    AttachRolePolicy,
    Change,
    CreateRole,
    DeleteSchedule,
    PutRolePolicy,
    PutSchedule,
    RoleChange,
    change_document,
    together,
)
from latchkey.grants.drift import SUSPENDED, written_parts
from latchkey.grants.plan import GrantPlan, dated
from latchkey.grants.policy_validation import Check
from latchkey.grants.repair import Written, repaired
from latchkey.grants.role import ObservedRole, closed_as_found
from latchkey.grants.role_changes import plan_removal, plan_role
from latchkey.grants.sessions import cut_off_at, cut_off_in, narrows
from latchkey.iam.permit import denies_all
from latchkey.newer_python import replace
from latchkey.times import instant
from latchkey.workflow.authorisation_lag import despite_lag
from latchkey.workflow.validate_policies import PolicyValidator

ATTEMPTS = 4
_READ_BACK = "role read back from IAM"


class Executor(Frozen):
    """Applies changes under the grant's lease; `pause` waits before attempt n (1, 2, …)."""

    iam: IamGateway
    schedules: ScheduleGateway
    leases: Leases
    prover: PolicyValidator
    pause: Callable[[int], None]

    def apply(self, plan: GrantPlan, run: str, clock: Callable[[], datetime]) -> dict[str, Any]:
        """Carry out a plan's changes; where IAM is not as planned for, look and plan anew.

        Answers `{"changes": […], "verified": {…}, "checks": […]}`: what was done, also by an
        attempt before this one that nobody recorded, what was read back and when, and what was
        checked and how it came out; `"issued_before"` where it ended the sessions issued before.

        Raises
        ------
        LeaseLost
            When another run has the grant's lease by now; nothing was changed then.
        PolicyRefused
            When AWS finds a policy faulty or risky; nothing was changed then.
        PlanStale, VerificationFailed
            When the role still is not as it should be after several attempts.
        RoleNotOwned
            When the role that is there is not ours.
        """
        assert plan.grant  # the workflow applies plans of a grant only
        now = clock()
        unrecorded = self.leases.begin(plan.grant, run, now, plan)
        checks = self.prover.before(plan)
        done: list[Change] = []
        rest: Iterable[Change] = plan.changes
        for attempt in range(1, ATTEMPTS + 1):
            try:
                plan = self._carry_out(plan, rest, done, clock)
                read = self._verify(plan)
                verified = {**read, "read_at": instant(clock())} if read else {}
                break
            except (PlanStale, VerificationFailed):
                if attempt == ATTEMPTS:
                    raise
                self.pause(attempt)
                plan, again = self._again(plan, run, clock, unrecorded, done)
                rest = [*self._rest(plan, done), *again]
        checks += [Check(_READ_BACK, "passed"), *self.prover.after(plan, now)]
        applied: dict[str, Any] = {
            "changes": together(unrecorded, [*map(change_document, done)]),
            "verified": verified,
            "checks": [check.document() for check in checks],
        }
        if plan.ends_sessions and plan.state:
            applied["issued_before"] = plan.state.issued_before
        return applied

    def _carry_out(
        self,
        plan: GrantPlan,
        changes: Iterable[Change],
        done: list[Change],
        clock: Callable[[], datetime],
    ) -> GrantPlan:
        """Make the changes, each noted in `done`; answers the plan with its cut-off as written.

        The cut-off counts from when it is written, which is after the trust policy was; another
        attempt writes a later one.
        """
        for change in changes:
            made: Change = change
            if isinstance(change, PutRolePolicy) and _has_cut_off(plan, change):
                plan = dated(plan, cut_off_at(clock()))
                assert plan.desired
                made = PutRolePolicy(change.role, change.policy, plan.desired.permissions_policy)
            despite_lag(self._apply, made, done, self.pause)
            done.append(made)
        suspended = plan.desired and denies_all(plan.desired.permissions_policy)
        if plan.ends_sessions and suspended:  # then it stands on record only
            plan = dated(plan, cut_off_at(clock()))
        return plan

    def _apply(self, change: Change) -> None:
        if isinstance(change, PutSchedule | DeleteSchedule):
            self.schedules.apply(change)
        else:
            self.iam.apply(change)

    def _again(
        self,
        plan: GrantPlan,
        run: str,
        clock: Callable[[], datetime],
        unrecorded: list[dict[str, Any]],
        done: list[Change],
    ) -> tuple[GrantPlan, tuple[RoleChange, ...]]:
        """The role's changes from how it is now, and the plan.

        A role that was not expected may trust others, or have trusted them before, unless this run
        made it: the plan then ends its sessions, too, and the intent log has to tell so.
        """
        observed = self.iam.observe(plan.role or "", whole=plan.desired is None)
        if plan.desired is None:
            return plan, plan_removal(observed, plan.stack, str(plan.grant), _role_id(plan))
        plan = _repairing(plan, observed)
        assert plan.desired
        wanted = plan.desired.trust_policy
        changes = plan_role(plan.desired, observed)
        expected = not any(isinstance(change, CreateRole) for change in plan.changes)
        ended = observed and cut_off_in(observed.permissions_policy)  # by an attempt before
        known = expected or (not ended and _made(changes, unrecorded, done))
        inherits = observed and (not known or narrows(observed.trust_policy, wanted))
        if plan.ends_sessions or not inherits:
            return plan, changes
        now = clock()
        plan = dated(plan, cut_off_at(now))
        assert plan.desired
        assert plan.grant
        changes = plan_role(plan.desired, observed)
        self.leases.begin(plan.grant, run, now, replace(plan, changes=changes))
        return plan, changes

    def _rest(self, plan: GrantPlan, done: list[Change]) -> tuple[Change, ...]:
        schedules = (c for c in plan.changes if isinstance(c, PutSchedule | DeleteSchedule))
        return tuple(change for change in schedules if change not in done)

    def _verify(self, plan: GrantPlan) -> dict[str, Any]:
        """Read the role back; IAM may take a while to show what was written.

        Where the plan is of no role, since another's has its name, there is nothing to read.
        """
        if plan.role is None:
            return {}
        for attempt in range(1, ATTEMPTS + 1):
            if plan.desired is None:
                if not self.iam.exists(plan.role or ""):
                    return {"role": "absent"}
            else:
                observed = self.iam.reread(
                    plan.desired.name, attached=bool(plan.desired.managed_access)
                )
                if observed and not plan_role(plan.desired, observed):
                    return {"role": "as planned", "role_id": observed.role_id}
            if attempt < ATTEMPTS:
                self.pause(attempt)
        raise VerificationFailed(f"{plan.role} is not as it was written, {ATTEMPTS} reads long")


def _made(
    left: Iterable[Change], unrecorded: Iterable[dict[str, Any]], done: Iterable[Change]
) -> bool:
    """Whether this run made the role to which the changes that are `left` lead.

    An attempt that died may have begun to make a role that was there already. What it makes is all
    that the role is to be but its permissions policy.
    """
    if any(isinstance(change, CreateRole) for change in done):
        return True
    began = any(change["action"] == "CreateRole" for change in unrecorded)
    return began and all(isinstance(one, PutRolePolicy | AttachRolePolicy) for one in left)


def _role_id(plan: GrantPlan) -> str | None:
    return plan.state.role_id if plan.state else None


def _repairing(plan: GrantPlan, observed: ObservedRole | None) -> GrantPlan:
    """The plan for a role as it is by now, from which somebody may have taken more."""
    if plan.desired is None or observed is None or not (plan.repairs or plan.closes):
        return plan
    if plan.closes:
        closed = closed_as_found(plan.desired, observed)
        return replace(plan, desired=repaired(closed, observed, Written()))
    own = (*plan.written, SUSPENDED, *written_parts(plan.desired)) if plan.written else ()
    return replace(plan, desired=repaired(plan.desired, observed, Written(own)))


def _has_cut_off(plan: GrantPlan, change: PutRolePolicy) -> bool:
    """Whether a change writes the plan's new cut-off."""
    if not (plan.ends_sessions and plan.desired and cut_off_in(change.document)):
        return False
    return change.document == plan.desired.permissions_policy
