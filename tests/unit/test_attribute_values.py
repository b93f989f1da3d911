"""What the grant table holds comes back from DynamoDB's form as it was, as boto3 has it."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from latchkey.aws.attribute_values import deserialize, serialize

VALUES: list[Any] = [
    "text",
    "",
    True,
    False,
    None,
    7,
    Decimal("1.5"),
    [],
    ["a", [1]],
    {"a": {"b": [None]}},
    {"a"},
    b"bytes",
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_value_is_written_and_read_as_boto3_does(value: Any) -> None:
    assert serialize(value) == TypeSerializer().serialize(value)
    written: Any = serialize(value)
    assert deserialize(written) == TypeDeserializer().deserialize(written)


def test_tuple_is_a_list_and_frozenset_a_set() -> None:
    assert serialize(("a",)) == {"L": [{"S": "a"}]}
    assert serialize(frozenset({"b", "a"})) == {"SS": ["a", "b"]}


@pytest.mark.parametrize("value", [set(), {1}, 1.5, object], ids=repr)
def test_what_the_table_does_not_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="the grant table holds no"):
        serialize(value)
