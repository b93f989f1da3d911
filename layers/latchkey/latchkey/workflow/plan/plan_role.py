"""From a decision about a grant to the changes of its role and schedule."""

from copy import replace

from latchkey.aws.iam import IamGateway
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.config.guardrails import Guardrails, idle_problems
from latchkey.config.problem import Problem
from latchkey.frozen import Frozen
from latchkey.grants.change import Change, CreateRole, DeleteSchedule
from latchkey.grants.drift import desired_digest, drift
from latchkey.grants.grant_plan import GrantPlan, Step
from latchkey.grants.lifecycle import Decision, outcome_of
from latchkey.grants.plan import plan_removal, plan_role, plan_schedule
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import DesiredRole, ObservedRole
from latchkey.grants.role_view import view
from latchkey.times import instant, stamp
from latchkey.workflow.plan.case import Case
from latchkey.workflow.plan.gone_principals import CLOSED, gone_problems, without_the_gone
from latchkey.workflow.plan.render_role import Asked, RoleRenderer
from latchkey.workflow.request import ActionRequest


class RolePlanner(Frozen):
    """Plans the changes that make a decision true."""

    renderer: RoleRenderer
    iam: IamGateway
    schedules: ScheduleGateway

    def plan(self, case: Case, decision: Decision) -> GrantPlan:
        """The plan for a decision.

        Raises
        ------
        ConfigRejected
            When what the config names cannot be granted.
        RoleNotOwned
            When the role that was found is not ours.
        """
        if decision.target == "absent":
            return self._removal(case, decision)
        return self._grant(case, decision)

    def _grant(self, case: Case, decision: Decision) -> GrantPlan:
        config = case.found.read.config if case.found.read else None
        assert config  # only valid configs grant
        rendered = self.renderer.render(config, _asked(case, decision))
        expires_at = instant(config.expires_at)
        observed, scheduled = self._observe(case, rendered.role.name)
        gone = gone_problems(case, observed)
        desired = meant = rendered.role
        if observed and gone:
            desired, meant = without_the_gone(desired, observed)
            gone = gone if desired is meant else (*gone, CLOSED)
        state = _described(self._state(case, decision, rendered.external_id, expires_at), observed)
        changed = _drift(case, meant, observed)
        left = changed if rendered.rules.drift == "report" and case.checked else ()
        idle = _idle_problems(case, decision, observed, rendered.rules)
        changes: tuple[Change, ...] = () if left else plan_role(desired, observed)
        changes = (  # the schedule first, so that no role is ever without one
            *plan_schedule(str(case.grant), expires_at, scheduled),
            *changes,
        )
        state = replace(
            state,
            findings=(*rendered.broken, *gone, *idle, *map(_left, left)),
            guardrails=rendered.guardrails,
            role_digest=desired_digest(desired),
        )
        plan = self._plan(case, decision, changes, state, desired)
        return replace(plan, before=view(observed), drift=() if left else changed)

    def _observe(self, case: Case, role: str) -> tuple[ObservedRole | None, str | None]:
        """The role and the time of its schedule.

        Where there is no record of a role, none is looked for: creating it tells. A dry run looks.
        """
        if not (case.live or case.request.dry_run):
            return None, None
        return self.iam.observe(role), self.schedules.observe(str(case.grant))

    def _removal(self, case: Case, decision: Decision) -> GrantPlan:
        naming = self.renderer.naming
        name = naming.role_name(case.grant)
        observed = self.iam.observe(name, whole=True)
        if observed and not case.live and not observed.owned_by(naming.stack, str(case.grant)):
            observed = None  # somebody else's role, which kept ours from being made
        changes: tuple[Change, ...] = plan_removal(observed, naming.stack, str(case.grant))
        if changes or case.live:
            changes = (*changes, DeleteSchedule(str(case.grant)))
        config = case.found.read.config if case.found.read else None
        expires_at = instant(config.expires_at) if config else None
        before = case.record
        external_id = before.external_id if before else config.external_id if config else None
        state = _described(self._state(case, decision, external_id, expires_at), observed)
        return replace(self._plan(case, decision, changes, state, None), before=view(observed))

    def _state(
        self, case: Case, decision: Decision, external_id: str | None, expires_at: str | None
    ) -> GrantRecord:
        before, found = case.record, case.found
        config = found.read.config if found.read and found.read.grant == case.grant else None
        starts_at = instant(config.starts_at) if config and config.starts_at else None
        naming, place = self.renderer.naming, self.renderer.house.place
        return GrantRecord(
            partner=case.grant.partner,
            grant=case.grant.grant,
            status=decision.status,
            reason=decision.reason,
            role_arn=naming.role_arn(case.grant, place),
            external_id=external_id,
            external_ids=(external_id,) if external_id and decision.target != "absent" else (),
            starts_at=starts_at if config else before.starts_at if before else None,
            expires_at=expires_at if config else before.expires_at if before else None,
            config_bucket=found.source.bucket or (before.config_bucket if before else None),
            config_key=found.source.key or (before.config_key if before else None),
            config_version=found.source.version or (before.config_version if before else None),
            updated_at=instant(case.now),
            config=found.text if config else before.config if before else None,
            instruction=decision.instruction,
            last_used=before.last_used if before else None,
            active_since=_active_since(case, decision),
        )

    def _plan(
        self,
        case: Case,
        decision: Decision,
        changes: tuple[Change, ...],
        state: GrantRecord,
        desired: DesiredRole | None,
    ) -> GrantPlan:
        creates = any(isinstance(change, CreateRole) for change in changes)
        changed = bool(changes or case.begun)
        outcome = outcome_of(decision, case.record, changed=changed, creates=creates)
        naming = self.renderer.naming
        return GrantPlan(
            step=_step(case, decision, changes, state),
            outcome=outcome,
            planned_at=stamp(case.now),
            reason=decision.reason,
            source=case.found.source,
            grant=case.grant,
            changes=changes,
            problems=state.findings,
            desired=desired,
            role=naming.role_name(case.grant),
            stack=naming.stack,
            state=state,
            released=_released(state, case.record),
            follow_up=case.earlier,
            begun=case.begun,
            dry_run=case.request.dry_run,
        )


def _asked(case: Case, decision: Decision) -> Asked:
    """Who only looks again at a live grant, or suspends it, is told of broken guardrails."""
    request = case.request
    suspends = isinstance(request, ActionRequest) and request.action == "suspend"
    reported = case.live and (case.checked or suspends)
    suspended = decision.target == "suspended"
    return Asked(case.now, suspended, request.dry_run, reported, case.looked)


def _described(state: GrantRecord, observed: ObservedRole | None) -> GrantRecord:
    """The state with what the role itself tells: when it was last used."""
    if observed is None:
        return state
    used = max(filter(None, (state.last_used, observed.last_used)), default=None)
    return replace(state, last_used=used)


def _drift(case: Case, desired: DesiredRole, observed: ObservedRole | None) -> tuple[str, ...]:
    """What had been changed past Latchkey since the role was written as it is desired now."""
    known = case.record.role_digest if case.live and case.record else None
    return drift(desired, observed) if known == desired_digest(desired) else ()


def _left(sentence: str) -> Problem:
    return Problem("", f"guardrail drift: only reported: {sentence}")


def _idle_problems(
    case: Case, decision: Decision, observed: ObservedRole | None, rules: Guardrails
) -> tuple[Problem, ...]:
    if observed is None or decision.status != "active":
        return ()
    since = (observed.created_at, observed.last_used, _active_since(case, decision))
    return idle_problems(since, rules, case.now)


def _active_since(case: Case, decision: Decision) -> str | None:
    if decision.status != "active":
        return None
    before = case.record
    unbroken = before is not None and before.status == "active"
    return (before.active_since if before and unbroken else None) or instant(case.now)


def _step(case: Case, decision: Decision, changes: tuple[Change, ...], state: GrantRecord) -> Step:
    before = case.record
    if changes:
        return "revoke" if decision.target == "absent" else "grant"
    if case.earlier or case.begun:
        return "record"
    same = before is not None and (
        before.status,
        before.config_version,
        before.instruction,
        before.findings,
        before.guardrails,
        before.role_digest,
    ) == (
        state.status,
        state.config_version,
        state.instruction,
        state.findings,
        state.guardrails,
        state.role_digest,
    )
    return "done" if same else "record"


def _released(state: GrantRecord, before: GrantRecord | None) -> tuple[str, ...]:
    """The external IDs that the grant had and no longer uses."""
    had = before.external_ids if before and before.live else ()
    return tuple(sorted({*had} - {*state.external_ids}))
