"""What is wrong with roles that other accounts may assume, by the known ways it goes wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from latchkey.grants.role import GRANT_TAG, STACK_TAG, gone_principals
from latchkey.iam.patterns import covers
from latchkey.iam.principal import parse_principal
from latchkey.times import instant, parse_instant
from latchkey_cli.importing.hand_made import Document, conditions, listed, statements

Weight = Literal["high", "medium", "low"]

_ASSUMES = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")


@dataclass(frozen=True)
class Finding:
    """Something wrong with a role; `rule` names it for programs."""

    rule: str
    weight: Weight
    text: str


@dataclass(frozen=True)
class Rules:
    """Whose account it is, which others are its company's, and how long unused is too long."""

    account: str
    first_party: frozenset[str]
    stack: str
    unused: timedelta
    now: datetime


@dataclass(frozen=True)
class Crossing:
    """How a role lets other accounts in: whom, and whether each way asks for an external ID."""

    principals: tuple[str, ...]
    anybody: bool
    unasked: tuple[str, ...]
    expires: bool


def crossing(trust: Document, account: str) -> Crossing | None:
    """How a trust policy lets other accounts in, or None when it does not.

    A wildcard principal counts unless a condition holds it to our account or organization.
    """
    principals, unasked = list[str](), list[str]()
    anybody, expires = False, True
    for statement in statements(trust):
        others = list(_others(statement, account))
        if not others:
            continue
        asks = _asks(statement)
        held = "*" in others and asks & {"aws:principalaccount", "aws:principalorgid"}
        if held:
            others.remove("*")
        anybody |= "*" in others
        principals += others
        expires &= "aws:currenttime" in asks
        if "sts:externalid" not in asks:
            unasked += others
    if not principals:
        return None
    return Crossing(tuple(dict.fromkeys(principals)), anybody, tuple(unasked), expires)


def findings(
    found: Crossing,
    trust: Document,
    tags: Mapping[str, str],
    used: tuple[str, str | None],
    rules: Rules,
) -> Iterator[Finding]:
    """What is wrong with a role; `used` is when it was created and when it was last used."""
    if found.anybody:
        yield Finding("wildcard-principal", "high", "anybody in any AWS account may try to assume")
    strangers = [who for who in found.unasked if _account(who) not in rules.first_party]
    if strangers:
        told = ", ".join(strangers)
        yield Finding("no-external-id", "high", f"asks {told} for no external ID")
    if not found.expires:
        yield Finding("never-expires", "medium", "no date in its trust policy ends it")
    if gone := gone_principals(dict(trust)):
        yield Finding("principal-gone", "medium", f"trusts who was deleted: {', '.join(gone)}")
    created, last = used
    if _long_ago(last or created, rules):
        since = f"since {last[:10]}" if last else f"ever; it was made {created[:10]}"
        yield Finding("unused", "low", f"not used {since}")
    if tags.get(STACK_TAG) != rules.stack or GRANT_TAG not in tags:
        yield Finding("not-ours", "low", "not Latchkey's; `latchkey import` writes its config")


def _others(statement: Mapping[str, Any], account: str) -> Iterator[str]:
    """The principals of other accounts in an Allow of AssumeRole; `*` is anybody."""
    actions = [action.lower() for action in listed(statement.get("Action"))]
    assumes = any(covers(action, name) for action in actions for name in _ASSUMES)
    if statement.get("Effect") != "Allow" or not (assumes or "NotAction" in statement):
        return
    if "NotPrincipal" in statement:
        yield "*"
        return
    given = statement.get("Principal")
    texts = listed(given.get("AWS") if isinstance(given, dict) else given)
    for text in texts:
        if text == "*" or (_account(text) or account) != account:
            yield text


def _asks(statement: Mapping[str, Any]) -> set[str]:
    """The keys that a statement's conditions ask for without IfExists, in lower case."""
    return {
        key.lower()
        for operator, key, values in conditions(statement)
        if not operator.lower().endswith("ifexists")
        and operator.lower() != "null"
        and not (key.lower() == "sts:externalid" and "*" in values)
    }


def _account(principal: str) -> str | None:
    """The account of a principal; None for `*`, for sessions and for IDs of the deleted."""
    try:
        return parse_principal(principal).account
    except ValueError:
        parts = principal.split(":")
        return parts[4] if len(parts) > 5 else None


def _long_ago(moment: str, rules: Rules) -> bool:
    return parse_instant(moment) < parse_instant(instant(rules.now - rules.unused))
