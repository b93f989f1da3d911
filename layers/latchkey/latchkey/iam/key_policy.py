"""Key policies: what a role may do with a key, as far as the key's own policy decides it.

A statement is sure to apply, sure not to, or nobody can tell beforehand (`None`), as where it asks
for a network. What is not sure opens nothing, and is no reason to refuse a grant either.

Sources: KMS developer guide, "Key policies in AWS KMS", "Default key policy" (without a statement
for the account, IAM policies have no effect on the key); IAM user guide, "Policy evaluation logic"
(an explicit Deny goes before all), "IAM JSON policy elements: Condition operators".
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.condition import Condition
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.patterns import matches
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of

_ABSENT = frozenset(
    {
        "aws:multifactorauthpresent",
        "aws:sourceaccount",
        "aws:sourcearn",
        "kms:grantisforawsresource",
    }
)
"""Keys that no call of a role's session has, when it uses what is encrypted."""


class KeyUse(Frozen):
    """What a role will do with a key: these actions of `kms`, through this service, if any.

    `role` is the role's ARN, and empty where it is not known.
    """

    service: str
    actions: Collection[str]
    role: str = ""


class KeyVerdict(Frozen):
    """The actions that no statement allows, and those that one denies, by the statement's name."""

    missing: tuple[str, ...] = ()
    denied: Mapping[str, str] = MappingProxyType({})

    @property
    def open(self) -> bool:
        """Whether IAM policies can give what is needed."""
        return not (self.missing or self.denied)


def judged(policy: Any, use: KeyUse, environment: AwsEnvironment, key: str = "") -> KeyVerdict:
    """What a key's policy says to a use of it by a role of this account; `key` is its ARN."""
    caller = _Caller(use, environment, key)
    statements = [*statements_of(policy)]
    missing, denied = [], {}
    for action in sorted(use.actions):
        deny = (n for n, one in enumerate(statements) if caller.meets(one, "Deny", action))
        if (number := next(deny, None)) is not None:
            denied[action] = statements[number].sid or f"number {number + 1}"
        elif not any(caller.meets(one, "Allow", action) for one in statements):
            missing.append(action)
    return KeyVerdict(tuple(missing), denied)


def lets_iam_decide(policy: Any, use: KeyUse, environment: AwsEnvironment) -> bool:
    """Whether a key's policy lets IAM policies of this account give all that is needed."""
    return judged(policy, use, environment).open


def statement_to_add(actions: Collection[str], environment: AwsEnvironment) -> dict[str, Any]:
    """The statement that lets IAM of this account decide about `actions`."""
    return {
        "Sid": f"LetIamOf{environment.account}Decide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{environment.partition}:iam::{environment.account}:root"},
        "Action": sorted(actions),
        "Resource": "*",
    }


class _Caller:
    """A role of this account that uses a key."""

    def __init__(self, use: KeyUse, environment: AwsEnvironment, key: str) -> None:
        self._role, self._key = use.role, key
        root = f"arn:{environment.partition}:iam::{environment.account}:root"
        self._account = {"*", root, environment.account}
        via = f"{use.service}.{environment.region}.{environment.dns_suffix}"
        known = {
            "aws:principalaccount": environment.account,
            "aws:principalisawsservice": "false",
            "aws:principaltype": "AssumedRole",
            "aws:requestedregion": environment.region,
            "aws:securetransport": "true",
            "kms:calleraccount": environment.account,
            "kms:viaservice": via if use.service else None,
            **dict.fromkeys(_ABSENT),
        }
        self._known = known | ({"aws:principalarn": use.role} if use.role else {})

    def meets(self, statement: Statement, effect: str, action: str) -> bool:
        """Whether a statement of this effect is sure to apply to the role's call."""
        return (
            statement.effect == effect
            and self._is_named(statement)
            and _has(statement, action)
            and self._on_key(statement)
            and all(self._met(one) for one in statement.conditions)
        )

    def _is_named(self, statement: Statement) -> bool:
        if statement.not_principals is not None:
            spared = _names(statement.not_principals)
            denies = statement.effect == "Deny" and not self._account & spared
            return bool(denies and self._role and self._role not in spared)
        named = _names(statement.principals or ())
        return bool(named & self._account or (self._role and self._role in named))

    def _on_key(self, statement: Statement) -> bool:
        if statement.not_resources is not None:
            return False
        patterns = statement.resources
        if not patterns or "*" in patterns:
            return True
        return bool(self._key) and any(matches(one, self._key) for one in patterns)

    def _met(self, condition: Condition) -> bool | None:
        """Whether a condition holds; None where nobody knows."""
        key, test = condition.key.lower(), condition.test
        if not condition.values or "${" in "".join(condition.values):
            return None
        if key not in self._known:
            return None
        value = self._known[key]
        if test == "Null":
            wanted = {one.lower() for one in condition.values}
            return ("true" if value is None else "false") in wanted
        compare = _COMPARED.get(test.replace("Not", "", 1))
        if compare is None:
            return None
        if value is None:
            of_all = condition.operator.startswith("ForAllValues:")
            none_of_any = condition.operator.startswith("ForAnyValue:")
            return (
                of_all
                or condition.operator.endswith("IfExists")
                or ("Not" in test and not none_of_any)
            )
        return any(compare(value, one) for one in condition.values) != ("Not" in test)


def _names(principals: Iterable[NamedPrincipal]) -> set[str]:
    return {one.name for one in principals if one.kind == "AWS"}


def _has(statement: Statement, action: str) -> bool:
    called = action.lower()
    if statement.not_actions is not None:
        return not any(matches(one.lower(), called) for one in statement.not_actions)
    return any(matches(one.lower(), called) for one in statement.actions)


def _arn(value: str, pattern: str) -> bool:
    """Field by field: `ArnEquals` and `ArnLike` are the same (IAM user guide)."""
    mine, theirs = value.split(":", 5), pattern.split(":", 5)
    return len(mine) == len(theirs) and all(map(matches, theirs, mine))


_COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": lambda value, wanted: matches(wanted, value),
    "ArnEquals": _arn,
    "ArnLike": _arn,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}
