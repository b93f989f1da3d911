"""That a policy allows no more than another is only said where IAM's own rules say so too.

All pairs over small sets of elements, held to all requests that could tell them apart.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pytest

from latchkey.iam.permit import within
from sandbox.iam.authorisation import allowed, may_assume
from tests.unit.policy_pairs import CONDITIONS, VALUES

TEXTS = ("s3:GetObject", "arn:aws:s3:::b/in/a")


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of statements that are filled up to valid ones."""
    full = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    return {"Statement": [_without_opposites(full | statement) for statement in statements]}


def _without_opposites(statement: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if f"Not{key}" not in statement}


def _newly(old: Any, new: Any, asked: Iterable[tuple[str, str, dict[str, Any]]]) -> bool:
    return any(allowed([new], None, *one) and not allowed([old], None, *one) for one in asked)


def _of_key(key: str) -> list[dict[str, Any]]:
    return [{}, *({key: value} for value in VALUES[key.lower()])]


@pytest.mark.parametrize(("operator", "key", "values"), CONDITIONS, ids=lambda v: str(v)[:40])
def test_a_condition_is_as_strict_as_another_only_if_no_request_shows_otherwise(
    operator: str, key: str, values: list[list[str]]
) -> None:
    found = set()
    asked = [(*TEXTS, context) for context in _of_key(key)]
    choices = [{}, *({operator: {key: value}} for value in values)]
    for one, other in product(choices, repeat=2):
        old, new = policy({"Condition": one}), policy({"Condition": other})
        sure, newly = within(new, old), _newly(old, new, asked)
        assert not (sure and newly), (one, other)
        found.add((sure, newly))
    assert {(True, False), (False, True)} <= found, "nothing was told apart"


NARROWER = [
    ("StringEquals", ["red", "blue"], ["red"]),
    ("StringLike", ["r*"], ["red", "rod*"]),
    ("StringNotLike", ["red"], ["r*"]),
    ("IpAddress", ["203.0.113.0/24"], ["203.0.113.0/25", "203.0.113.200"]),
    ("IpAddress", ["2001:db8::/32"], ["2001:db8:1::/48"]),
    ("NotIpAddress", ["203.0.113.0/25"], ["203.0.113.0/24"]),
    ("ArnLike", ["arn:aws:iam::*:role/*"], ["arn:aws:iam::444455556666:role/a"]),
    ("NumericLessThanEquals", ["10"], ["9.5"]),
    ("NumericGreaterThan", ["9"], ["10"]),
    ("DateLessThan", ["2030-01-01T00:00:00Z"], ["2029-12-31T23:59:59Z"]),
    ("DateGreaterThanEquals", ["2027-01-01T00:00:00Z"], ["2028-01-01T00:00:00Z"]),
    ("StringEqualsIgnoreCase", ["Red", "blue"], ["rED"]),
    ("ForAllValues:StringEqualsIfExists", ["a", "b"], ["a"]),
]


@pytest.mark.parametrize(("operator", "loose", "strict"), NARROWER, ids=str)
def test_stricter_conditions_are_known_as_such(
    operator: str, loose: list[str], strict: list[str]
) -> None:
    one, other = ({"Condition": {operator: {"k": v}}} for v in (loose, strict))
    assert within(policy(other), policy(one))
    assert not within(policy(one), policy(other))


UNCLEAR = [
    ("StringLike", ["a?"], ["a*"]),
    ("StringLike", ["${*}"], ["${aws:username}"]),
    ("IpAddress", ["2001:db8::/32"], ["203.0.113.0/24"]),
    ("IpAddress", ["somewhere"], ["203.0.113.0/24"]),
    ("NumericLessThan", ["10"], ["nan"]),
    ("DateLessThan", ["2030-01-01T00:00:00Z"], ["2029-01-01"]),
    ("DateLessThan", ["2030-01-01T00:00:00Z"], ["1"]),
    ("ArnLike", ["arn:aws:iam::*:role/x"], ["arn:aws:iam::1:2:role/x"]),
    ("StringLike", ["[ab]"], ["a"]),
    ("Unheard", ["a", "b"], ["a"]),
    ("Null", ["true"], ["false"]),
]


@pytest.mark.parametrize(("operator", "one", "other"), UNCLEAR, ids=str)
def test_what_is_unclear_counts_as_widening(
    operator: str, one: list[str], other: list[str]
) -> None:
    old, new = (policy({"Condition": {operator: {"k": v}}}) for v in (one, other))
    assert not within(new, old)


def test_an_empty_list_of_values_counts_as_no_condition() -> None:
    none, some = ({"Condition": {"StringEquals": {"k": v}}} for v in ([], ["a"]))
    assert not within(policy(none), policy(some))


def test_another_operator_or_key_is_another_condition() -> None:
    old = policy({"Condition": {"StringEquals": {"k": "a"}}})
    assert not within(policy({"Condition": {"StringEqualsIfExists": {"k": "a"}}}), old)
    assert not within(policy({"Condition": {"StringEquals": {"other": "a"}}}), old)
    assert within(policy({"Condition": {"StringEquals": {"K": "a", "other": "b"}}}), old)


ACTIONS = [["s3:GetObject"], ["S3:getobject"], ["s3:Get*"], ["s3:P?tObject", "s3:GetObject"], ["*"]]
RESOURCES = [["arn:aws:s3:::b/in/*"], ["arn:aws:s3:::b/in/a"], ["arn:aws:s3:::b/i?/a"], ["*"]]
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    (action, resource, {})
    for action in ("s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "sqs:SendMessage")
    for resource in ("arn:aws:s3:::b/in/a", "arn:aws:s3:::b/in/b", "arn:aws:s3:::b/ix/a")
]


def _forms() -> Iterator[dict[str, Any]]:
    for action, resource in product(ACTIONS, RESOURCES):
        yield {"Action": action, "Resource": resource}
    for elements in (*ACTIONS[:3], ["s3:PutObject", "sqs:*"]):
        yield {"NotAction": elements}
    for elements in RESOURCES[:3]:
        yield {"NotResource": elements}


def test_actions_and_resources_are_within_others_only_if_no_request_shows_otherwise() -> None:
    found = set()
    for one, other in product(_forms(), repeat=2):
        old, new = policy(one), policy(other)
        sure, newly = within(new, old), _newly(old, new, ASKED)
        assert not (sure and newly), (one, other)
        found.add((sure, newly))
    assert {(True, False), (False, True)} <= found


def test_denials_are_within_others_only_if_no_request_shows_otherwise() -> None:
    everything = {"Action": "*"}
    forms = [(), *((({"Effect": "Deny"}) | form,) for form in _forms())]
    for one, other in product(forms, repeat=2):
        old, new = policy(everything, *one), policy(everything, *other)
        assert not (within(new, old) and _newly(old, new, ASKED)), (one, other)


def test_a_policy_that_denies_everything_allows_nothing_more() -> None:
    denies = {"Effect": "Deny", "Action": ["*"], "Resource": "*"}
    assert within(policy(denies, {"Action": "*"}), policy({}))
    assert not within(policy({}), policy(denies, {}))
    assert not within(policy({"Action": "*"} | {"Condition": {}}), policy(denies))
    some = denies | {"Condition": {"Bool": {"k": "true"}}}
    assert not within(policy(some, {"Action": "*"}), policy({}))


PRINCIPALS: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": "444455556666"},
    {"AWS": "arn:aws:iam::444455556666:root"},
    {"AWS": ["arn:aws:iam::444455556666:role/a"]},
    {"AWS": ["arn:aws:iam::444455556666:role/b", "111122223333"]},
    {"AWS": "AROAEXAMPLEEXAMPLE"},
    {"Service": "ec2.amazonaws.com"},
]


def _callers() -> list[set[str]]:
    one, two = "arn:aws:iam::444455556666", "arn:aws:iam::111122223333"
    account = {f"{one}:root", "444455556666"}
    roles = [{f"{one}:role/{name}", *account} for name in "abc"]
    return [*roles, account, {f"{two}:root", "111122223333"}, {"AROAEXAMPLEEXAMPLE"}]


def test_principals_are_within_others_only_if_no_caller_shows_otherwise() -> None:
    forms = [{"Principal": p} for p in PRINCIPALS] + [{"NotPrincipal": p} for p in PRINCIPALS[2:6]]
    found = set()
    for one, other in product(forms, repeat=2):
        old, new = (
            {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **form}]}
            for form in (one, other)
        )
        callers = _callers()
        newly = any(may_assume(new, c, {}) and not may_assume(old, c, {}) for c in callers)
        assert not (within(new, old) and newly), (one, other)
        found.add((within(new, old), newly))
    assert {(True, False), (False, True)} <= found


_QUANTIFIERS = ("", "ForAllValues:", "ForAnyValue:")
_NEGATED = ("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike")
_NAMED = (["red"], ["RED"], ["r*"], ["*"], ["${aws:username}"], ["blue", "r?d"], ["latchkey:*"])
_GIVEN: list[Any] = [
    *({"aws:TagKeys": [*keys]} for keys in (["red"], ["blue"], ["red", "blue"], ["green", "red"])),
    {},
]


@pytest.mark.parametrize("operator", [f"{q}{name}" for q in _QUANTIFIERS for name in _NEGATED])
def test_what_is_equal_to_something_is_not_something_else_where_that_is_sure(operator: str) -> None:
    asked = [(*TEXTS, context) for context in _GIVEN]
    sure = 0
    for quantifier, one, other in product(_QUANTIFIERS, (["red"], ["red", "blue"]), _NAMED):
        new = policy({"Condition": {f"{quantifier}StringEquals": {"aws:TagKeys": one}}})
        old = policy({"Condition": {operator: {"aws:tagkeys": other}}})
        if within(new, old):
            sure += 1
            assert not _newly(old, new, asked), (quantifier, one, other)
            assert "${" not in str(other), "nobody knows what it stands for"
    assert (sure > 0) == operator.startswith("ForAllValues:"), "of some it is sure"
