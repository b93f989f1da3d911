"""A role as somebody made it by hand, and remarks about what becomes of its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Document = Mapping[str, Any]
Kind = Literal["lost", "wider", "added", "decide"]

_OURS = {
    ("bool", "aws:securetransport"),
    ("datelessthan", "aws:currenttime"),
    ("dategreaterthan", "aws:currenttime"),
    ("dategreaterthanequals", "aws:currenttime"),
}


@dataclass(frozen=True)
class HandMade:
    """A role with all its policies, inline and attached, by their names."""

    name: str
    arn: str
    trust_policy: Document
    policies: Mapping[str, Document]
    description: str = ""
    max_session_duration: int = 3600
    tags: Mapping[str, str] = field(default_factory=dict)
    boundary_arn: str | None = None


@dataclass(frozen=True, order=True)
class Note:
    """A remark about the import.

    `lost` is a permission or trust that the config does not give, `wider` a restriction that it
    does not keep, `added` what it gives besides, `decide` what a person has to look at.
    """

    kind: Kind
    text: str


def statements(document: Document) -> list[Mapping[str, Any]]:
    """The statements of a policy document; one alone need not stand in a list."""
    found = document.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def listed(value: Any) -> list[str]:
    """A text or a list of texts as a list."""
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Operator, key and values of each condition, as they are written."""
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, value in keys.items():
            values = [str(item).lower() if isinstance(item, bool) else item for item in _all(value)]
            yield operator, key, [str(item) for item in values]


def is_ours(operator: str, key: str) -> bool:
    """Whether Latchkey sets such a condition by itself: dates and HTTPS."""
    return (operator.lower(), key.lower()) in _OURS


def dates(document: Document) -> dict[str, str]:
    """`starts_at` and `expires_at`, as far as the statements of a document carry them."""
    found: dict[str, str] = {}
    for statement in statements(document):
        for operator, key, values in conditions(statement):
            if key.lower() == "aws:currenttime" and values:
                if operator.lower() in ("datelessthan", "datelessthanequals"):
                    found.setdefault("expires_at", min(values))
                elif operator.lower() in ("dategreaterthan", "dategreaterthanequals"):
                    found.setdefault("starts_at", max(values))
    return found


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
