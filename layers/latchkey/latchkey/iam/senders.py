"""Who may send to a queue, by its policy."""

from collections.abc import Iterator, Mapping
from typing import Any

_EVERYBODY: tuple[Any, ...] = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_SENDS = {"*", "sqs:*", "sqs:send*", "sqs:sendmessage"}
_ARN, _ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
_NEGATED = {_ARN: {"arnnotequals", "arnnotlike", "stringnotequals"}, _ACCOUNT: {"stringnotequals"}}


def denies_all_but(policy: Mapping[str, Any], source_arn: str, account: str) -> bool:
    """Whether a policy denies everybody to send unless a service does so for a source of ours.

    Only a statement without further conditions counts: each would let somebody through. A negated
    condition holds, and the statement denies, where a request lacks the key (IAM user guide, "IAM
    JSON policy elements: Condition operators").
    """
    denied = {each for statement in _statements(policy) if (each := _denies(statement))}
    return {(_ARN, source_arn), (_ACCOUNT, account)} <= denied


def _denies(statement: Mapping[str, Any]) -> tuple[str, str] | None:
    """The key and the one value that alone keep a statement from denying everybody to send."""
    actions = {str(action).lower() for action in _listed(statement.get("Action"))}
    general = statement.get("Principal") in _EVERYBODY and statement.get("Effect") == "Deny"
    conditions = statement.get("Condition") or {}
    tests = [
        (operator.lower(), key.lower(), values)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    ]
    if not (general and actions & _SENDS and len(tests) == 1):
        return None
    ((operator, key, given),) = tests
    values = _listed(given)
    if operator not in _NEGATED.get(key, ()) or len(values) != 1:
        return None
    return key, str(values[0])


def _statements(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in _listed(policy.get("Statement")) if isinstance(one, Mapping))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
