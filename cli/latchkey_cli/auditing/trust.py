"""The principals of other accounts that a trust policy allows to assume a role."""

from collections.abc import Iterator
from dataclasses import dataclass

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.principal import parse_principal
from latchkey.iam.statement import Statement, statements_of

_ASSUMES = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")
_EXTERNAL_ID = "sts:externalid"
_OWN = {"aws:principalaccount", "aws:principalorgid"}


@dataclass(frozen=True)
class CrossAccountTrust:
    """How other accounts may assume a role.

    `without_external_id` are the principals that need no external ID; `expires` says whether every
    statement has a condition on the time.
    """

    principals: tuple[str, ...]
    anybody: bool
    without_external_id: tuple[str, ...]
    expires: bool


def cross_account_trust(trust: Document, account: str) -> CrossAccountTrust | None:
    """How a trust policy lets other accounts assume a role, or None if it does not.

    A wildcard principal counts unless a condition limits it to one account or organization.
    """
    principals, without_external_id = list[str](), list[str]()
    anybody, expires = False, True
    for statement in statements_of(trust):
        others = list(_other_accounts(statement, account))
        if not others:
            continue
        keys = _required_keys(statement)
        if "*" in others and keys & _OWN:
            others.remove("*")
        anybody |= "*" in others
        principals += others
        expires &= "aws:currenttime" in keys
        if _EXTERNAL_ID not in keys:
            without_external_id += others
    if not principals:
        return None
    named = tuple(dict.fromkeys(principals))
    return CrossAccountTrust(named, anybody, tuple(without_external_id), expires)


def principal_account(principal: str) -> str | None:
    """The account of a principal; None for `*` and for the unique IDs of deleted principals."""
    try:
        return parse_principal(principal).account
    except ValueError:
        parts = principal.split(":")
        return parts[4] if len(parts) > 5 else None


def _other_accounts(statement: Statement, account: str) -> Iterator[str]:
    """The principals of other accounts in an Allow of AssumeRole; `*` is anybody."""
    actions = [action.lower() for action in statement.actions]
    assumes = any(covers(action, name) for action in actions for name in _ASSUMES)
    if statement.effect != "Allow" or not (assumes or statement.not_actions is not None):
        return
    if statement.not_principals is not None:
        yield "*"
        return
    for principal in statement.aws_principals:
        if principal == "*" or (principal_account(principal) or account) != account:
            yield principal


def _required_keys(statement: Statement) -> set[str]:
    """The condition keys that a request must have, in lower case."""
    return {
        one.key.lower()
        for one in statement.conditions
        if not one.operator.lower().endswith("ifexists")
        and one.operator.lower() != "null"
        and not (one.key.lower() == _EXTERNAL_ID and "*" in one.values)
    }
