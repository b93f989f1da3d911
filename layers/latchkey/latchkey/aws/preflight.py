"""Looks up what an entry names, and says what is wrong with it and what may have been meant."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

from latchkey.aws.kms import customer_key
from latchkey.aws.translate import translated
from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.config.rules import StackContext, resource_problems
from latchkey.errors import LatchkeyError, PermissionDenied
from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.key_policy import KeyUse
from latchkey.services.dynamodb import lookup as dynamodb
from latchkey.services.entry import Entry, ResourceInfo
from latchkey.services.events import lookup as events
from latchkey.services.kinesis import lookup as kinesis
from latchkey.services.lambda_ import lookup as lambda_
from latchkey.services.lookup import Found, Lookup, NotGrantable
from latchkey.services.resource import Named
from latchkey.services.s3 import lookup as s3
from latchkey.services.secretsmanager import lookup as secretsmanager
from latchkey.services.sns import lookup as sns
from latchkey.services.sqs import lookup as sqs
from latchkey.services.ssm import lookup as ssm

LOOKUPS: Mapping[str, Lookup] = {
    "dynamodb": dynamodb.LOOKUP,
    "events": events.LOOKUP,
    "kinesis": kinesis.LOOKUP,
    "lambda": lambda_.LOOKUP,
    "s3": s3.LOOKUP,
    "secretsmanager": secretsmanager.LOOKUP,
    "sns": sns.LOOKUP,
    "sqs": sqs.LOOKUP,
    "ssm": ssm.LOOKUP,
}
MOST_NAMES = 2_000
"""Names that are looked through for the nearest one."""
_KIND = re.compile(r"(event-bus|stream|table)/|(function|secret):")


class Preflight:
    """Finds the full ARNs and the customer-managed keys of what configs name.

    `client` gives the client of a service by boto3's name for it.
    """

    def __init__(self, client: Callable[[str], Any], place: AwsEnvironment) -> None:
        self._client = client
        self._place = place
        self._house = StackContext(place)

    def facts(self, entry: Entry, index: int) -> tuple[ResourceInfo, ...]:
        """What there is to know of the resources of the entry `access[index]`, in their order.

        Raises
        ------
        ConfigRejected
            With a problem for each resource that is not there, or not to be granted from here.
        """
        problems = list(resource_problems({"access": [*[None] * index, entry]}, self._house))
        elsewhere = {problem.path for problem in problems}  # lookups go by name, and only here
        facts = []
        for named in entry.named():
            path = pointer(["access", index, *named.path])
            try:
                if path not in elsewhere:
                    facts.append(self._facts(entry, named))
            except NotGrantable as reason:
                problems.append(Problem(path, str(reason)))
        if problems:
            raise ConfigRejected(problems)
        return tuple(facts)

    def _facts(self, entry: Entry, named: Named) -> ResourceInfo:
        lookup = LOOKUPS[named.service]
        client = self._client(lookup.client)
        try:
            with translated(f"look up {lookup.noun} {named.name}"):
                found = lookup.find(client, named.name, self._place)
            if found is None:
                raise NotGrantable(self._missing(lookup, client, named.name))
            return ResourceInfo(found.arn, self._keys(entry, named, found))
        except PermissionDenied as error:
            raise NotGrantable(
                f"the {lookup.noun} {named.name!r} cannot be read by Latchkey ({error})"
            ) from error

    def _keys(self, entry: Entry, named: Named, found: Found) -> tuple[str, ...]:
        if not found.keys:
            return ()
        actions = _key_actions(entry, self._place)
        if not actions:
            return ()
        kms = self._client("kms")
        with translated(f"look up the key of {named.name}"):
            use = KeyUse(named.service, actions)
            keys = (customer_key(kms, key, use, self._place) for key in found.keys)
            return tuple(sorted({key for key in keys if key}))

    def _missing(self, lookup: Lookup, client: Any, name: str) -> str:
        message = f"there is no {lookup.noun} {name!r} in this account and region"
        near = get_close_matches(_plain(name), self._names(lookup, client), n=1, cutoff=0.7)
        return f"{message}; did you mean {near[0]!r}?" if near else f"{message}; check the name"

    def _names(self, lookup: Lookup, client: Any) -> list[str]:
        """The names that exist, or none where they may not be listed: a hint is no must."""
        try:
            with translated(f"list {lookup.noun} names"):
                return list(islice(lookup.names(client), MOST_NAMES))
        except LatchkeyError:
            return []


def _plain(name: str) -> str:
    """A name as it is listed: of an ARN, what follows the kind of the resource, if it has one."""
    parts = arn_parts(name)
    return _KIND.sub("", parts[4], count=1) if parts else name


def _key_actions(entry: Entry, place: AwsEnvironment) -> Collection[str]:
    """What the role will need on a key behind the entry's resources: as its statements say."""
    assumed = [ResourceInfo("arn:", ("key",)) for _ in entry.named()]
    allowances: Iterator[Any] = iter(entry.allowances(assumed, place))
    actions = (action for allowance in allowances for action in allowance.actions)
    return sorted({action for action in actions if action.startswith("kms:")})
