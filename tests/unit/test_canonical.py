"""Policies are the same when they mean the same, and different when they do not."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.iam.canonical import canonical, same_policy

ROOT = "arn:aws:iam::444455556666:root"


def _policy(**changes: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": "One",
        "Effect": "Allow",
        "Principal": {"AWS": [ROOT, "arn:aws:iam::111122223333:role/a"]},
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::b/*"],
        "Condition": {"StringEquals": {"sts:ExternalId": "444455556666"}, "Bool": {"a": "true"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement | changes]}


SAME: list[dict[str, Any]] = [
    {"Resource": "arn:aws:s3:::b/*"},
    {"Action": ["s3:PutObject", "s3:GetObject"]},
    {"Action": ["s3:PutObject", "s3:GetObject", "s3:GetObject"]},
    {"Principal": {"AWS": ["arn:aws:iam::111122223333:role/a", "444455556666"]}},
    {"Condition": {"Bool": {"a": True}, "StringEquals": {"sts:ExternalId": ["444455556666"]}}},
    {"Condition": {"StringEquals": {"STS:externalid": "444455556666"}, "Bool": {"A": "true"}}},
]


@pytest.mark.parametrize("spelling", SAME, ids=lambda c: str(c)[:60])
def test_two_spellings_are_no_difference(spelling: dict[str, Any]) -> None:
    assert same_policy(_policy(), _policy(**spelling))


def test_single_statement_needs_no_list_and_statements_have_no_order() -> None:
    one, two = _policy()["Statement"][0], _policy(Sid="Two")["Statement"][0]
    version = {"Version": "2012-10-17"}
    assert same_policy({**version, "Statement": one}, {**version, "Statement": [one]})
    assert same_policy({**version, "Statement": [one, two]}, {**version, "Statement": [two, one]})


DIFFERENT: list[dict[str, Any]] = [
    {"Effect": "Deny"},
    {"Sid": "Two"},
    {"Action": ["s3:GetObject"]},
    {"Action": "s3:*"},
    {"Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"]},
    {"Resource": "arn:aws:s3:::b"},
    {"NotResource": "arn:aws:s3:::c"},
    {"Principal": "*"},
    {"Principal": {"AWS": "*"}},
    {"Principal": {"AWS": [ROOT]}},
    {"Principal": {"Service": [ROOT, "arn:aws:iam::111122223333:role/a"]}},
    {"Principal": {"AWS": ["AROAEXAMPLE", ROOT]}},
    {"Condition": {}},
    {"Condition": {"StringEquals": {"sts:ExternalId": "444455556666"}}},
    {"Condition": {"StringLike": {"sts:ExternalId": "444455556666"}, "Bool": {"a": "true"}}},
    {"Condition": {"StringEquals": {"sts:ExternalId": ROOT}, "Bool": {"a": "true"}}},
    {"Condition": {"StringEquals": {"sts:ExternalId": "444455556666"}, "Bool": {"a": "false"}}},
    {"Condition": {"StringEquals": {"aws:x": "444455556666"}, "Bool": {"a": "true"}}},
]


@pytest.mark.parametrize("change", DIFFERENT, ids=lambda c: str(c)[:70])
def test_each_change_of_meaning_is_a_difference(change: dict[str, Any]) -> None:
    assert not same_policy(_policy(), _policy(**change))


@pytest.mark.parametrize("other", [None, {}, {"Version": "2012-10-17", "Statement": []}, "text"])
def test_no_policy_is_different_from_a_policy(other: Any) -> None:
    assert not same_policy(_policy(), other)


@pytest.mark.parametrize("odd", [None, {}, [], "x", {"Statement": "x"}, {"Statement": [1, {}]}])
def test_anything_has_a_canonical_text(odd: Any) -> None:
    assert canonical(odd) == canonical(copy.deepcopy(odd))


_texts = st.text("ab:*/", min_size=1, max_size=4)
_values = st.lists(_texts, min_size=1, max_size=4)
_statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": _values,
        "Resource": _values,
        "Condition": st.dictionaries(_texts, st.dictionaries(_texts, _values), max_size=3),
    }
)


def _shuffled(value: Any, chance: random.Random) -> Any:
    match value:
        case dict():
            items = [(key, _shuffled(inner, chance)) for key, inner in value.items()]
            return dict(chance.sample(items, len(items)))
        case [single] if chance.random() < 0.5 and isinstance(single, str):
            return single
        case list():
            return [_shuffled(inner, chance) for inner in chance.sample(value, len(value))]
        case _:
            return value


@given(st.lists(_statements, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_order_and_lists_of_one_never_matter(statements: Any, chance: random.Random) -> None:
    document = {"Version": "2012-10-17", "Statement": statements}
    assert same_policy(document, _shuffled(document, chance))
