"""Policies compared by meaning, so that two spellings of one policy are no difference."""

import json
import re
from typing import Any

from latchkey.iam.values import listed, texts

_ROOT = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):root")


def canonical(document: Any) -> str:
    """One text for all spellings of a policy document.

    IAM treats a scalar as a list of one, lists as sets, an account ID as its root's ARN, and
    booleans in conditions as strings; the order of statements has no meaning either.
    """
    return json.dumps(canonical_policy(document), sort_keys=True, separators=(",", ":"))


def same_policy(one: Any, other: Any) -> bool:
    """Whether two policy documents mean the same."""
    return canonical(one) == canonical(other)


def statements(document: Any) -> list[Any]:
    """The statements of a policy document, each in one spelling, in one order."""
    found = [_statement(statement) for statement in listed(document.get("Statement"))]
    return sorted(found, key=lambda statement: json.dumps(statement, sort_keys=True))


def canonical_policy(document: Any) -> Any:
    """A policy document as JSON data, in the one spelling."""
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


def _values(value: Any) -> list[str]:
    return sorted(set(texts(value)))


def _principals(value: Any) -> list[str]:
    """Accounts only: a condition's value that looks like a root's ARN is no account."""
    roots = ((text, _ROOT.fullmatch(text)) for text in _values(value))
    return sorted({root[1] if root else text for text, root in roots})
