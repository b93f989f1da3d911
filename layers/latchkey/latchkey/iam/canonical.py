"""Policies compared by meaning, so that two spellings of one policy are no difference."""

import json
import re
from typing import Any

from latchkey.iam.values import listed, texts

_ROOT = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):root")


def canonical(document: Any) -> str:
    """One text for all spellings of a policy document.

    IAM treats a scalar as a list of one, lists as sets, an account ID as its root's ARN, booleans
    in conditions as strings, and condition keys without regard to case (IAM user guide, "IAM JSON
    policy elements: Condition"); the order of statements has no meaning either.
    """
    one = canonical_policy(document)
    if isinstance(one, dict):
        one = one | {"Statement": _in_order([_keys_in_lower_case(s) for s in one["Statement"]])}
    return json.dumps(one, sort_keys=True, separators=(",", ":"))


def same_policy(one: Any, other: Any) -> bool:
    """Whether two policy documents mean the same."""
    return canonical(one) == canonical(other)


def statements(document: Any) -> list[Any]:
    """The statements of a policy document, each in one spelling, in one order."""
    return _in_order([_statement(statement) for statement in listed(document.get("Statement"))])


def canonical_policy(document: Any) -> Any:
    """A policy document as JSON data, in one spelling but for the case of condition keys."""
    if not isinstance(document, dict):
        return document
    rest = {key: value for key, value in document.items() if key != "Statement"}
    return rest | {"Statement": statements(document)}


def _statement(statement: Any) -> Any:
    if not isinstance(statement, dict):
        return statement
    return {key: _element(key, value) for key, value in statement.items()}


def _element(key: str, value: Any) -> Any:
    match key:
        case "Condition" if isinstance(value, dict):
            return {
                operator: {name: _values(found) for name, found in keys.items()}
                for operator, keys in value.items()
                if isinstance(keys, dict)
            }
        case "Principal" | "NotPrincipal" if isinstance(value, dict):
            return {kind: _principals(found) for kind, found in value.items()}
        case "Action" | "NotAction" | "Resource" | "NotResource":
            return _values(value)
        case _:
            return value


def _in_order(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda statement: json.dumps(statement, sort_keys=True))


def _keys_in_lower_case(statement: Any) -> Any:
    conditions = statement.get("Condition") if isinstance(statement, dict) else None
    if not isinstance(conditions, dict):
        return statement
    lower = {operator: _lowered(keys) for operator, keys in conditions.items()}
    return statement | {"Condition": lower}


def _lowered(keys: dict[str, Any]) -> dict[str, Any]:
    """Two spellings of one key, all of which have to hold, stay as they are."""
    lower = {name.lower(): found for name, found in keys.items()}
    return lower if len(lower) == len(keys) else keys


def _values(value: Any) -> list[str]:
    return sorted(set(texts(value)))


def _principals(value: Any) -> list[str]:
    """Accounts only: a condition's value that looks like a root's ARN is no account."""
    roots = ((text, _ROOT.fullmatch(text)) for text in _values(value))
    return sorted({root[1] if root else text for text, root in roots})
