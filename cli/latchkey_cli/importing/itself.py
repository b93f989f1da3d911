"""A role that may assume itself, which a config says with `self_assume`."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.statement import Statement, statements_of
from latchkey.iam.values import listed, texts
from latchkey_cli.importing.dates import written_by_latchkey
from latchkey_cli.importing.note import Note

_ASSUMES = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")
_ARN = "aws:principalarn"
_EXACT = ("arnequals", "arnlike", "stringequals", "stringlike")
_EXTERNAL_ID = ("stringequals", "sts:externalid")


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
        name: {**document, "Statement": [one for one in _all(document) if not _is(one, role_arn)]}
        for name, document in policies.items()
    }


def _all(document: Document) -> list[Any]:
    return listed(document.get("Statement"))


def _is(statement: Any, role_arn: str) -> bool:
    if not (isinstance(statement, dict) and statement.get("Effect") == "Allow" and role_arn):
        return False
    actions = {action.lower() for action in texts(statement.get("Action"))}
    return bool(actions) and actions <= {*_ASSUMES} and texts(statement["Resource"]) == [role_arn]
