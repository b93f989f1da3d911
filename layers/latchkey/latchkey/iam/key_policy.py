"""Key policies: a key can be granted by IAM only where its own policy says so."""

from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment

_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringLike": fnmatchcase,
}


class KeyUse(Frozen):
    """What a role will do with a key: these actions of `kms`, through this service."""

    service: str
    actions: Collection[str]


def lets_iam_decide(policy: Any, use: KeyUse, place: AwsEnvironment) -> bool:
    """Whether a key's policy leaves it to IAM policies of this account who may use the key.

    Source: KMS developer guide, "Default key policy": without a statement for the account, IAM
    policies have no effect on the key.
    """
    statements = policy.get("Statement", []) if isinstance(policy, dict) else []
    known = {
        "aws:principalaccount": place.account,
        "kms:calleraccount": place.account,
        "kms:viaservice": f"{use.service}.{place.region}.{place.dns_suffix}",
    }
    allowed = [
        pattern
        for statement in _listed(statements)
        if statement.get("Effect") == "Allow" and _for_account(statement, place)
        if _met(statement.get("Condition", {}), known)
        for pattern in _listed(statement.get("Action", []))
    ]
    return all(
        any(fnmatchcase(action.lower(), pattern.lower()) for pattern in allowed)
        for action in use.actions
    )


def statement_to_add(actions: Collection[str], place: AwsEnvironment) -> dict[str, Any]:
    """The statement that lets IAM of this account decide about `actions`."""
    return {
        "Sid": f"LetIamOf{place.account}Decide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{place.partition}:iam::{place.account}:root"},
        "Action": sorted(actions),
        "Resource": "*",
    }


def _for_account(statement: dict[str, Any], place: AwsEnvironment) -> bool:
    principal = statement.get("Principal", {})
    named = _listed(principal.get("AWS", [])) if isinstance(principal, dict) else [principal]
    root = f"arn:{place.partition}:iam::{place.account}:root"
    return bool({"*", root, place.account} & set(named))


def _met(conditions: Mapping[str, Mapping[str, Any]], known: Mapping[str, str]) -> bool:
    """Whether conditions hold by what is known of the calls; what is not known is a no."""
    return all(
        operator in _TESTS
        and key.lower() in known
        and any(_TESTS[operator](known[key.lower()], wanted) for wanted in _listed(value))
        for operator, keys in conditions.items()
        for key, value in keys.items()
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
