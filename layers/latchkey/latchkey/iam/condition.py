"""Conditions of policies: when one is at least as strict as another."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from latchkey.frozen import Ordered


class Condition(Ordered):
    """One condition of a statement: any of the values, compared by the operator with the key."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def about(self) -> tuple[str, str]:
        """What the condition is about; keys are the same in any case (IAM user guide)."""
        return self.operator, self.key.lower()

    @property
    def test(self) -> str:
        """The operator without `ForAllValues:`, `ForAnyValue:` and `IfExists`."""
        return self.operator.rpartition(":")[2].removesuffix("IfExists")


Conditions = frozenset[Condition]
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def implies(strict: Iterable[Condition], loose: Iterable[Condition]) -> bool:
    """Whether whatever fulfils all of `strict` is sure to fulfil all of `loose`."""
    held = list(strict)
    return all(any(at_least_as_strict(one, other) for one in held) for other in loose)


def at_least_as_strict(one: Condition, other: Condition) -> bool:
    """Whether what fulfils one condition is sure to fulfil the other; no for all that is unclear.

    An empty list of values counts in IAM as if the condition were not there.
    """
    if one.about != other.about:
        return _rules_out(one, other)
    if set(one.values) == set(other.values):
        return True
    if not one.values:
        return False
    if order := _ORDERED.get(one.test):
        return order(one.values, other.values)
    wider = _WIDER.get(one.test.replace("Not", "", 1))
    if wider is None:
        return False
    wide, narrow = other.values, one.values
    if "Not" in one.test:  # of what is kept out, the stricter one keeps out more
        wide, narrow = narrow, wide
    return all(any(wider(big, small) for big in wide) for small in narrow)


def _rules_out(one: Condition, other: Condition) -> bool:
    """Whether values that are all among some are sure to be none of those that `other` names.

    What a variable (`${…}`) stands for is not known here.
    """
    keeps_out = _RULES_OUT.get(other.operator)
    if keeps_out is None or one.about != (_ALL_EQUAL, other.key.lower()) or not one.values:
        return False
    if "${" in f"{one.values}{other.values}":
        return False
    return not any(keeps_out(big, small) for big in other.values for small in one.values)


def wider(pattern: str, target: str) -> bool:
    """Whether a pattern (`*` any text, `?` any one character) matches all that a target matches.

    Variables (`${…}`) stand for texts that are not known here: what a target has may be any text.
    """
    if pattern == target:
        return True
    reached = _VARIABLE.sub("*", target)
    if "${" in pattern or ("?" in pattern and "*" in reached):
        return False
    return fnmatchcase(reached, pattern.replace("[", "[[]"))


def _wider_arn(pattern: str, target: str) -> bool:
    """Part by part: a wildcard does not reach over a colon, but for those of the resource.

    What a variable stands for may have colons.
    """
    if "${" in target:
        return pattern == target
    mine, theirs = pattern.split(":", 5), target.split(":", 5)
    return len(mine) == len(theirs) and all(map(wider, mine, theirs))


def _wider_network(big: str, small: str) -> bool:
    try:
        outer, inner = ip_network(big, strict=False), ip_network(small, strict=False)
    except ValueError:
        return False
    match outer, inner:
        case (IPv4Network() as wide, IPv4Network() as narrow):
            return narrow.subnet_of(wide)
        case (IPv6Network() as wide, IPv6Network() as narrow):
            return narrow.subnet_of(wide)
        case _:
            return False


def _same_case_aside(one: str, other: str) -> bool:
    return one.lower() == other.lower()


_WIDER: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": _same_case_aside,
    "StringLike": wider,
    "ArnEquals": _wider_arn,
    "ArnLike": _wider_arn,
    "Bool": _same_case_aside,
    "BinaryEquals": str.__eq__,
    "NumericEquals": str.__eq__,
    "DateEquals": str.__eq__,
    "IpAddress": _wider_network,
}
_ALL_EQUAL = "ForAllValues:StringEquals"
_RULES_OUT: Mapping[str, Callable[[str, str], bool]] = {
    "ForAllValues:StringNotEquals": str.__eq__,
    "ForAllValues:StringNotEqualsIgnoreCase": _same_case_aside,
    "ForAllValues:StringNotLike": wider,
}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _date(text: str) -> datetime:
    """A time that names its offset; IAM's other forms are not compared."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _ordered(read: Callable[[str], Any], *, below: bool) -> Callable[..., bool]:
    """Of several values the one that lets most through counts."""

    def strict(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        try:
            mine, theirs = [*map(read, one)], [*map(read, other)]
        except ValueError:
            return False
        if not theirs:
            return False
        return bool(max(mine) <= max(theirs) if below else min(mine) >= min(theirs))

    return strict


_ORDERED: Mapping[str, Callable[..., bool]] = {
    f"{kind}{name}{equals}": _ordered(read, below=name == "LessThan")
    for kind, read in (("Date", _date), ("Numeric", _number))
    for name in ("LessThan", "GreaterThan")
    for equals in ("", "Equals")
}
