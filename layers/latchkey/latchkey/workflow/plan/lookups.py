"""Looking up the guardrails and what configs name, in the account of the grant; a part of load."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from latchkey.aws.claims import Claims
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.iam import IamGateway
from latchkey.aws.preflight import Preflight
from latchkey.concurrency import concurrently
from latchkey.config.problem import Problem
from latchkey.config.rules import Fields, StackContext
from latchkey.config.scope_rules import account_in_scope, scope_of
from latchkey.errors import LatchkeyError, SpokeNotEnrolled
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.lifecycle import expired
from latchkey.grants.resources import Looked
from latchkey.grants.role import RoleNaming
from latchkey.grants.validation import Lookups, Validation, validated
from latchkey.iam.environment import AwsEnvironment
from latchkey.keys import config_place
from latchkey.newer_python import replace
from latchkey.services.resource_info import NamedResource
from latchkey.workflow.plan.asked_claims import of_others
from latchkey.workflow.plan.context import GrantReference, Leased

_AT_ONCE = timedelta(seconds=2)


class Place(Frozen):
    """Where a grant's role is, or will be, by its name; and which run looks there, and when."""

    environment: AwsEnvironment
    role: str
    run: str
    now: datetime


class AccountReader(Frozen):
    """What reads one account; `guardrails` are those of the account itself."""

    iam: IamGateway
    preflight: Preflight
    guardrails: GuardrailsParameter


Readers = Callable[[Place], AccountReader]
"""Gives what reads the account of a place, or raises: never what reads another."""


class LookupReader(Frozen):
    """Looks up what configs name, concurrently; `guardrails` are those of the stack.

    An account that they do not list, or not for the scope of a config, is not looked into: else
    whoever writes a config could have Latchkey call anybody's.
    """

    readers: Readers
    stack: StackContext
    naming: RoleNaming
    guardrails: GuardrailsParameter
    claims: Claims

    def place(self, fields: Fields, reference: GrantReference) -> Place:
        """Where a config would have its role; one that is for no grant has none there."""
        partner, grant, name = (fields.get(one) for one in ("partner", "grant", "role_name"))
        named = self.naming.role_name(GrantId(partner, grant), name) if partner and grant else None
        return Place(
            self.stack.environment.of_account(fields.get("account")),
            named or self.naming.prefix,
            reference.run.name,
            reference.now,
        )

    def lists(self, account: str) -> bool:
        """Whether the stack's guardrails list an account.

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say.
        """
        rules, _ = self.guardrails.read()
        return account in rules.allowed_accounts

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
            key = config_place(reference.source.key, reference.grant)
            at = self.place(vars(config), reference)
            return self._look_up(vars(config), config.access, at, key=key)
        except LatchkeyError:
            return None  # it is looked up again where it is needed, and reported there

    def validate(
        self,
        fields: Fields,
        access: Sequence[Any],
        at: Place,
        *,
        key: str | None,
        claimless: bool,
        ahead: Lookups | None = None,
        record: Sequence[NamedResource] = (),
        tolerant: bool = False,
    ) -> Validation:
        """Hold a config to what its entries name there; `ahead` is what was looked up already.

        `record` and `tolerant` are as for `validated`.

        Whether external IDs and the role's name are free is found out by claiming them, and looked
        up only when there are other problems, or when nothing will be claimed (`claimless`).

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say what may be granted.
        SpokeUnreachable, SpokeMismatch
            When there is no session for another account; that it is not enrolled is a problem.
        """
        asked = (tuple(access), tuple(fields.get("principals") or ()), at.environment.account)
        if ahead is None or (ahead.access, ahead.principals, ahead.account) != asked:
            ahead = self._look_up(fields, access, at, key=key, tolerant=tolerant)
        stack = replace(self.stack, environment=at.environment)
        found = validated(fields, ahead, at.now, stack, record, key=key, tolerant=tolerant)
        if not (claimless or found.problems or found.broken):
            return found
        scope = scope_of(key, ahead.rules)
        others = of_others(self.claims, fields, stack.environment.account, scope)
        return replace(found, problems=(*others, *found.problems))

    def _look_up(
        self,
        fields: Fields,
        access: Sequence[Any],
        at: Place,
        *,
        key: str | None,
        tolerant: bool = False,
    ) -> Lookups:
        """The guardrails and what a config names; None stands for an entry that is not valid.

        A live grant that is only looked at again (`tolerant`) is looked for wherever it is.
        """
        principals, account = tuple(fields.get("principals") or ()), at.environment.account
        if not at.environment.home:
            (rules, digest), unknown, *looked = self._read(self.readers(at), fields, access, at)
            seen = (tuple(access), principals, rules, digest, tuple(looked), unknown)
            return Lookups(*seen, account=account)
        rules, digest = self.guardrails.read()
        nothing = (None,) * len(access)
        hub = Lookups(tuple(access), principals, rules, digest, nothing, account=account)
        listed = account in rules.allowed_accounts and account_in_scope(key, rules, account)
        if not listed and not tolerant:
            return hub
        try:
            reader = self.readers(at)
        except SpokeNotEnrolled as error:
            return replace(hub, unreached=Problem("/account", str(error)))
        (its, own_digest), unknown, *looked = self._read(reader, fields, access, at)
        digests = f"{digest}/{own_digest}"
        found = replace(hub, guardrails=digests, looked=tuple(looked), unknown=unknown)
        return replace(found, spoke_rules=its)

    def _read(
        self, reader: AccountReader, fields: Fields, access: Sequence[Any], at: Place
    ) -> list[Any]:
        """The account's guardrails, what is wrong with principals, and each entry's resources."""
        role, preflight = self._role(fields, at.environment), reader.preflight
        looks = (
            partial(preflight.look, entry, index, role) if entry else _none
            for index, entry in enumerate(access)
        )
        named = partial(preflight.identities, fields.get("principals") or ())
        return concurrently(reader.guardrails.read, named, *looks)

    def _role(self, fields: Fields, environment: AwsEnvironment) -> str:
        """The ARN of the role to be; nothing where the config's own fields do not tell it."""
        partner, grant, name = (fields.get(one) for one in ("partner", "grant", "role_name"))
        if not (partner and grant):
            return ""
        return self.naming.role_arn(GrantId(partner, grant), environment, name)


def _none() -> Looked | None:
    """What there is to know of an entry that is not valid."""
    return None


def _waited(leased: Leased) -> bool:
    started = leased.reference.run.start_time
    if not (leased.held and started):
        return False
    return leased.reference.now - datetime.fromisoformat(started) > _AT_ONCE
