"""What to tell the policy simulator of a request, so that the conditions of a statement are met.

The simulator compares by the type of an entry, so that a key of the wrong type meets nothing (IAM
API reference, ContextEntry). Service control policies of the account's organization are simulated
too, and mostly ask for the Region (IAM user guide, "Testing IAM policies with the IAM policy
simulator").
"""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from latchkey.iam.values import texts
from latchkey.times import instant, parse_instant

Context: TypeAlias = dict[str, tuple[str, str]]
"""Condition keys, each with a type of the simulator and a value."""

NOW = "aws:CurrentTime"
_TYPES = {
    "String": "string",
    "Arn": "string",
    "Null": "string",
    "Numeric": "numeric",
    "Date": "date",
    "Bool": "boolean",
    "IpAddress": "ip",
    "Binary": "binary",
}
_SETS = ("ForAnyValue:", "ForAllValues:")
_UPPER = ("LessThan", "LessThanEquals")


def fulfilling(conditions: Mapping[str, Any], now: datetime, region: str) -> Context:
    """A context that fulfils a statement's conditions, at `now` or when its grant has begun.

    Negated operators are met by a key that is missing, and `Null` may ask for just that.
    """
    context: Context = {
        "aws:RequestedRegion": ("string", region),
        "aws:SecureTransport": ("boolean", "true"),
    }
    # What is an upper bound gives way to a lower one, and both to what names the value itself.
    for operator in sorted(conditions, key=_precedence):
        for key, value in conditions[operator].items():
            found = _entry(operator, texts(value)[0])
            if found and key != NOW:
                context[key] = found
    start = conditions.get("DateGreaterThanEquals", {}).get(NOW)
    started = max(now, parse_instant(start)) if start else now
    return {**context, NOW: ("date", instant(started))}


def concrete(pattern: str) -> str:
    """A text that a pattern of IAM matches; not every such text is as good as another."""
    return pattern.replace("*", "example").replace("?", "x")


def _precedence(operator: str) -> int:
    plain = _plain(operator)
    return 0 if plain == "Null" else 1 if plain.endswith(_UPPER) else 2 if "Than" in plain else 3


def _plain(operator: str) -> str:
    return operator.rpartition(":")[2].removesuffix("IfExists")


def _entry(operator: str, value: str) -> tuple[str, str] | None:
    plain = _plain(operator)
    if "Not" in plain or (plain == "Null" and value.lower() == "true"):
        return None
    family = next(name for name in _TYPES if plain.startswith(name))
    kind = _TYPES[family] + ("List" if operator.startswith(_SETS) else "")
    try:
        return kind, _value(family, plain.removeprefix(family), value)
    except ValueError:  # no date, number or network as we read them; AWS may
        return kind, value


def _value(family: str, comparison: str, value: str) -> str:
    """A value that meets a comparison; `value` is what a policy says."""
    step = {"LessThan": -1, "GreaterThan": 1}.get(comparison, 0)
    match family:
        case "String" | "Arn":
            return concrete(value) if comparison == "Like" or family == "Arn" else value
        case "Null":
            return "example"
        case "Numeric":
            return f"{float(value) + step:g}"
        case "Date":
            return instant(parse_instant(value) + timedelta(days=step)) if step else value
        case "IpAddress":
            return str(ipaddress.ip_network(value, strict=False)[0])
        case "Bool":
            return value.lower()
        case _:
            return value
