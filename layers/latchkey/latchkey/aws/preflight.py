"""Looks up what an entry names, and says what is wrong with it and what may have been meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

from latchkey.aws.error_codes import translated
from latchkey.aws.kms import customer_key
from latchkey.aws.oidc_providers import OidcProviders
from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.config.rules import StackContext, resource_problems
from latchkey.config.web_identity import WebIdentity
from latchkey.errors import LatchkeyError, PermissionDenied
from latchkey.grants.resources import Look, Looked, held
from latchkey.iam.arn import arn_parts
from latchkey.iam.denial import denied_action, own_denial
from latchkey.iam.key_policy import KeyUse
from latchkey.services.entry import Entry
from latchkey.services.lookup import Clients, Found, Lookup, NotGrantable
from latchkey.services.registry import lookup, spec
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo

MOST_NAMES = 2_000
"""Names that are looked through for the nearest one."""


class _Gone(NotGrantable):
    """There is no such resource."""


class Preflight:
    """Finds the full ARNs and the customer-managed keys of what configs name.

    `client` gives the client of a service by boto3's name for it; `stack` is whose configs they
    are.
    """

    def __init__(self, client: Clients, stack: StackContext) -> None:
        self._client = client
        self.stack = stack

    def resources(self, entry: Entry, index: int) -> tuple[ResourceInfo, ...]:
        """What there is to know of the resources of the entry `access[index]`, in their order.

        Raises
        ------
        ConfigRejected
            With a problem for each resource that is not there, or not to be granted from here.
        """
        before, environment = [None] * index, self.stack.environment
        looked = [*before, self.look(entry, index)]
        found = held([*before, entry], looked, (), environment, tolerant=False)
        *_, infos = found.resources
        if infos is None:
            raise ConfigRejected(found.problems)
        return infos

    def look(self, entry: Entry, index: int, role: str = "") -> Looked:
        """What looking up each resource of the entry `access[index]` came to, in their order.

        `role` is the ARN of the role to be, which policies of keys may name.
        """
        problems = tuple(resource_problems({"access": [*[None] * index, entry]}, self.stack))
        elsewhere = {problem.path for problem in problems}  # lookups go by name, and only here
        paths = ((one, pointer(["access", index, *one.path])) for one in entry.named())
        looks = (
            Look() if path in elsewhere else self._look(entry, one, role) for one, path in paths
        )
        return Looked(tuple(looks), problems)

    def _look(self, entry: Entry, named: Named, role: str) -> Look:
        try:
            return Look(self._info(entry, named, role))
        except _Gone as reason:
            return Look(problem=str(reason), gone=True)
        except NotGrantable as reason:
            return Look(problem=str(reason))

    def identities(self, principals: Iterable[Any]) -> tuple[Problem, ...]:
        """What is wrong with the web identities among a config's principals."""
        named = [one if isinstance(one, WebIdentity) else None for one in principals]
        if not any(named):
            return ()
        return tuple(OidcProviders(self._client("iam"), self.stack.environment).problems(named))

    def _info(self, entry: Entry, named: Named, role: str) -> ResourceInfo:
        how = lookup(named.service)
        try:
            with translated(f"look up {how.noun} {named.name}"):
                found = how.find(self._client, named.name, self.stack.environment)
            if found is None:
                raise _Gone(self._missing(named.service, named.name))
            with translated(f"look up the key of {named.name}"):
                return self._with_keys(found, self._key_uses(entry, named, found, role))
        except PermissionDenied as error:
            raise NotGrantable(_unread(f"{how.noun} {named.name!r}", str(error))) from error

    def _key_uses(
        self, entry: Entry, named: Named, found: Found, role: str
    ) -> Mapping[str, KeyUse]:
        """What the role will need of each key behind a resource: as the entry's statements say."""
        infos = [_raw(found) if one == named else ResourceInfo("arn:") for one in entry.named()]
        uses: dict[str, KeyUse] = {}
        for allowance in entry.allowances(infos, self.stack.environment):
            actions = {action for action in allowance.actions if action.startswith("kms:")}
            via = allowance.conditions.get("StringEquals", {}).get("kms:ViaService", "")
            for key in allowance.resources if actions else ():
                known = uses[key].actions if key in uses else ()
                uses[key] = KeyUse(str(via).partition(".")[0], sorted({*known, *actions}), role)
        return uses

    def _with_keys(self, found: Found, uses: Mapping[str, KeyUse]) -> ResourceInfo:
        implied = tuple(self._with_keys(one, uses) for one in found.implied)
        used = (key for key in found.keys if key in uses)
        keys = {
            customer_key(self._client("kms"), key, uses[key], self.stack.environment)
            for key in used
        }
        return ResourceInfo(found.arn, tuple(sorted(filter(None, keys))), implied)

    def _missing(self, service: str, name: str) -> str:
        there = self.stack.environment
        where = (
            f"account {there.account} and this region" if there.home else "this account and region"
        )
        message = f"there is no {lookup(service).noun} {name!r} in {where}"
        parts = arn_parts(name)
        plain = spec(service).arn.plain(parts[4]) if parts else name
        near = get_close_matches(plain, self._names(lookup(service)), n=1, cutoff=0.7)
        return f"{message}; did you mean {near[0]!r}?" if near else f"{message}; check the name"

    def _names(self, how: Lookup) -> list[str]:
        """The names that exist, or none where they may not be listed: a hint is no must."""
        try:
            with translated(f"list {how.noun} names"):
                return list(islice(how.names(self._client), MOST_NAMES))
        except LatchkeyError:
            return []


def _unread(what: str, error: str) -> str:
    """Why a resource could not be looked up, and who can mend that."""
    if not own_denial(error):
        return f"the {what} cannot be read by Latchkey ({error})"
    action = denied_action(error) or "the call"
    return (
        f"the {what} could not be looked up, as {action} is denied to Latchkey's own function, "
        f"not by the resource; nothing is wrong with this file: whoever runs Latchkey has to allow "
        f"it (docs/runbook.md#denied-calls), then upload it again ({error})"
    )


def _raw(found: Found) -> ResourceInfo:
    """A resource with its keys as they were found, whosever they are."""
    return ResourceInfo(found.arn, found.keys, tuple(map(_raw, found.implied)))
