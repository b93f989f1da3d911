"""Rules of a config beyond single fields: about two fields, our account, or the time.

Each rule gets the fields that are valid by themselves and yields problems, so that a config with
faults in some fields still gets all other problems.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from latchkey.config.managed_rules import managed_problems
from latchkey.config.period_rules import begin_problems, end_problems, time_problems
from latchkey.config.problem import Problem, pointer
from latchkey.config.reach_rules import own_problems
from latchkey.config.session_tags import tag_problems
from latchkey.config.web_identity import Unread, WebIdentity, named_principals
from latchkey.config.web_identity_rules import web_identity_problems
from latchkey.frozen import Frozen
from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.networks import keep_nobody_out
from latchkey.iam.principal import Principal
from latchkey.newer_python import replace
from latchkey.services.boundary import kinds_of
from latchkey.services.entry import Entry

Fields = Mapping[str, Any]

MISSING = "missing; write the value that the partner gives you, or `generate_external_id`: true"

_ROLE = ":role/"
"""What the ARN of a role has, and that of a user has not: names and paths have no colon."""

MOST_NAMED = 200
"""Resources of all entries: each is looked up, and IAM's limits have no room for many more."""


class StackContext(Frozen):
    """What a stack knows of itself: where it is, and which accounts are its own company's."""

    environment: AwsEnvironment
    first_party_accounts: frozenset[str] = frozenset()

    def of_account(self, account: str | None) -> "StackContext":
        """The same, for a grant in an account; None is the stack's own."""
        return replace(self, environment=self.environment.of_account(account))


def principal_problems(fields: Fields, stack: StackContext) -> Iterator[Problem]:
    """Our own accounts (the stack's, and the grant's) and foreign partitions are no partners."""
    own = {stack.environment.account, fields.get("account")}
    for index, principal in enumerate(named_principals(fields.get("principals") or [])):
        if principal is None:
            continue
        path = pointer(["principals", index])
        if principal.account in own:
            yield Problem(
                path,
                f"{principal.account} is {_whose(principal, stack)}; a grant is for principals of "
                "other accounts (give your own roles a policy instead)",
            )
        if principal.partition not in (None, stack.environment.partition):
            yield Problem(
                path,
                f"the partition is {principal.partition!r}, but this stack is in "
                f"{stack.environment.partition!r}; roles cannot be assumed across partitions",
            )


def _whose(principal: Principal, stack: StackContext) -> str:
    same = principal.account == stack.environment.account
    return "this account" if same else "the grant's own account"


def external_id_problems(fields: Fields, stack: StackContext) -> Iterator[Problem]:
    """Without an external ID, others can make the partner's service use the role by its ARN.

    Source: IAM user guide, "The confused deputy problem".
    """
    given, generated = fields.get("external_id"), fields.get("generate_external_id")
    if given and generated:
        yield Problem(
            "/generate_external_id",
            "an external ID is given already; leave out `external_id` or this field",
        )
    foreign = without_external_id(fields, stack)
    if foreign is not None and (
        not any(fields["principals"]) or any(principal.whole_account for principal in foreign)
    ):
        yield Problem("/external_id", MISSING)


def without_external_id(fields: Fields, stack: StackContext) -> tuple[Principal, ...] | None:
    """The principals, but those of first parties, of a config without an external ID.

    None where it has one, or may have: a field that is not valid says nothing. Whether those that
    are roles and users may do without is up to the guardrails (`external_id_rules`).
    """
    needs = {"principals", "external_id", "generate_external_id"}
    if not needs <= fields.keys() or fields["external_id"] or fields["generate_external_id"]:
        return None
    if any(isinstance(one, WebIdentity | Unread) for one in fields["principals"]):
        return None  # a token has none
    named = named_principals(fields["principals"])
    return tuple(one for one in named if one and one.account not in stack.first_party_accounts)


def network_problems(fields: Fields) -> Iterator[Problem]:
    """Ranges that each leave somebody out may keep nobody out together."""
    if keep_nobody_out(filter(None, fields.get("source_ips") or ())):
        yield Problem(
            "/source_ips",
            "together these ranges are the whole internet, or most of it; name the partner's "
            "networks, or leave `source_ips` out",
        )


def mfa_problems(fields: Fields) -> Iterator[Problem]:
    """The session of a role has no MFA, whoever is behind it.

    Source: IAM user guide, "AWS global condition context keys", `aws:MultiFactorAuthPresent`.
    """
    principals = named_principals(fields.get("principals") or [])
    roles = [one.text for one in principals if one and _ROLE in one.text]
    if fields.get("require_mfa") and roles:
        yield Problem(
            "/require_mfa",
            f"sessions of roles have no MFA, so {', '.join(roles[:3])} could not assume the role; "
            "name users instead, or leave `require_mfa` out",
        )


def resource_problems(fields: Fields, stack: StackContext) -> Iterator[Problem]:
    """A grant is for resources of this account and region; their ARNs say where they are."""
    entries: list[Entry | None] = fields.get("access") or []
    for index, entry in enumerate(entries):
        for named in entry.named() if entry else ():
            parts = arn_parts(named.name)
            if parts is None:
                continue
            partition, _, region, account, _ = parts
            environment = stack.environment
            if (partition, region) != (environment.partition, environment.region) or (
                account and account != environment.account  # what is AWS's own names none
            ):
                whose = "the grant's" if environment.home else "this stack's"
                here = f"{whose} account {environment.account} in {environment.region}"
                yield Problem(
                    pointer(["access", index, *named.path]),
                    f"{named.name} is not of {here}; {_mended(environment, account, region)}",
                )


def _mended(environment: AwsEnvironment, account: str, region: str) -> str:
    if account and region == environment.region and environment.home:
        return f'name resources of that account, or `account`: "{account}"'
    return "grant it from a stack there"


def own_resource_problems(fields: Fields, stack: StackContext) -> Iterator[Problem]:
    """What entries name must not be Latchkey's own; what they imply is held to that when found."""
    access: list[Entry | None] = fields.get("access") or []
    assumed = [entry.assumed(stack.environment) if entry else None for entry in access]
    yield from own_problems(access, assumed, stack.environment)


def size_problems(fields: Fields) -> Iterator[Problem]:
    """What is never granted whole is not worth looking up."""
    if (named := count_named(fields)) > MOST_NAMED:
        yield Problem(
            "/access",
            f"{named} resources are named, where {MOST_NAMED} are the most; "
            "move some entries to a second `grant`",
        )


def kind_problems(fields: Fields) -> Iterator[Problem]:
    """A role has one permissions boundary, and so one kind of access."""
    kinds = kinds_of(entry.service for entry in fields.get("access") or [] if entry)
    if len(kinds) > 1:
        yield Problem(
            "/access",
            f"entries of {' and '.join(kinds)} need roles of their own, each with its own "
            "permissions boundary; give each a `grant`",
        )


def count_named(fields: Fields) -> int:
    """How many resources all valid entries name."""
    return sum(len(entry.named()) for entry in fields.get("access") or [] if entry)


def rule_problems(fields: Fields, stack: StackContext, now: datetime | None) -> Iterator[Problem]:
    """All problems across fields; without `now`, an expiry in the past is none."""
    yield from principal_problems(fields, stack)
    stack = stack.of_account(fields.get("account"))
    yield from web_identity_problems(fields)
    yield from external_id_problems(fields, stack)
    yield from resource_problems(fields, stack)
    yield from own_resource_problems(fields, stack)
    yield from size_problems(fields)
    yield from kind_problems(fields)
    yield from managed_problems(fields)
    yield from network_problems(fields)
    yield from mfa_problems(fields)
    yield from tag_problems(fields)
    yield from end_problems(fields)
    if fields.get("status") != "revoked":
        yield from time_problems(fields, now)
        yield from begin_problems(fields, now)
