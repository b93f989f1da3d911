"""The conditions that Latchkey itself writes into every policy: dates and HTTPS."""

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.statement import statements_of

_WRITTEN = {
    ("bool", "aws:securetransport"),
    ("datelessthan", "aws:currenttime"),
    ("dategreaterthan", "aws:currenttime"),
    ("dategreaterthanequals", "aws:currenttime"),
}


def written_by_latchkey(condition: Condition) -> bool:
    """Whether Latchkey writes such a condition by itself, so that the config need not keep it."""
    return (condition.operator.lower(), condition.key.lower()) in _WRITTEN


def dates(document: Document) -> dict[str, str]:
    """`starts_at` and `expires_at`, if the statements of a document have such conditions."""
    found: dict[str, str] = {}
    for statement in statements_of(document):
        for condition in statement.conditions:
            if condition.key.lower() != "aws:currenttime" or not condition.values:
                continue
            if condition.operator.lower() in ("datelessthan", "datelessthanequals"):
                found.setdefault("expires_at", min(condition.values))
            elif condition.operator.lower() in ("dategreaterthan", "dategreaterthanequals"):
                found.setdefault("starts_at", max(condition.values))
    return found
