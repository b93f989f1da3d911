"""Whether a role may change itself: its permissions, its boundary, or who may assume it."""

from collections.abc import Iterable, Mapping
from typing import Any

from latchkey.iam.patterns import covers
from latchkey.iam.statement import Statement, statements_of
from latchkey_cli.auditing.requirements import narrows

_OF_THE_ROLE = (
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
_OF_ITS_POLICIES = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")


def own_changes(
    policies: Mapping[str, Any], boundary: Mapping[str, Any] | None, role_arn: str
) -> list[str]:
    """The actions by which a role may change itself, with its ARN or one of its policies' ARNs.

    A wildcard may stand for both; Deny statements under conditions do not count, since they do not
    always deny.
    """
    managed = [name for name in policies if name.startswith("arn:")]
    asked = [(action, role_arn) for action in _OF_THE_ROLE]
    asked += [(action, arn) for action in _OF_ITS_POLICIES for arn in managed]
    statements = [one for policy in policies.values() for one in statements_of(policy)]
    bounds = None if boundary is None else list(statements_of(boundary))
    found = (
        f"{action.partition(':')[2]} on {'itself' if arn == role_arn else arn}"
        for action, arn in asked
        if _allows(statements, action, arn) and (bounds is None or _allows(bounds, action, arn))
    )
    return list(dict.fromkeys(found))


def _allows(statements: Iterable[Statement], action: str, arn: str) -> bool:
    about = [one for one in statements if _is_about(one, action, arn)]
    denied = any(one.effect == "Deny" and not one.conditions for one in about)
    allow = (one for one in about if one.effect == "Allow")
    return not denied and any(not any(map(narrows, one.conditions)) for one in allow)


def _is_about(statement: Statement, action: str, arn: str) -> bool:
    named = statement.actions if statement.not_actions is None else statement.not_actions
    acts = any(covers(one.lower(), action.lower()) for one in named)
    placed = statement.resources if statement.not_resources is None else statement.not_resources
    reaches = any(covers(one, arn) for one in placed)
    return acts is (statement.not_actions is None) and reaches is (statement.not_resources is None)
