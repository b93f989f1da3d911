"""The roles of one account, held against the live grants there."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Self, TypeAlias

from latchkey.aws.grants_by_expiry import LiveGrant, LiveGrants
from latchkey.config.guardrails import Guardrails
from latchkey.config.idle_rules import idle_problems
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.drift import names_in_force, observed_digest
from latchkey.grants.role import ObservedRole, RoleNaming
from latchkey.times import instant

Live: TypeAlias = Mapping[str, LiveGrant]
"""Live grants, by the names of their roles."""
Roles: TypeAlias = Mapping[str, ObservedRole]
"""Roles, by their names."""
ENDED_BY_NOW = timedelta(hours=2)
"""Longer than two checks are apart: a run was started for an orphan of that age, and kept it."""


class RolesCompared(Frozen):
    """What there is of either; `astray` are names of roles of ours that are at no grant's path.

    Names are unique in an account only: grants and roles of others are not among them.
    """

    naming: RoleNaming
    live: Live
    roles: Roles
    astray: frozenset[str]

    @classmethod
    def of(
        cls, naming: RoleNaming, grants: Iterable[LiveGrant], observed: Iterable[ObservedRole]
    ) -> Self:
        """The live grants of an account, and the roles that were found there after them."""
        by_id = {grant.id: grant for grant in grants}
        usual = {naming.role_name(grant) for grant in by_id}
        found = [
            role for role in observed if role.name in usual or not naming.of_another_stack(role)
        ]
        roles = {role.name: role for role in found if role.path == naming.path}
        digests = {grant: one.role_digest for grant, one in by_id.items()}
        names = names_in_force(naming, digests, roles.values())
        live = {name: by_id[grant] for grant, name in names.items()}
        return cls(naming, live, roles, frozenset({role.name for role in found} - roles.keys()))

    def changed(self) -> Iterator[LiveGrant]:
        """Those whose role is another than was written."""
        for name, grant in self.live.items():
            role = self.roles.get(name)
            if role and observed_digest(role) != grant.role_digest:
                yield grant

    def missing(self) -> Iterator[LiveGrant]:
        """Those that have no role."""
        return (grant for name, grant in self.live.items() if name not in self.roles)

    def orphans(self) -> dict[str, GrantId]:
        """The roles of ours that no live grant here has, by their names, with their grants."""
        known = {one.id for one in self.live.values()}
        named = ((name, self.naming.grant_of(role)) for name, role in self.roles.items())
        return {
            name: grant
            for name, grant in named
            if grant and name not in self.live and grant not in known
        }

    def orphaned(
        self, elsewhere: Collection[GrantId], account: str | None = None
    ) -> Iterator[LiveGrant]:
        """The grants of orphans that a run would end: it goes where a grant lives, if it does.

        `account` is the one that was looked into; None is the stack's own.
        """
        found = (grant for grant in self.orphans().values() if grant not in elsewhere)
        return (LiveGrant(grant, account=account) for grant in found)

    def idle(self, rules: Guardrails, now: datetime) -> Iterator[LiveGrant]:
        """Those that nobody has used for longer than guardrails allow."""
        for name, grant in self.live.items():
            role = self.roles.get(name)
            if role and grant.status == "active":
                since = (role.created_at, role.last_used, grant.active_since)
                if idle_problems(since, rules, now):
                    yield grant

    def other_guardrails(self, digest: str) -> Iterator[LiveGrant]:
        """Those that were last held to guardrails of another digest."""
        return (grant for grant in self.live.values() if grant.guardrails != digest)

    def unowned(self, elsewhere: Collection[GrantId], now: datetime) -> tuple[str, ...]:
        """The names of roles that nothing of Latchkey ends (`DriftFound.unowned`).

        Among them are those of grants that live `elsewhere`, in another account, and orphans that
        are still there: a run goes by the grant's record, which may name another account or none.
        """
        before = instant(now - ENDED_BY_NOW)
        left = (
            name
            for name, grant in self.orphans().items()
            if grant in elsewhere or (self.roles[name].created_at or "") < before
        )
        return tuple(sorted({*self._unowned(), *self.astray, *left}))

    def note_use(self, grants: LiveGrants, *, alone: bool = False) -> None:
        """Keep each grant's day of last use; reads what was noted where a record knows less.

        Notes are read of all grants there are, or of these `alone`, where others have many more.
        """
        later = {
            grant: used
            for name, grant in self.live.items()
            if name in self.roles
            and (used := self.roles[name].last_used)
            and used[:10] > (grant.last_used or "")[:10]
        }
        if not later:
            return
        its = [grant.id for grant in later]
        noted = grants.last_used_of(its) if alone else grants.last_used()
        for grant, used in later.items():
            if used[:10] > noted.get(grant.id, "")[:10]:
                grants.used(grant.id, used)

    def _unowned(self) -> Iterator[str]:
        for name, role in self.roles.items():
            grant = self.naming.grant_of(role)
            usual = grant and name == self.naming.role_name(grant)
            its = name in self.live and self.live[name].id == grant
            if grant is None or not (usual or its):
                yield name
