"""The drift check: whatever is not as it was left is looked at again, by the run that mends it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice

from latchkey.aws.grant_table import GrantTable, LiveGrant
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.iam import IamGateway
from latchkey.aws.workflow import Workflow
from latchkey.domain.drift import observed_digest
from latchkey.domain.grant import GrantId
from latchkey.domain.guardrails import Guardrails, idle_problems
from latchkey.domain.role import ObservedRole, RoleNaming

PERIOD = 300
"""Seconds; checks within one period use the same run names, so that no grant is run twice."""


@dataclass(frozen=True)
class Drifted:
    """The grants whose run was started, by the reason for it, and the roles that nobody owns.

    `changed` have another role than was written, `missing` none; `orphaned` roles are ours and of
    no live grant. `idle` were not used for too long, `other_guardrails` were last held to others
    than today's. `unowned` are names of roles under our path that are not ours.
    """

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    orphaned: tuple[str, ...]
    idle: tuple[str, ...]
    other_guardrails: tuple[str, ...]
    unowned: tuple[str, ...]

    def document(self) -> dict[str, list[str]]:
        """The same as JSON data."""
        return {name: list(grants) for name, grants in asdict(self).items()}


@dataclass(frozen=True)
class DriftCheck:
    """Starts runs; `limit` bounds how many for each reason at once."""

    table: GrantTable
    workflow: Workflow
    iam: IamGateway
    guardrails: GuardrailsParameter
    naming: RoleNaming
    limit: int

    def check(self, now: datetime) -> Drifted:
        """Compare all roles with what was written of them: calls by the page, none by the role."""
        live = {self.naming.role_name(grant.id): grant for grant in self.table.live()}
        roles = {role.name: role for role in self.iam.roles(self.naming.path)}
        rules, version = self.guardrails.read()
        self._note_use(live, roles)
        period = int(now.timestamp()) // PERIOD
        idle = [
            grant.id for name, grant in live.items() if _idle(grant, roles.get(name), rules, now)
        ]
        return Drifted(
            changed=self._start("drift", _changed(live, roles), period),
            missing=self._start("missing", _missing(live, roles), period),
            orphaned=self._start("orphan", self._orphaned(live, roles), period),
            idle=self._start(
                "idle", idle, period, "suspend" if rules.idle == "suspend" else "check"
            ),
            other_guardrails=self._start(
                "guardrails", (g.id for g in live.values() if g.guardrails != version), version
            ),
            unowned=tuple(sorted(self._unowned(live, roles))),
        )

    def _start(
        self, reason: str, grants: Iterable[GrantId], once: object, action: str = "check"
    ) -> tuple[str, ...]:
        """Start a run for each grant, at most one of the name that reason and `once` make."""
        order = {"action": action, "reason": _REASONS[reason]}
        started = (
            str(grant)
            for grant in grants
            if self.workflow.start(f"{reason}-{grant}-{once}", {**order, **asdict(grant)})
        )
        return tuple(islice(started, self.limit))

    def _note_use(self, live: Mapping[str, LiveGrant], roles: Mapping[str, ObservedRole]) -> None:
        """Keep the day of last use in the grant's state."""
        for name, grant in live.items():
            used = roles[name].last_used if name in roles else None
            if used and used[:10] > (grant.last_used or "")[:10]:
                self.table.used(grant.id, used)

    def _orphaned(
        self, live: Mapping[str, LiveGrant], roles: Mapping[str, ObservedRole]
    ) -> Iterator[GrantId]:
        for name, role in roles.items():
            grant = self.naming.grant_of(role)
            if grant and name not in live and name == self.naming.role_name(grant):
                yield grant

    def _unowned(
        self, live: Mapping[str, LiveGrant], roles: Mapping[str, ObservedRole]
    ) -> Iterator[str]:
        for name, role in roles.items():
            grant = self.naming.grant_of(role)
            if name not in live and (grant is None or name != self.naming.role_name(grant)):
                yield name


_REASONS = {
    "drift": "the drift check found its role changed",
    "missing": "the drift check found its role gone",
    "orphan": "the drift check found a role of ours that no live grant has",
    "idle": "not used for longer than the guardrail max_idle_days allows",
    "guardrails": "the guardrails changed",
}


def _changed(live: Mapping[str, LiveGrant], roles: Mapping[str, ObservedRole]) -> Iterator[GrantId]:
    for name, grant in live.items():
        if name in roles and observed_digest(roles[name]) != grant.role_digest:
            yield grant.id


def _missing(live: Mapping[str, LiveGrant], roles: Mapping[str, ObservedRole]) -> Iterator[GrantId]:
    return (grant.id for name, grant in live.items() if name not in roles)


def _idle(grant: LiveGrant, role: ObservedRole | None, rules: Guardrails, now: datetime) -> bool:
    if role is None or grant.status != "active":
        return False
    since = (role.created_at, role.last_used, grant.active_since)
    return bool(idle_problems(since, rules, now))
