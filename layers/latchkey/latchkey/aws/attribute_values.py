"""DynamoDB's attribute values, for the types that the grant table holds.

boto3's serializer knows more types, but brings boto3's sessions and resources with it, which no
function needs: a tenth of a cold start (decision 20).
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any


def serialize(value: Any) -> dict[str, Any]:
    """A plain value as an attribute value.

    Raises
    ------
    TypeError
        When it is of a type that the table does not hold, or an empty set, which DynamoDB has not.
    """
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case bytes():
            return {"B": value}
        case int() | Decimal():
            return {"N": str(value)}
        case list() | tuple():
            return {"L": [serialize(item) for item in value]}
        case dict():
            return {"M": {key: serialize(item) for key, item in value.items()}}
        case set() | frozenset() if value and all(isinstance(item, str) for item in value):
            return {"SS": sorted(value)}
        case _:
            raise TypeError(f"the grant table holds no {type(value).__name__} like this")


def deserialize(value: dict[str, Any]) -> Any:
    """An attribute value as a plain value; numbers are Decimal, as boto3 has them."""
    ((kind, found),) = value.items()
    return _PLAIN[kind](found)


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "NULL": lambda _: None,
    "BOOL": bool,
    "S": str,
    "B": bytes,
    "N": Decimal,
    "L": lambda items: [deserialize(item) for item in items],
    "M": lambda items: {key: deserialize(item) for key, item in items.items()},
    "SS": set,
}
