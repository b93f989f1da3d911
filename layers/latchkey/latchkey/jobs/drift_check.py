"""The drift check: compares roles and schedules with the records; runs repair the differences."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from latchkey.aws.grants_by_expiry import LiveGrant, LiveGrants
from latchkey.aws.iam import IamGateway
from latchkey.aws.round_cursor import CheckMemory
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.aws.workflow import Workflow
from latchkey.config.guardrails import Guardrails
from latchkey.config.idle_rules import idle_problems
from latchkey.frozen import Frozen
from latchkey.grants.drift import names_in_force, observed_digest
from latchkey.grants.role import ObservedRole, RoleNaming
from latchkey.iam.cloudtrail import IamCall
from latchkey.jobs.daily_round import DailyRound
from latchkey.jobs.guardrails_watch import GuardrailsWatch
from latchkey.jobs.sweep import PERIOD
from latchkey.keys import grant_run
from latchkey.times import instant

Live: TypeAlias = Mapping[str, LiveGrant]
"""Live grants, by the names of their roles."""
Roles: TypeAlias = Mapping[str, ObservedRole]
"""Roles, by their names."""

_REASONS = {
    "drift": "the drift check found its role changed",
    "missing": "the drift check found its role gone",
    "unscheduled": "the drift check found its expiry schedule gone",
    "orphan": "the drift check found a role of ours that no live grant has",
    "idle": "not used for longer than the guardrail max_idle_days allows",
    "guardrails": "the guardrails changed",
}


class DriftFound(Frozen):
    """The grants whose run was started, by the reason for it, and the roles that nobody owns.

    `changed` have another role than was written, `missing` none, `unscheduled` no expiry schedule;
    `orphaned` roles are ours and of no live grant. `idle` were not used for too long,
    `other_guardrails` were last held to others than today's. `unowned` are names of roles under
    our path that are not ours, and of all that are below it or carry our tags elsewhere: a grant's
    role is at the path itself, so nothing of Latchkey ends them. A live grant's role is among them
    while it lacks our tags. `looked_at` are those whose turn it was in the daily round.
    """

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unscheduled: tuple[str, ...]
    orphaned: tuple[str, ...]
    idle: tuple[str, ...]
    other_guardrails: tuple[str, ...]
    unowned: tuple[str, ...]
    looked_at: tuple[str, ...] = ()


class DriftCheck(Frozen):
    """Starts runs; `limit` bounds how many for each reason at once."""

    grants: LiveGrants
    workflow: Workflow
    iam: IamGateway
    schedules: ScheduleGateway
    guardrails: GuardrailsWatch
    naming: RoleNaming
    memory: CheckMemory
    limit: int

    def check(self, now: datetime) -> DriftFound:
        """Compare all roles and schedules with what was written: calls by the page, none by grant.

        The table is read first: a grant that is in it had its role and its schedule before.
        """
        grants = {grant.id: grant for grant in self.grants.all()}
        usual = {self.naming.role_name(grant) for grant in grants}
        found = [
            role
            for role in self.iam.roles(self.naming.path, self.naming.stack)
            if role.name in usual or not self.naming.of_another_stack(role)
        ]
        roles = {role.name: role for role in found if role.path == self.naming.path}
        digests = {grant: live.role_digest for grant, live in grants.items()}
        names = names_in_force(self.naming, digests, roles.values())
        live = {name: grants[grant] for grant, name in names.items()}
        astray = {role.name for role in found} - roles.keys()
        scheduled = set(self.schedules.names())
        cursor = self.memory.open()
        rules, digest = self.guardrails.read(cursor)
        self._note_use(live, roles)
        return DriftFound(
            changed=self._start("drift", _changed(live, roles), now),
            missing=self._start("missing", _missing(live, roles), now),
            unscheduled=self._start("unscheduled", _unscheduled(live, scheduled, now), now),
            orphaned=self._start("orphan", self._orphaned(live, roles), now),
            idle=self._start("idle", _idle(live, roles, rules, now), now, rules.idle),
            other_guardrails=self._start("guardrails", _other(live, digest), now, once=digest),
            unowned=tuple(sorted({*self._unowned(live, roles), *astray})),
            looked_at=DailyRound(cursor, self.workflow).start(grants.values(), now),
        )

    def heard(self, call: IamCall) -> str | None:
        """Start the check of the grant whose role somebody has just changed; answers the grant."""
        grant = self.naming.grant_named(call.role)
        if grant is None:
            return None
        order = {"action": "check", "by": "drift", "reason": call.description, **grant.document()}
        return str(grant) if self.workflow.start(f"trail-{call.event_id}", order) else None

    def _start(
        self,
        reason: str,
        grants: Iterable[LiveGrant],
        now: datetime,
        what: str = "report",
        once: str | None = None,
    ) -> tuple[str, ...]:
        """Start a run for each grant, once a period, or once a day where that is soon enough.

        `once` is what the run is about: one a day for each, until one has succeeded.
        """
        order = {"action": "check", "by": "drift", "reason": _REASONS[reason]}
        if what == "suspend":
            order = {"action": "suspend", "reason": _REASONS[reason]}
        started = (
            str(grant.id)
            for grant in grants
            if self.workflow.start(
                grant_run(reason, grant.id, _once(reason, grant, now, once)),
                {**order, **grant.id.document()},
            )
        )
        return tuple(islice(started, self.limit))

    def _note_use(self, live: Live, roles: Roles) -> None:
        """Keep each grant's day of last use; reads what was noted where a record knows less."""
        later = {
            grant: used
            for name, grant in live.items()
            if name in roles
            and (used := roles[name].last_used)
            and used[:10] > (grant.last_used or "")[:10]
        }
        noted = self.grants.last_used() if later else {}
        for grant, used in later.items():
            if used[:10] > noted.get(grant.id, "")[:10]:
                self.grants.used(grant.id, used)

    def _orphaned(self, live: Live, roles: Roles) -> Iterator[LiveGrant]:
        for name, role in roles.items():
            grant = self.naming.grant_of(role)
            if grant and name not in live and grant not in {one.id for one in live.values()}:
                yield LiveGrant(grant)

    def _unowned(self, live: Live, roles: Roles) -> Iterator[str]:
        for name, role in roles.items():
            grant = self.naming.grant_of(role)
            usual = grant and name == self.naming.role_name(grant)
            if grant is None or not (usual or (name in live and live[name].id == grant)):
                yield name


def _changed(live: Live, roles: Roles) -> Iterator[LiveGrant]:
    for name, grant in live.items():
        if name in roles and observed_digest(roles[name]) != grant.role_digest:
            yield grant


def _missing(live: Live, roles: Roles) -> Iterator[LiveGrant]:
    return (grant for name, grant in live.items() if name not in roles)


def _unscheduled(live: Live, scheduled: set[str], now: datetime) -> Iterator[LiveGrant]:
    """What is due is left to the schedule that has just fired, and to the sweep."""
    for grant in live.values():
        if str(grant.id) not in scheduled and grant.expires_at > instant(now):
            yield grant


def _idle(live: Live, roles: Roles, rules: Guardrails, now: datetime) -> Iterator[LiveGrant]:
    for name, grant in live.items():
        role = roles.get(name)
        if role and grant.status == "active":
            since = (role.created_at, role.last_used, grant.active_since)
            if idle_problems(since, rules, now):
                yield grant


def _other(live: Live, digest: str) -> Iterator[LiveGrant]:
    return (grant for grant in live.values() if grant.guardrails != digest)


def _once(reason: str, grant: LiveGrant, now: datetime, what: str | None) -> object:
    """What failed, or is only reported, is checked again the next day."""
    if what:
        return f"{what}-{now:%Y%m%d}"
    daily = reason == "idle" or grant.status == "failed"
    return f"{now:%Y%m%d}" if daily else int(now.timestamp()) // PERIOD
