"""Key policies: a key can be granted by IAM only where its own policy says so."""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Any

from latchkey.domain.catalogue.entry import Place

_NARROWING = {"kms:calleraccount", "kms:viaservice", "aws:principalaccount"}
"""Condition keys that partner roles of this account satisfy when they come through a service."""


def lets_iam_decide(policy: Any, actions: Collection[str], place: Place) -> bool:
    """Whether a key's policy leaves it to IAM policies of this account who may do `actions`.

    Source: KMS developer guide, "Default key policy": without a statement for the account, IAM
    policies have no effect on the key.
    """
    statements = policy.get("Statement", []) if isinstance(policy, dict) else []
    allowed = [
        pattern
        for statement in _listed(statements)
        if statement.get("Effect") == "Allow" and _for_account(statement, place)
        for pattern in _listed(statement.get("Action", []))
    ]
    return all(
        any(fnmatchcase(action.lower(), pattern.lower()) for pattern in allowed)
        for action in actions
    )


def statement_to_add(actions: Collection[str], place: Place) -> dict[str, Any]:
    """The statement that lets IAM of this account decide about `actions`.

    With DescribeKey, so that Latchkey sees that it is there.
    """
    return {
        "Sid": f"LetIamOf{place.account}Decide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{place.partition}:iam::{place.account}:root"},
        "Action": sorted({*actions, "kms:DescribeKey"}),
        "Resource": "*",
    }


def _for_account(statement: dict[str, Any], place: Place) -> bool:
    principal = statement.get("Principal", {})
    named = _listed(principal.get("AWS", [])) if isinstance(principal, dict) else [principal]
    root = f"arn:{place.partition}:iam::{place.account}:root"
    keys = {key.lower() for part in statement.get("Condition", {}).values() for key in part}
    return bool({"*", root, place.account} & set(named)) and keys <= _NARROWING


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
