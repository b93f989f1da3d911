"""What a trust policy really asks of a caller: conditions that keep somebody out.

A condition keeps nobody out when a request without its key fulfils it. That is so for negated
operators, for `ForAllValues:` and for operators with `IfExists` (IAM user guide, "IAM JSON policy
elements: Condition operators" and "Multivalued context keys"), and `Null` asks for a key, with any
value. What denies everybody who does not fulfil something asks for it, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from latchkey.iam.condition import Condition
from latchkey.iam.statement import Statement

EXTERNAL_ID = "sts:externalid"
_TIME = frozenset({"aws:currenttime", "aws:epochtime"})
_ENDS = ("datelessthan", "numericlessthan", "dateequals", "numericequals")
_POSITIVE = frozenset(
    {
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "arnequals",
        "arnlike",
        "ipaddress",
        "bool",
        "binaryequals",
        "numericequals",
    }
)
_PATTERNS = frozenset({"stringlike", "arnlike", "arnequals"})
_NARROWING = ("resource", "tag", "s3:prefix", "kms:viaservice", "secretsmanager:secretid")
_NOT_NARROWING = ("aws:resourceaccount", "aws:resourceorg", "aws:principal")
"""Keys of the account itself, and of who calls: they leave every resource within reach."""
_LEAST_LITERAL = 8
"""The characters that a pattern has to fix until it stands for a value that has to be known."""


@dataclass(frozen=True)
class Requirement:
    """One condition key that a request must have, with one of the values.

    `key` is in lower case. In `patterns`, `*` and `?` are wildcards.
    """

    key: str
    values: tuple[str, ...]
    patterns: bool

    def fixed(self) -> bool:
        """Whether each value is one text, without wildcards and policy variables."""
        return not any(self.wild(value) for value in self.values)

    def wild(self, value: str) -> bool:
        """Whether a value stands for more than one text."""
        return "${" in value or (self.patterns and ("*" in value or "?" in value))

    def open(self) -> bool:
        """Whether one of the values is fulfilled by what a caller can make up or guess."""
        return any(self.wild(value) and _literal(value) < _LEAST_LITERAL for value in self.values)


@dataclass(frozen=True)
class Asked:
    """What an Allow asks for: `requirements`, and whether it `ends` at some time."""

    requirements: tuple[Requirement, ...] = ()
    ends: bool = False

    def of(self, key: str) -> list[Requirement]:
        """The requirements of a key in lower case: all of them have to be fulfilled."""
        return [one for one in self.requirements if one.key == key]

    def values(self, *keys: str) -> tuple[str, ...] | None:
        """The texts of which one is required for one of the keys, or None if any text will do."""
        for key in keys:
            for one in self.of(key):
                if one.fixed():
                    return one.values
        return None


def asked(allow: Statement, denials: Iterable[Statement]) -> Asked:
    """What a statement asks for, by its own conditions and by Deny statements for everybody."""
    conditions = [*allow.conditions]
    for denial in denials:
        conditions += _turned(denial)
    found = tuple(filter(None, map(_requirement, conditions)))
    return Asked(found, any(map(_ends, conditions)))


def _requirement(condition: Condition) -> Requirement | None:
    """What a condition asks for, or None where a request without its key fulfils it."""
    operator = condition.operator.lower()
    if operator.startswith("forallvalues:") or operator.endswith("ifexists"):
        return None
    base = operator.rpartition(":")[2]
    if base not in _POSITIVE or not condition.values:
        return None
    return Requirement(condition.key.lower(), condition.values, base in _PATTERNS)


def _ends(condition: Condition) -> bool:
    """Whether it is false from some time on; the time is part of every request."""
    base = condition.operator.lower().removesuffix("ifexists")
    return condition.key.lower() in _TIME and base.startswith(_ENDS) and bool(condition.values)


def _turned(denial: Statement) -> Iterator[Condition]:
    """What a Deny with one condition asks of everybody: the opposite of the condition.

    With several conditions it denies only where all of them hold, which asks for nothing certain.
    """
    if len(denial.conditions) != 1:
        return
    (one,) = denial.conditions
    operator = one.operator.lower().removesuffix("ifexists")
    if one.operator.lower().endswith("ifexists") and "not" not in operator:
        return
    if "not" in operator and ":" not in operator:
        yield _with_operator(one, operator.replace("not", "", 1))
    elif operator.startswith("dategreaterthan"):
        yield _with_operator(one, "datelessthan")


def _with_operator(condition: Condition, operator: str) -> Condition:
    """The same condition with another operator."""
    return Condition(operator, condition.key, condition.values)


def narrows(condition: Condition) -> bool:
    """Whether a condition leaves only resources with a name or tag that it says."""
    asked = _requirement(condition)
    if asked is None or asked.key.startswith(_NOT_NARROWING):
        return False
    named = all(set(value) - set("*?") for value in asked.values)
    return named and any(word in asked.key for word in _NARROWING)


def external_ids(found: Asked) -> Requirement | None:
    """The requirement of an external ID that is hardest to fulfil by chance, or None."""
    real = [one for one in found.of(EXTERNAL_ID) if not one.open()]
    return next((one for one in real if one.fixed()), real[0] if real else None)


def _literal(value: str) -> int:
    return 0 if "${" in value else sum(letter not in "*?" for letter in value)
