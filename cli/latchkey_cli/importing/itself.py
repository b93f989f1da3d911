"""A role that may assume itself, which a config says with `self_assume`."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.statement import Statement, statements_of
from latchkey.iam.values import texts
from latchkey_cli.importing.dates import listed_statements, written_by_latchkey
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.sessions import FIELDS, IDENTITY, TAG

_ASSUMES = ("sts:assumerole", TAG, IDENTITY)
_ARN = "aws:principalarn"
_EXACT = ("arnequals", "arnlike", "stringequals", "stringlike")
_EXTERNAL_ID = ("stringequals", "sts:externalid")


def apart(document: Document, role_arn: str) -> Document:
    """A trust policy in which the role stands alone where it is named beside others.

    Such a statement says the same of each of its principals.
    """
    return {
        **document,
        "Statement": [two for one in listed_statements(document) for two in _split(one, role_arn)],
    }


def _split(statement: Any, role_arn: str) -> list[Any]:
    principal = statement.get("Principal") if isinstance(statement, dict) else None
    if not isinstance(principal, dict) or statement.get("Effect") != "Allow":
        return [statement]
    named = texts(principal.get("AWS"))
    if role_arn not in named:
        return [statement]
    others = {**principal, "AWS": [one for one in named if one != role_arn]}
    left = {kind: names for kind, names in others.items() if names}
    itself = {**statement, "Principal": {"AWS": role_arn}}
    return [{**statement, "Principal": left}, itself] if left else [itself]


def notes_about_brought(
    document: Document, fields: Container[str], account: str, role_arn: str
) -> Iterator[Note]:
    """What a config lets the role bring to itself that a trust policy does not."""
    own = [one for one in statements_of(document) if is_for_itself(one, account, role_arn)]
    allowed = {action.lower() for one in own for action in one.actions}
    for action, field in FIELDS.items():
        if field in fields and action not in allowed:
            yield Note("wider", f"{field}: now also where the role assumes itself")


def notes_about_permission(
    document: Document, policies: Mapping[str, Document], account: str, role_arn: str
) -> Iterator[Note]:
    """That a role which its account is trusted with needs a permission of its own, and has none."""
    own = [one for one in statements_of(document) if is_for_itself(one, account, role_arn)]
    by_name = any(role_arn in one.aws_principals for one in own)
    permitted = (
        any(covers(name.lower(), _ASSUMES[0]) for name in one.actions)
        and any(covers(arn, role_arn) for arn in one.resources)
        for policy in policies.values()
        for one in statements_of(policy)
        if one.effect == "Allow"
    )
    if own and not by_name and not any(permitted):
        text = "self_assume: the role's own policies do not allow sts:AssumeRole on itself"
        yield Note("wider", text)


def is_for_itself(statement: Statement, account: str, role_arn: str) -> bool:
    """Whether a trust statement lets in the role itself, and nobody else.

    It names the role, or its account with the role in `aws:PrincipalArn`.
    """
    if statement.effect != "Allow" or not (role_arn and statement.principals):
        return False
    if not {action.lower() for action in statement.actions} <= {*_ASSUMES}:
        return False
    names = {one.name for one in statement.principals}
    if names == {role_arn}:
        return True
    root = f"{role_arn.partition(':iam:')[0]}:iam::{account}:root"
    return names <= {account, root} and any(_names(one, role_arn) for one in statement.conditions)


def _names(condition: Condition, role_arn: str) -> bool:
    about = condition.operator.lower() in _EXACT and condition.key.lower() == _ARN
    return about and condition.values == (role_arn,)


def notes_about_itself(statement: Statement, document: Document) -> Iterator[Note]:
    """What a config says otherwise than a statement for the role itself."""
    of_partner = (one for one in statements_of(document) if one.source is not statement.source)
    known = {one for other in of_partner for one in other.conditions}
    asks = False
    for one in statement.conditions:
        about = (one.operator.lower(), one.key.lower())
        asks = asks or about == _EXTERNAL_ID
        if about[1] == _ARN or one in known or written_by_latchkey(one):
            continue
        yield Note("wider", f"condition {one.operator} {one.key} of the role on itself")
    if not asks and any(action.lower() == _ASSUMES[0] for action in statement.actions):
        text = "self_assume: now with the external ID, which the role does not ask of itself"
        yield Note("decide", text)


def without_itself(policies: Mapping[str, Document], role_arn: str) -> dict[str, Document]:
    """Policies without the statements by which a role may assume itself."""
    return {
        name: {
            **document,
            "Statement": [one for one in listed_statements(document) if not _is(one, role_arn)],
        }
        for name, document in policies.items()
    }


def _is(statement: Any, role_arn: str) -> bool:
    if not (isinstance(statement, dict) and statement.get("Effect") == "Allow" and role_arn):
        return False
    actions = {action.lower() for action in texts(statement.get("Action"))}
    return bool(actions) and actions <= {*_ASSUMES} and texts(statement["Resource"]) == [role_arn]
