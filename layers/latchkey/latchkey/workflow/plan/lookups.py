"""Looking up the guardrails and what configs name; a part of load."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from latchkey.aws.claims import Claim, Claims, external_id_claim, partner_claim, role_name_claim
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.preflight import Preflight
from latchkey.concurrency import concurrently
from latchkey.config.problem import Problem
from latchkey.config.rules import Fields
from latchkey.config.scope_rules import belongs_to_another, scope_of
from latchkey.config.trust_fields import listed_external_ids
from latchkey.errors import LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.lifecycle import expired
from latchkey.grants.resources import Looked
from latchkey.grants.role import RoleNaming
from latchkey.grants.validation import Lookups, Validation, in_use, validated
from latchkey.newer_python import replace
from latchkey.services.resource_info import NamedResource
from latchkey.workflow.plan.context import Leased

_AT_ONCE = timedelta(seconds=2)


class LookupReader(Frozen):
    """Looks up what configs name, concurrently."""

    preflight: Preflight
    naming: RoleNaming
    guardrails: GuardrailsParameter
    claims: Claims

    def ahead(self, leased: Leased) -> Lookups | None:
        """What a file's config names, looked up while the table is read.

        Not for a run that had to wait: it may have nothing left to do.
        """
        reference, now = leased.reference, leased.reference.now
        config = reference.read.config if reference.file and reference.read else None
        if config is None or _waited(leased) or config.status != "active":
            return None
        if config.expires_at and expired(config.expires_at, now):
            return None
        try:
            return self._look_up(config.access, config.principals, self._role(vars(config)))
        except LatchkeyError:
            return None  # it is looked up again where it is needed, and reported there

    def validate(
        self,
        fields: Fields,
        access: Sequence[Any],
        now: datetime,
        *,
        key: str | None,
        claimless: bool,
        ahead: Lookups | None = None,
        record: Sequence[NamedResource] = (),
        tolerant: bool = False,
    ) -> Validation:
        """Hold a config to what its entries name; `ahead` is what was looked up already.

        `record` and `tolerant` are as for `validated`.

        Whether external IDs and the role's name are free is found out by claiming them, and looked
        up only when there are other problems, or when nothing will be claimed (`claimless`).

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say what may be granted.
        """
        named = fields.get("principals") or ()
        if ahead is None or (ahead.access, ahead.principals) != (tuple(access), tuple(named)):
            ahead = self._look_up(access, named, self._role(fields))
        stack = self.preflight.stack
        found = validated(fields, ahead, now, stack, record, key=key, tolerant=tolerant)
        scope = scope_of(key, ahead.rules)
        claims = _claims(fields, stack.environment.account, scope.names if scope else ())
        if not (claimless or found.problems or found.broken):
            return found
        taken = [claims[one] for one in self.claims.taken(claims)]
        return replace(found, problems=(*in_use(taken, fields.get("external_id")), *found.problems))

    def _look_up(self, access: Sequence[Any], principals: Sequence[Any], role: str) -> Lookups:
        """The guardrails and what a config names; None stands for an entry that is not valid."""
        looks = (partial(self._look, entry, index, role) for index, entry in enumerate(access))
        named = partial(self.preflight.identities, principals)
        (rules, digest), unknown, *looked = concurrently(self.guardrails.read, named, *looks)
        return Lookups(tuple(access), tuple(principals), rules, digest, tuple(looked), unknown)

    def _look(self, entry: Any, index: int, role: str) -> Looked | None:
        return self.preflight.look(entry, index, role) if entry else None

    def _role(self, fields: Fields) -> str:
        """The ARN of the role to be; nothing where the config's own fields do not tell it."""
        partner, grant, name = (fields.get(one) for one in ("partner", "grant", "role_name"))
        if not (partner and grant):
            return ""
        environment = self.preflight.stack.environment
        return self.naming.role_arn(GrantId(partner, grant), environment, name)


def _claims(
    fields: Fields, account: str, scope: tuple[str, ...]
) -> dict[Claim, str | Problem | None]:
    """What a config would claim: its external IDs, None for its role's name, and its partner."""
    partner, grant, name = (fields.get(one) for one in ("partner", "grant", "role_name"))
    given = listed_external_ids(fields.get("external_id")) if partner else ()
    claims: dict[Claim, str | Problem | None] = {
        external_id_claim(one, partner or "", scope): one for one in given
    }
    if partner and scope:
        claims[partner_claim(partner, scope)] = belongs_to_another(partner)
    if partner and grant and name:
        claims[role_name_claim(account, name, GrantId(partner, grant))] = None
    return claims


def _waited(leased: Leased) -> bool:
    started = leased.reference.run.start_time
    if not (leased.held and started):
        return False
    return leased.reference.now - datetime.fromisoformat(started) > _AT_ONCE
