"""The ways into a role from outside of its account: other accounts, and identity providers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.principal import parse_principal
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of
from latchkey_cli.auditing.requirements import Asked, Requirement, asked

Kind = Literal["aws", "organization", "anybody", "deleted", "oidc", "saml"]

_ASSUMES = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")
_BY = {"saml": _ASSUMES[1], "oidc": _ASSUMES[2]}
"""How identity providers' principals get in; a Deny of something else keeps nobody out."""
_UNIQUE_IDS = ("AROA", "AIDA", "AGPA", "ANPA")


@dataclass(frozen=True)
class Way:
    """One principal that an Allow statement lets in, and what it is asked for.

    `principal` is an account ID, an ARN, a unique ID, `*`, an organization's ID, the host and path
    of an OIDC provider, or the ARN of a SAML provider.
    """

    kind: Kind
    principal: str
    asked: Asked

    @property
    def account(self) -> str | None:
        """The account that the principal is in, if it is in one."""
        return principal_account(self.principal)

    @property
    def shown(self) -> str:
        """The principal in a few words."""
        names = {"oidc": "OIDC", "saml": "SAML", "organization": "organization"}
        return f"{names[self.kind]} {self.principal}" if self.kind in names else self.principal


def ways_in(trust: Document, account: str) -> list[Way]:
    """How principals outside of an account, and those of identity providers, get into a role.

    A principal `*` with a condition on accounts, principals or an organization is what the
    condition names. AWS services, and principals of the account itself, are left out.
    """
    statements = list(statements_of(trust))
    found = list[Way]()
    for action in _ASSUMES:
        denials = [one for one in statements if one.effect == "Deny" and action in _assumes(one)]
        general = [one for one in denials if _for_everybody(one)]
        shut = {name for one in denials if not one.conditions for name in one.aws_principals}
        for statement in statements:
            if statement.effect != "Allow" or not _assumes(statement) or "*" in shut:
                continue
            ways = _ways(statement, asked(statement, general), account)
            found += (w for w in ways if _BY.get(w.kind, _ASSUMES[0]) == action)
            found = [way for way in found if way.principal not in shut]
    return list(dict.fromkeys(found))


def principal_account(principal: str) -> str | None:
    """The account of a principal; None for `*` and for the unique IDs of deleted principals."""
    try:
        return parse_principal(principal).account
    except ValueError:
        parts = principal.split(":")
        return parts[4] or None if len(parts) > 5 else None


def _ways(statement: Statement, what: Asked, account: str) -> Iterator[Way]:
    if statement.not_principals is not None:
        yield from _anybody(what, account)
    for named in statement.principals or ():
        yield from _way(named, what, account)


def _way(named: NamedPrincipal, what: Asked, account: str) -> Iterator[Way]:
    name = named.name
    match named.kind:
        case "Federated" if ":saml-provider/" in name:
            yield Way("saml", name, what)
        case "Federated":
            yield Way("oidc", name.rpartition(":oidc-provider/")[2], what)
        case "AWS" if name == "*":
            yield from _anybody(what, account)
        case "AWS" if name.startswith(_UNIQUE_IDS):
            yield Way("deleted", name, what)
        case "AWS" if (principal_account(name) or account) != account:
            yield Way("aws", name, what)


def _anybody(what: Asked, account: str) -> Iterator[Way]:
    """What `*` stands for: the first condition that names accounts says it."""
    if names := what.values("aws:principalaccount"):
        yield from (Way("aws", name, what) for name in names if name != account)
    elif names := _in_accounts(what.of("aws:principalarn")):
        yield from (Way("aws", name, what) for name in names if principal_account(name) != account)
    elif names := _organizations(what):
        yield from (Way("organization", name, what) for name in names)
    else:
        yield Way("anybody", "*", what)


def _in_accounts(requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """The ARNs of the first requirement whose ARNs all name their account."""
    for one in requirements:
        parts = [value.split(":") for value in one.values]
        if all(len(part) > 5 and part[4].isdigit() for part in parts):
            return one.values
    return ()


def _organizations(what: Asked) -> tuple[str, ...]:
    if names := what.values("aws:principalorgid"):
        return names
    for one in what.of("aws:principalorgpaths"):
        roots = [value.split("/")[0] for value in one.values]
        if all(root and not one.wild(root) for root in roots):
            return tuple(dict.fromkeys(roots))
    return ()


def _assumes(statement: Statement) -> set[str]:
    """The ways of assuming the role that a statement is about; names are the same in any case."""
    if statement.not_actions is not None:
        others = [action.lower() for action in statement.not_actions]
        return {name for name in _ASSUMES if not any(covers(one, name) for one in others)}
    actions = [action.lower() for action in statement.actions]
    return {name for name in _ASSUMES if any(covers(one, name) for one in actions)}


def _for_everybody(statement: Statement) -> bool:
    return "*" in statement.aws_principals
