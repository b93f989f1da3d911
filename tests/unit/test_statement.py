"""Statements of policies as everything reads them: in any spelling that IAM takes."""

from typing import Any

import pytest

from latchkey.iam.condition import Condition
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of
from latchkey.iam.values import listed, texts


def _only(**elements: Any) -> Statement:
    (found,) = statements_of({"Statement": elements})
    return found


@pytest.mark.parametrize(
    ("value", "as_list", "as_texts"),
    [
        (None, [], []),
        ("a", ["a"], ["a"]),
        (["b", "a"], ["b", "a"], ["b", "a"]),
        (True, [True], ["true"]),
        ([7, False], [7, False], ["7", "false"]),
    ],
)
def test_one_value_alone_is_a_list_of_one(
    value: Any, as_list: list[Any], as_texts: list[str]
) -> None:
    assert listed(value) == as_list
    assert texts(value) == as_texts


def test_a_statement_alone_need_not_stand_in_a_list() -> None:
    one = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    assert list(statements_of({"Statement": one})) == list(statements_of({"Statement": [one]}))


@pytest.mark.parametrize("document", [None, {}, {"Statement": None}, {"Statement": ["x"]}, []])
def test_what_has_no_statements_is_read_as_none(document: Any) -> None:
    assert list(statements_of(document)) == []


def test_elements_keep_order_and_spelling() -> None:
    read = _only(Sid="One", Effect="Allow", Action=["s3:b", "S3:A"], Resource="arn:aws:s3:::x")
    assert (read.sid, read.effect) == ("One", "Allow")
    assert (read.actions, read.resources) == (("s3:b", "S3:A"), ("arn:aws:s3:::x",))
    assert (read.not_actions, read.not_resources, read.not_principals) == (None, None, None)


def test_principals_have_a_kind_and_are_none_where_a_policy_has_none() -> None:
    named = {"AWS": ["111122223333", "*"], "Service": "lambda.amazonaws.com"}
    read = _only(Principal=named)
    assert read.principals == (
        NamedPrincipal("AWS", "111122223333"),
        NamedPrincipal("AWS", "*"),
        NamedPrincipal("Service", "lambda.amazonaws.com"),
    )
    assert read.aws_principals == ("111122223333", "*")
    assert _only(Principal="*").principals == (NamedPrincipal("AWS", "*"),)
    assert _only(Principal={}).principals == ()
    assert _only(Effect="Allow").principals is None


def test_all_but_something_is_not_nothing() -> None:
    read = _only(NotAction=[], NotResource="r", NotPrincipal={"AWS": "a"})
    assert (read.not_actions, read.not_resources) == ((), ("r",))
    assert read.not_principals == (NamedPrincipal("AWS", "a"),)
    assert (read.actions, read.resources, read.principals) == ((), (), None)


def test_conditions_are_one_for_each_operator_and_key() -> None:
    read = _only(Condition={"Bool": {"a": True}, "StringLike": {"b": ["x*", "y"], "c": "z"}})
    assert read.conditions == (
        Condition("Bool", "a", ("true",)),
        Condition("StringLike", "b", ("x*", "y")),
        Condition("StringLike", "c", ("z",)),
    )
    assert _only(Condition={"Bool": {}}).conditions == ()
