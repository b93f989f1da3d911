"""The simulator is told of a request that fulfils the conditions, in types that it compares by."""

from typing import Any

import boto3
import pytest

from latchkey.grants.simulation_context import fulfilling
from latchkey.services.custom.rules import conditions as custom_conditions
from sandbox.iam.authorisation import allowed
from tests.kit.examples import NOW

_SHAPE: Any = boto3.client("iam").meta.service_model.shape_for("ContextKeyTypeEnum")
KINDS = set(_SHAPE.enum)
CASES: list[tuple[str, Any, tuple[str, str] | None]] = [
    ("StringEquals", ["a", "b"], ("string", "a")),
    ("StringEqualsIgnoreCase", "A", ("string", "A")),
    ("StringLike", "in/*/x?", ("string", "in/example/xx")),
    ("StringEqualsIfExists", "a", ("string", "a")),
    ("ForAllValues:StringEquals", ["a"], ("stringList", "a")),
    ("ForAnyValue:StringLike", ["a*"], ("stringList", "aexample")),
    ("StringNotEquals", "a", None),
    ("StringNotLike", "a*", None),
    ("NumericLessThan", "10", ("numeric", "9")),
    ("NumericLessThanEquals", "10", ("numeric", "10")),
    ("NumericGreaterThan", "10", ("numeric", "11")),
    ("NumericNotEquals", "1", None),
    ("DateLessThan", "2030-01-02T00:00:00Z", ("date", "2030-01-01T00:00:00Z")),
    ("DateGreaterThan", "2030-01-01T00:00:00Z", ("date", "2030-01-02T00:00:00Z")),
    ("DateEquals", "2030-01-01T00:00:00Z", ("date", "2030-01-01T00:00:00Z")),
    ("DateNotEquals", "2030-01-01T00:00:00Z", None),
    ("Bool", "True", ("boolean", "true")),
    ("BoolIfExists", "false", ("boolean", "false")),
    ("IpAddress", "203.0.113.0/24", ("ip", "203.0.113.0")),
    ("NotIpAddress", "203.0.113.0/24", None),
    ("ArnLike", "arn:aws:s3:::b*", ("string", "arn:aws:s3:::bexample")),
    ("ArnEquals", "arn:aws:s3:::b", ("string", "arn:aws:s3:::b")),
    ("ArnNotLike", "arn:aws:s3:::b*", None),
    ("BinaryEquals", "aGk=", ("binary", "aGk=")),
    ("Null", "false", ("string", "example")),
    ("Null", "true", None),
]


@pytest.mark.parametrize(("operator", "value", "expected"), CASES)
def test_each_operator_has_a_type_and_a_value_that_meets_it(
    operator: str, value: Any, expected: tuple[str, str] | None
) -> None:
    asked = {operator: {"s3:key": value}}
    assert custom_conditions(asked) == asked, "a custom statement may have it"
    context = fulfilling(asked, NOW, "eu-west-1")
    assert context.get("s3:key") == expected
    if expected:
        assert expected[0] in KINDS
    if operator != "BinaryEquals":  # the sandbox's evaluation of policies has no such operator
        statement = {"Effect": "Allow", "Action": "s3:Get", "Resource": "*", "Condition": asked}
        known: dict[str, Any] = {key: text for key, (_, text) in context.items()}
        assert allowed([{"Statement": [statement]}], None, "s3:Get", "arn:aws:s3:::b", known)


@pytest.mark.parametrize("operator", ["DateLessThan", "NumericLessThan", "IpAddress"])
def test_value_that_cannot_be_read_is_handed_on(operator: str) -> None:
    kind, value = fulfilling({operator: {"s3:key": "what?"}}, NOW, "r")["s3:key"]
    assert (kind in KINDS, value) == (True, "what?")


def test_bounds_on_both_sides_are_met_by_the_lower() -> None:
    both = {
        "NumericGreaterThanEquals": {"s3:max-keys": "5"},
        "NumericLessThan": {"s3:max-keys": "10"},
    }
    assert fulfilling(both, NOW, "r")["s3:max-keys"] == ("numeric", "5")
    there = {"Null": {"s3:x": "false"}, "StringEquals": {"s3:x": "a"}}
    assert fulfilling(there, NOW, "r")["s3:x"] == ("string", "a")


def test_what_service_control_policies_ask_is_told() -> None:
    context = fulfilling({}, NOW, "eu-west-1")
    assert context["aws:RequestedRegion"] == ("string", "eu-west-1")
    assert context["aws:SecureTransport"] == ("boolean", "true")
