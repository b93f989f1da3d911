"""From a decision about a grant to the changes of its role and schedule."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.aws.iam import IamGateway
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.domain.change import Change, CreateRole, DeleteSchedule
from latchkey.domain.grant import GrantId, GrantRecord, instant
from latchkey.domain.grant_plan import GrantPlan, Step, stamp
from latchkey.domain.lifecycle import Decision, outcome_of
from latchkey.domain.plan import plan_removal, plan_role, plan_schedule
from latchkey.domain.request import Request
from latchkey.domain.role import DesiredRole
from latchkey.use_cases.find_config import FoundConfig
from latchkey.use_cases.render_role import RoleRenderer


@dataclass(frozen=True)
class Case:
    """All that a run found out about a grant before it decides."""

    request: Request
    found: FoundConfig
    grant: GrantId
    record: GrantRecord | None
    earlier: tuple[GrantId, ...]
    now: datetime

    @property
    def live(self) -> bool:
        """Whether the grant may have a role, by its record."""
        return self.record is not None and self.record.live


@dataclass(frozen=True)
class RolePlanner:
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
        suspended = decision.target == "suspended"
        rendered = self.renderer.render(config, suspended=suspended, dry_run=case.request.dry_run)
        expires_at = instant(config.expires_at)
        changes = self._grant_changes(case, rendered.role, expires_at)
        state = self._state(case, decision, rendered.external_id, expires_at)
        return self._plan(case, decision, changes, state, rendered.role)

    def _grant_changes(
        self, case: Case, desired: DesiredRole, expires_at: str
    ) -> tuple[Change, ...]:
        """The schedule comes first, so that no role is ever without one.

        Where there is no record of a role, none is looked for: creating it tells. A dry run looks.
        """
        look = case.live or case.request.dry_run
        observed = self.iam.observe(desired.name) if look else None
        scheduled = self.schedules.observe(str(case.grant)) if look else None
        return (
            *plan_schedule(str(case.grant), expires_at, scheduled),
            *plan_role(desired, observed),
        )

    def _removal(self, case: Case, decision: Decision) -> GrantPlan:
        naming = self.renderer.naming
        name = naming.role_name(case.grant)
        observed = self.iam.observe(name, removing=True)
        if observed and not case.live and not observed.owned_by(naming.stack, str(case.grant)):
            observed = None  # somebody else's role, which kept ours from being made
        changes: tuple[Change, ...] = plan_removal(observed, naming.stack, str(case.grant))
        if changes or case.live:
            changes = (*changes, DeleteSchedule(str(case.grant)))
        config = case.found.read.config if case.found.read else None
        expires_at = instant(config.expires_at) if config else None
        before = case.record
        external_id = before.external_id if before else config.external_id if config else None
        state = self._state(case, decision, external_id, expires_at)
        return self._plan(case, decision, changes, state, None)

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
            starts_at=starts_at if config else before.starts_at if before else None,
            expires_at=expires_at if config else before.expires_at if before else None,
            config_bucket=found.source.bucket or (before.config_bucket if before else None),
            config_key=found.source.key or (before.config_key if before else None),
            config_version=found.source.version or (before.config_version if before else None),
            updated_at=instant(case.now),
            config=found.text if config else before.config if before else None,
            instruction=decision.instruction,
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
        outcome = outcome_of(decision, case.record, changed=bool(changes), creates=creates)
        naming = self.renderer.naming
        return GrantPlan(
            step=_step(case, decision, changes, state),
            outcome=outcome,
            planned_at=stamp(case.now),
            reason=decision.reason,
            source=case.found.source,
            grant=case.grant,
            changes=changes,
            desired=desired,
            role=naming.role_name(case.grant),
            stack=naming.stack,
            state=state,
            released=_released(decision, state, case.record),
            follow_up=case.earlier,
            dry_run=case.request.dry_run,
        )


def _step(case: Case, decision: Decision, changes: tuple[Change, ...], state: GrantRecord) -> Step:
    before = case.record
    if changes:
        return "revoke" if decision.target == "absent" else "grant"
    if case.earlier:
        return "record"
    same = before is not None and (
        before.status,
        before.config_version,
        before.instruction,
    ) == (state.status, state.config_version, state.instruction)
    return "done" if same else "record"


def _released(decision: Decision, state: GrantRecord, before: GrantRecord | None) -> str | None:
    """The external ID that the grant had and no longer uses."""
    if before is None or not before.live:
        return None
    if decision.target != "absent" and before.external_id == state.external_id:
        return None
    return before.external_id
