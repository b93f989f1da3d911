"""External IDs of a config: one or several, how short they may be, and who needs none."""

import json
from typing import Any

import pytest

from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails, GuardrailsInvalid, read_guardrails
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.grants.policies import trust_policy
from latchkey.iam.canonical import same_policy
from tests.kit.examples import (
    AWS_ENVIRONMENT,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    STACK_CONTEXT,
    config,
    config_document,
    role_of,
)
from tests.unit.summary_lines import lines

ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role/etl/loader"
USER = f"arn:aws:iam::{OTHER_ACCOUNT}:user/robot"


def _problems(
    rules: dict[str, Any], stack: StackContext, *without: str, **changes: Any
) -> list[tuple[str, str]]:
    read = read_document(config_document(*without, **changes), stack, NOW)
    guardrails = Guardrails.model_validate({"version": 1, **rules})
    found = [*read.problems, *external_id_broken(read.sound, guardrails, stack)]
    return [(problem.path, problem.message) for problem in found]


def _trust(external_id: Any) -> dict[str, Any]:
    return trust_policy(config(external_id=external_id), external_id, AWS_ENVIRONMENT)


def _asked(external_id: Any) -> Any:
    (statement,) = _trust(external_id)["Statement"]
    return statement["Condition"]["StringEquals"]


def test_several_external_ids_are_one_condition_in_one_order() -> None:
    assert _asked(["b-acme-01", "a-acme-02"]) == {"sts:ExternalId": ["a-acme-02", "b-acme-01"]}
    assert _trust(["b-acme-01", "a-acme-02"]) == _trust(["a-acme-02", "b-acme-01", "a-acme-02"])


@pytest.mark.parametrize("one", [["acme-7f3b2c91"], ["acme-7f3b2c91"] * 3])
def test_list_of_one_is_the_same_policy_as_the_text(one: list[str]) -> None:
    assert _trust(one) == _trust("acme-7f3b2c91")
    assert config(external_id=one).external_ids == ("acme-7f3b2c91",)


def test_lists_are_compared_as_sets() -> None:
    (statement,) = (wanted := _trust(["a-acme-02", "b-acme-01"]))["Statement"]
    turned = {"StringEquals": {"sts:externalId": ["b-acme-01", "a-acme-02"]}}
    found = {**statement, "Condition": {**statement["Condition"], **turned}}
    assert same_policy(wanted, {**wanted, "Statement": found})


def test_external_ids_keep_the_order_of_the_file() -> None:
    given = ["z-acme-01", "a-acme-02", "z-acme-01"]
    assert config(external_id=given).external_ids == ("z-acme-01", "a-acme-02")


@pytest.mark.parametrize(
    ("least", "given", "paths"),
    [
        (None, "seven77", ["/external_id"]),
        (None, "eight888", []),
        (None, ["eight888", "seven77", "x1"], ["/external_id/1", "/external_id/2"]),
        (5, "four", ["/external_id"]),
        (5, ["five5", "eight888"], []),
        (2, "ab", []),
        (40, "a" * 39, ["/external_id"]),
        (40, ["a" * 40, "b" * 39], ["/external_id/1"]),
    ],
)
def test_external_id_is_as_long_as_the_guardrail_says(
    least: int | None, given: Any, paths: list[str]
) -> None:
    rules = {"min_external_id_length": least} if least else {}
    found = _problems(rules, STACK_CONTEXT, external_id=given)
    assert [path for path, _ in found] == paths
    assert all(message.startswith("guardrail min_external_id_length: ") for _, message in found)
    assert all(f"where {least or 8} are the least" in message for _, message in found)


@pytest.mark.parametrize("length", [1, 1_225, 0, "8", True])
def test_guardrail_on_length_is_within_what_iam_takes(length: Any) -> None:
    with pytest.raises(ValueError, match="min_external_id_length"):
        Guardrails.model_validate({"version": 1, "min_external_id_length": length})


LISTED = {"no_external_id_principals": [ROLE, USER]}
FIRST_PARTY = StackContext(AWS_ENVIRONMENT, frozenset({OTHER_ACCOUNT}))


@pytest.mark.parametrize(
    ("rules", "stack", "principals"),
    [
        (LISTED, STACK_CONTEXT, [ROLE]),
        (LISTED, STACK_CONTEXT, [ROLE, USER, ROLE]),
        ({"no_external_id_principals": [ROLE]}, FIRST_PARTY, [ROLE, OTHER_ACCOUNT]),
        ({}, FIRST_PARTY, [USER]),
    ],
)
def test_listed_roles_and_users_need_no_external_id(
    rules: dict[str, Any], stack: StackContext, principals: list[str]
) -> None:
    assert _problems(rules, stack, "external_id", principals=principals) == []
    found = config("external_id", principals=[ROLE])
    (statement,) = trust_policy(found, found.external_ids, AWS_ENVIRONMENT)["Statement"]
    assert statement["Condition"].keys() == {"DateLessThan"}


@pytest.mark.parametrize(
    "principals",
    [
        [ROLE],
        [USER, f"{ROLE}s"],
        [ROLE.replace("etl/", "")],
        [ROLE.replace("loader", "Loader")],
        [ROLE.replace("role/", "user/")],
        [ROLE.replace(PARTNER_ACCOUNT, OTHER_ACCOUNT)],
        [PARTNER_ACCOUNT],
        [USER, f"arn:aws:iam::{PARTNER_ACCOUNT}:root"],
        [USER, PARTNER_ACCOUNT],
    ],
)
def test_whoever_is_not_listed_exactly_needs_one(principals: list[str]) -> None:
    rules = {"no_external_id_principals": [USER, "arn:aws:iam::444455556666:role/other"]}
    found = _problems(rules, STACK_CONTEXT, "external_id", principals=principals)
    ((path, message),) = found
    assert path == "/external_id"
    assert "missing" in message
    if "root" not in str(principals) and PARTNER_ACCOUNT not in principals:
        assert message.startswith("guardrail no_external_id_principals: ")
        assert principals[-1] in message


@pytest.mark.parametrize(
    "name",
    [
        PARTNER_ACCOUNT,
        f"arn:aws:iam::{PARTNER_ACCOUNT}:root",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:role/*",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:role/etl/load?r",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:user/",
        f"arn:aws:sts::{PARTNER_ACCOUNT}:assumed-role/loader/session",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:role/AWSReservedSSO_View_0123456789abcdef",
        "*",
        7,
    ],
)
def test_guardrail_lists_roles_and_users_only(name: Any) -> None:
    with pytest.raises(GuardrailsInvalid, match="no_external_id_principals"):
        read_guardrails(json.dumps({"version": 1, "no_external_id_principals": [name]}))


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([], "/external_id"),
        ([f"acme-{n:04}" for n in range(6)], "/external_id"),
        ([["acme-7f3b2c91"]], "/external_id/0"),
        (["acme-7f3b2c91", None], "/external_id/1"),
        (["acme-7f3b2c91", "a b"], "/external_id/1"),
        (["acme-7f3b2c91", 12345678], "/external_id/1"),
        ({"a": "acme-7f3b2c91"}, "/external_id"),
    ],
)
def test_each_wrong_one_of_a_list_is_pointed_at(given: Any, path: str) -> None:
    ((found, _),) = _problems({}, STACK_CONTEXT, external_id=given)
    assert found == path


def test_list_and_a_generated_one_exclude_each_other() -> None:
    asked = {"external_id": ["acme-7f3b2c91"], "generate_external_id": True}
    ((path, _),) = _problems({}, STACK_CONTEXT, **asked)
    assert path == "/generate_external_id"


def test_short_external_id_of_nobody_is_not_mentioned_twice() -> None:
    (problem,) = _problems({}, STACK_CONTEXT, external_id=["acme-7f3b2c91", "x"])
    assert problem[0] == "/external_id/1"
    assert "2 to 1,224" in problem[1]


MORE = ("widens", "now also accepts another external ID")
CHANGES: list[tuple[Any, Any, list[tuple[str, str]]]] = [
    ("acme-1111", ["acme-1111", "acme-2222"], [MORE]),
    (
        ["acme-1111", "acme-2222", "acme-3333"],
        ["acme-2222"],
        [("narrows", "no longer accepts 2 of the 3 external IDs")],
    ),
    (
        ["acme-1111", "acme-2222"],
        ["acme-2222", "acme-3333", "acme-4444"],
        [
            ("widens", "now also accepts 2 more external IDs"),
            ("narrows", "no longer accepts 1 of the 2 external IDs"),
        ],
    ),
    (
        "acme-1111",
        ["acme-2222", "acme-3333"],
        [
            ("widens", "now also accepts 2 more external IDs"),
            ("narrows", "no longer accepts the external ID that it did"),
        ],
    ),
    (["acme-1111"], "acme-1111", []),
    (
        ["acme-1111"],
        ["acme-2222"],
        [("widens", "external ID changes: only the new one is let in")],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_plan_says_how_many_come_and_go_and_none_of_them(
    old: Any, new: Any, expected: list[tuple[str, str]]
) -> None:
    assert lines(role_of(external_id=old), role_of(external_id=new)) == expected
