"""Rules that depend on the stack: first-party accounts, partitions."""

import pytest

from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.iam.environment import AwsEnvironment
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    config_document,
)

FIRST_PARTY = StackContext(AWS_ENVIRONMENT, frozenset({PARTNER_ACCOUNT}))


def _paths(stack: StackContext, *without: str, **changes: object) -> list[str]:
    found = read_document(config_document(*without, **changes), stack, NOW)
    return [problem.path for problem in found.problems]


def test_first_party_accounts_need_no_external_id() -> None:
    assert _paths(FIRST_PARTY, "external_id") == []


def test_one_foreign_principal_is_enough_to_need_an_external_id() -> None:
    principals = [PARTNER_ACCOUNT, OTHER_ACCOUNT]
    assert _paths(FIRST_PARTY, "external_id", principals=principals) == ["/external_id"]


def test_first_party_rule_looks_at_the_account_of_every_form() -> None:
    principals = [f"arn:aws:iam::{OTHER_ACCOUNT}:role/{PARTNER_ACCOUNT}"]
    document = config_document("external_id", principals=principals)
    sound = read_document(document, FIRST_PARTY, NOW).sound
    (problem,) = external_id_broken(sound, Guardrails(version=1), FIRST_PARTY)
    assert problem.path == "/external_id"


def test_wrong_principals_neither_need_nor_excuse_an_external_id() -> None:
    mixed = ["*", PARTNER_ACCOUNT]
    assert _paths(FIRST_PARTY, "external_id", principals=mixed) == ["/principals/0"]
    assert "/external_id" in _paths(FIRST_PARTY, "external_id", principals=["*"])


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_principals_are_of_the_stacks_own_partition(partition: str) -> None:
    stack = StackContext(AwsEnvironment(partition, "region-1", ACCOUNT))
    for other in ("aws", "aws-cn", "aws-us-gov"):
        principals = [f"arn:{other}:iam::{PARTNER_ACCOUNT}:root"]
        wrong = [] if other == partition else ["/principals/0"]
        assert _paths(stack, principals=principals) == wrong
    assert _paths(stack, principals=[PARTNER_ACCOUNT]) == []


def test_message_about_our_own_account_says_what_to_do_instead() -> None:
    found = read_document(config_document(principals=[ACCOUNT]), FIRST_PARTY, NOW)
    assert any("give your own roles a policy" in problem.message for problem in found.problems)


@pytest.mark.parametrize(
    ("principals", "problems"),
    [
        ([f"arn:aws:iam::{OTHER_ACCOUNT}:role/app"], ["/require_mfa"]),
        ([f"arn:aws:iam::{OTHER_ACCOUNT}:role/a/path/app", OTHER_ACCOUNT], ["/require_mfa"]),
        ([f"arn:aws:iam::{OTHER_ACCOUNT}:user/role/jane"], []),
        ([OTHER_ACCOUNT], []),
        ([f"arn:aws:iam::{OTHER_ACCOUNT}:root"], []),
    ],
)
def test_mfa_cannot_be_required_of_a_role(principals: list[str], problems: list[str]) -> None:
    stack = StackContext(AWS_ENVIRONMENT)
    assert _paths(stack, principals=principals, require_mfa=True) == problems
    assert _paths(stack, principals=principals, require_mfa=False) == []
