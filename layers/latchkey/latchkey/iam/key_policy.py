"""Key policies: a key can be granted by IAM only where its own policy says so."""

from collections.abc import Callable, Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.condition import Condition
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.statement import Statement, statements_of

_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringLike": fnmatchcase,
}


class KeyUse(Frozen):
    """What a role will do with a key: these actions of `kms`, through this service, if any."""

    service: str
    actions: Collection[str]


def lets_iam_decide(policy: Any, use: KeyUse, environment: AwsEnvironment) -> bool:
    """Whether a key's policy leaves it to IAM policies of this account who may use the key.

    Source: KMS developer guide, "Default key policy": without a statement for the account, IAM
    policies have no effect on the key.
    """
    known = {
        "aws:principalaccount": environment.account,
        "kms:calleraccount": environment.account,
    }
    if use.service:
        via = f"{use.service}.{environment.region}.{environment.dns_suffix}"
        known["kms:viaservice"] = via
    allowed = [
        pattern
        for statement in statements_of(policy)
        if statement.effect == "Allow" and _for_account(statement, environment)
        if _met(statement.conditions, known)
        for pattern in statement.actions
    ]
    return all(
        any(fnmatchcase(action.lower(), pattern.lower()) for pattern in allowed)
        for action in use.actions
    )


def statement_to_add(actions: Collection[str], environment: AwsEnvironment) -> dict[str, Any]:
    """The statement that lets IAM of this account decide about `actions`."""
    return {
        "Sid": f"LetIamOf{environment.account}Decide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{environment.partition}:iam::{environment.account}:root"},
        "Action": sorted(actions),
        "Resource": "*",
    }


def _for_account(statement: Statement, environment: AwsEnvironment) -> bool:
    root = f"arn:{environment.partition}:iam::{environment.account}:root"
    return bool({"*", root, environment.account} & set(statement.aws_principals))


def _met(conditions: Iterable[Condition], known: Mapping[str, str]) -> bool:
    """Whether conditions hold by what is known of the calls; what is not known is a no."""
    return all(
        one.operator in _TESTS
        and one.key.lower() in known
        and any(_TESTS[one.operator](known[one.key.lower()], wanted) for wanted in one.values)
        for one in conditions
    )
