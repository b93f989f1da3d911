"""The conditions that Latchkey itself writes into policies: dates, HTTPS, our own account."""

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.statement import Statement, statements_of

_TIME = "aws:currenttime"
_BEFORE = ("datelessthan", "datelessthanequals")
_AFTER = ("dategreaterthan", "dategreaterthanequals")


def written_by_latchkey(condition: Condition) -> bool:
    """Whether Latchkey writes such a condition by itself, so that the config need not keep it."""
    operator, key = condition.operator.lower(), condition.key.lower()
    if (operator, key) == ("bool", "aws:securetransport"):
        return condition.values == ("true",)
    if (operator, key) == ("stringequals", "aws:resourceaccount"):
        return len(condition.values) == 1  # a role reaches into its own account, for all we know
    return key == _TIME and operator in (*_BEFORE, *_AFTER) and len(condition.values) == 1


def is_a_date_for_everything(statement: Statement) -> bool:
    """Whether a statement denies everything outside of a time, as the dates of a config do."""
    everything = "*" in statement.actions and "*" in statement.resources
    conditions = statement.conditions
    dated = len(conditions) == 1 and conditions[0].key.lower() == _TIME
    return (
        statement.effect == "Deny" and everything and dated and written_by_latchkey(conditions[0])
    )


def dates(document: Document) -> dict[str, str]:
    """`starts_at` and `expires_at`, if the statements of a document have such conditions."""
    found: dict[str, str] = {}
    for statement in statements_of(document):
        denies = is_a_date_for_everything(statement)
        if statement.effect != "Allow" and not denies:
            continue
        for condition in statement.conditions:
            if not (condition.key.lower() == _TIME and written_by_latchkey(condition)):
                continue
            before = condition.operator.lower() in _BEFORE
            name = "expires_at" if before != denies else "starts_at"
            found.setdefault(name, condition.values[0])
    return found
