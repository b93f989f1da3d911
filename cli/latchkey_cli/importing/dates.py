"""The conditions that Latchkey itself writes into policies: dates, HTTPS, our own account."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.statement import Statement, statements_of
from latchkey.iam.values import listed

_TIME = "aws:currenttime"
_BEFORE = ("datelessthan", "datelessthanequals")
_AFTER = ("dategreaterthan", "dategreaterthanequals")
_OWN = "aws:resourceaccount"


class Dates(Frozen):
    """The times in conditions, as they are written: when something ends, and when it begins."""

    ends: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()

    def end(self) -> datetime | None:
        """The first end; None without one that can be read."""
        return min(_read(self.ends), default=None)

    def begin(self) -> datetime | None:
        """The last beginning."""
        return max(_read(self.begins), default=None)

    def unread(self) -> list[str]:
        """The times that are of no form that IAM documents."""
        return [text for text in (*self.ends, *self.begins) if moment(text) is None]


def moment(text: str) -> datetime | None:
    """A time as IAM takes it: ISO 8601, UTC without an offset, or the seconds of a UNIX time.

    Source: IAM user guide, "IAM JSON policy elements: Condition operators", "Date condition
    operators".
    """
    try:
        if text.isdecimal() and len(text) > len("2030"):
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(texts: Iterable[str]) -> Iterator[datetime]:
    return (found for text in texts if (found := moment(text)))


def written_by_latchkey(condition: Condition) -> bool:
    """Whether Latchkey writes such a condition by itself, so that the config need not keep it."""
    operator, key = condition.operator.lower(), condition.key.lower()
    if (operator, key) == ("bool", "aws:securetransport"):
        return condition.values == ("true",)
    return key == _TIME and operator in (*_BEFORE, *_AFTER) and len(condition.values) == 1


def without_own_account(document: Document, account: str) -> Document:
    """A document whose Allow statements do not ask for resources of the account itself.

    Latchkey asks for them where an ARN does not say so.
    """
    return {**document, "Statement": [_plain(one, account) for one in listed_statements(document)]}


def _plain(statement: Any, account: str) -> Any:
    asked = statement.get("Condition") if isinstance(statement, dict) else None
    if not isinstance(asked, dict) or statement.get("Effect") != "Allow":
        return statement
    kept: dict[str, Any] = {}
    for operator, keys in asked.items():
        if not isinstance(keys, dict):
            return statement
        own = [
            key
            for key, value in keys.items()
            if operator.lower() == "stringequals"
            and key.lower() == _OWN
            and listed(value) == [account]
        ]
        if left := {key: value for key, value in keys.items() if key not in own}:
            kept[operator] = left
    return {**statement, "Condition": kept}


def listed_statements(document: Document) -> list[Any]:
    """The statements of a document as they are written."""
    return listed(document.get("Statement"))


def is_a_date_for_everything(statement: Statement) -> bool:
    """Whether a statement denies everything outside of a time, as the dates of a config do."""
    everything = "*" in statement.actions and "*" in statement.resources
    conditions = statement.conditions
    dated = len(conditions) == 1 and conditions[0].key.lower() == _TIME
    return (
        statement.effect == "Deny" and everything and dated and written_by_latchkey(conditions[0])
    )


def dates(document: Document) -> tuple[Dates, list[Dates]]:
    """The dates for everything, by Deny statements, and those of each Allow statement."""
    statements = list(statements_of(document))
    general = [_dates(one) for one in statements if is_a_date_for_everything(one)]
    own = [_dates(one) for one in statements if one.effect == "Allow"]
    return joined(general), own


def joined(several: Iterable[Dates]) -> Dates:
    """All dates together."""
    all_of_them = list(several)
    return Dates(
        ends=tuple(end for one in all_of_them for end in one.ends),
        begins=tuple(begin for one in all_of_them for begin in one.begins),
    )


def _dates(statement: Statement) -> Dates:
    found: dict[bool, list[str]] = {True: [], False: []}
    denies = statement.effect == "Deny"
    for one in statement.conditions:
        if one.key.lower() == _TIME and written_by_latchkey(one):
            before = one.operator.lower() in _BEFORE
            found[before != denies].append(one.values[0])
    return Dates(ends=tuple(found[True]), begins=tuple(found[False]))
