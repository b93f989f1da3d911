"""IAM's policy evaluation: policies, permissions boundary, trust policy, conditions.

By https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, as
far as roles and their sessions need it. A key that a request does not carry matches no condition
but the negated ones, `Null` and `…IfExists`.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

Context = Mapping[str, str | list[str]]

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_LITERAL = str.maketrans({"*": "\ue000", "?": "\ue001"})
"""What stands in names and in values of variables for what is a wildcard in a pattern."""


def allowed(
    policies: Iterable[Any], boundary: Any, action: str, resource: str, context: Context
) -> bool:
    """Whether policies allow an action on a resource, within a boundary if there is one."""
    within = boundary is None or _decides([boundary], action, resource, context)
    return _decides(list(policies), action, resource, context) and within


def may_assume(
    trust_policy: Any,
    principals: Iterable[str],
    context: Context,
    action: str = "sts:AssumeRole",
) -> bool:
    """Whether a trust policy lets any of a caller's principals (ARN, account, service) assume."""
    return policy_allows(trust_policy, principals, action, "", context)


def policy_allows(
    policy: Any, principals: Iterable[str], action: str, resource: str, context: Context
) -> bool:
    """Whether the policy of a resource allows any of a caller's principals an action on it."""
    known = set(principals)
    effects = {
        statement["Effect"]
        for statement in _statements(policy)
        if _names(statement, action, resource, context)
        and _is_principal(statement, known)
        and _holds(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def policy_denies(policy: Any, action: str, resource: str, context: Context) -> bool:
    """Whether the policy of a resource denies everybody an action on it."""
    return any(
        statement["Effect"] == "Deny"
        and _names(statement, action, resource, context)
        and _is_principal(statement, set())
        and _holds(statement.get("Condition", {}), context)
        for statement in _statements(policy)
    )


def denies(policies: Iterable[Any], action: str, resource: str, context: Context) -> bool:
    """Whether any policy denies an action on a resource, whatever others allow."""
    return any(
        statement["Effect"] == "Deny"
        and _names(statement, action, resource, context)
        and _holds(statement.get("Condition", {}), context)
        for policy in policies
        for statement in _statements(policy)
    )


def _decides(policies: list[Any], action: str, resource: str, context: Context) -> bool:
    """Allowed by one statement and denied by none."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in _statements(policy)
        if _names(statement, action, resource, context)
        and _holds(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def _statements(policy: Any) -> list[dict[str, Any]]:
    document = _read(policy) if isinstance(policy, str) else policy
    return _listed(document["Statement"])


@lru_cache(maxsize=1000)
def _read(policy: str) -> Any:
    return json.loads(policy)


def _names(statement: dict[str, Any], action: str, resource: str, context: Context) -> bool:
    """Whether a statement is about an action and a resource; trust policies name no resource.

    A variable that the request has no value for may void its whole statement (IAM user guide, "IAM
    policy elements: Variables and tags"): here it always does.
    """
    actions = [name.lower() for name in _listed(statement.get("Action", []))]
    others = [name.lower() for name in _listed(statement.get("NotAction", []))]
    about = _any_like(action.lower(), actions or others) == bool(actions)
    element = next((one for one in ("Resource", "NotResource") if one in statement), None)
    if not (about and element):
        return about
    named = [_filled(pattern, context) for pattern in _listed(statement[element])]
    patterns = [pattern for pattern in named if pattern is not None]
    if len(patterns) < len(named):
        return False
    return _any_like(resource.translate(_LITERAL), patterns) == (element == "Resource")


def _filled(pattern: str, context: Context) -> str | None:
    """A pattern with the values of its variables, which match only themselves; None without one."""
    if "${" not in pattern:
        return pattern
    lowered = {key.lower(): value for key, value in context.items()}
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        known = lowered.get(found[1].lower())
        missing = missing or not isinstance(known, str)
        return str(known).translate(_LITERAL)

    filled = _VARIABLE.sub(value, pattern)
    return None if missing else filled


def _is_principal(statement: dict[str, Any], known: set[str]) -> bool:
    if "NotPrincipal" in statement:
        return not _is_principal({"Principal": statement["NotPrincipal"]}, known)
    named = statement.get("Principal", {})
    if named == "*":
        return True
    kinds = ("AWS", "Service", "Federated")
    principals = [name for kind in kinds for name in _listed(named.get(kind, []))]
    return any(name == "*" or name in known for name in principals)


def _holds(conditions: dict[str, dict[str, Any]], context: Context) -> bool:
    """All operators, all keys; for each key any of its values."""
    lowered = {key.lower(): value for key, value in context.items()}
    return all(
        _condition(operator, lowered.get(key.lower()), [str(v) for v in _listed(wanted)])
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _condition(operator: str, actual: str | list[str] | None, wanted: list[str]) -> bool:
    quantifier, _, plain = operator.rpartition(":")
    name = plain.removesuffix("IfExists")
    if name == "Null":
        return (actual is None) == (wanted[0].lower() == "true")
    test, negated = _OPERATORS[name]
    if actual is None:
        return negated or name != plain or quantifier == "ForAllValues"
    found = [any(test(value, one) for one in wanted) != negated for value in _listed(actual)]
    return all(found) if quantifier == "ForAllValues" or negated else any(found)


def _any_like(value: str, patterns: list[str]) -> bool:
    return any(_like(value, pattern) for pattern in patterns)


def _like(value: str, pattern: str) -> bool:
    if "*" not in pattern and "?" not in pattern:
        return value == pattern
    return _regex(pattern).fullmatch(value) is not None


@lru_cache(maxsize=10_000)
def _regex(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(text, re.DOTALL)


def _arn_like(value: str, pattern: str) -> bool:
    """Part by part: a wildcard does not reach over a colon, but for those of the resource."""
    mine, theirs = value.split(":", 5), pattern.split(":", 5)
    return len(mine) == len(theirs) and all(map(_like, mine, theirs))


def _date(text: str) -> datetime:
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_network(value: str, network: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_Test = Callable[[str, str], bool]
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "LessThan": lambda a, b: a < b,
    "LessThanEquals": lambda a, b: a <= b,
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanEquals": lambda a, b: a >= b,
    "Equals": lambda a, b: a == b,
}


def _ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> _Test:
    return lambda value, wanted: compare(read(value), read(wanted))


_OPERATORS: dict[str, tuple[_Test, bool]] = {
    "StringEquals": (str.__eq__, False),
    "StringNotEquals": (str.__eq__, True),
    "StringEqualsIgnoreCase": (lambda a, b: a.lower() == b.lower(), False),
    "StringNotEqualsIgnoreCase": (lambda a, b: a.lower() == b.lower(), True),
    "StringLike": (_like, False),
    "StringNotLike": (_like, True),
    "ArnEquals": (_arn_like, False),
    "ArnLike": (_arn_like, False),
    "ArnNotEquals": (_arn_like, True),
    "ArnNotLike": (_arn_like, True),
    "Bool": (lambda a, b: a.lower() == b.lower(), False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
    "DateNotEquals": (_ordered(_date, _ORDER["Equals"]), True),
    "NumericNotEquals": (_ordered(float, _ORDER["Equals"]), True),
    **{f"Date{name}": (_ordered(_date, test), False) for name, test in _ORDER.items()},
    **{f"Numeric{name}": (_ordered(float, test), False) for name, test in _ORDER.items()},
}
