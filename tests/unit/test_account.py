"""The account that a grant is in: the stack's own, until grants elsewhere are whole."""

import json
from typing import Any

import pytest

from latchkey.config.reader import read_config
from latchkey.config.rules import StackContext
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    config_document,
)

STACK = StackContext(AWS_ENVIRONMENT)
SPOKE = "111122223333"


def _problems(**fields: Any) -> dict[str, str]:
    read = read_config(json.dumps(config_document(**fields)).encode(), STACK, NOW)
    return {problem.path: problem.message for problem in read.problems}


def test_without_an_account_or_with_the_stacks_own_a_config_is_as_it_was() -> None:
    assert _problems() == _problems(account=None) == _problems(account=ACCOUNT) == {}


@pytest.mark.parametrize("status", ["active", "suspended", "revoked"])
@pytest.mark.parametrize("account", [SPOKE, OTHER_ACCOUNT, "000000000000"])
def test_any_other_account_is_refused_and_nothing_is_made_in_the_own_one(
    account: str, status: str
) -> None:
    problems = _problems(account=account, status=status)
    assert ACCOUNT in problems["/account"]
    assert "cannot be made yet" in problems["/account"]


def test_resources_are_held_to_the_account_that_the_config_names() -> None:
    queue = {"service": "sqs", "queue": f"arn:aws:sqs:us-east-1:{SPOKE}:jobs", "allow": "send"}
    here = {**queue, "queue": queue["queue"].replace(SPOKE, ACCOUNT)}
    assert _problems(account=SPOKE, access=[queue]).keys() == {"/account"}
    assert _problems(account=SPOKE, access=[here]).keys() == {"/account", "/access/0/queue"}
    assert _problems(access=[queue]).keys() == {"/access/0/queue"}
    assert _problems(access=[here]) == {}


@pytest.mark.parametrize("own", [ACCOUNT, SPOKE])
def test_neither_the_stacks_account_nor_the_grants_is_a_partners(own: str) -> None:
    principals = [PARTNER_ACCOUNT, own, f"arn:aws:iam::{own}:role/worker"]
    problems = _problems(account=SPOKE, principals=principals)
    assert problems.keys() == {"/account", "/principals/1", "/principals/2"}


def test_environment_of_a_grant_differs_by_its_account_only() -> None:
    there = AWS_ENVIRONMENT.of_account(SPOKE)
    assert there.account == SPOKE
    assert there.of_account(ACCOUNT) == AWS_ENVIRONMENT == AWS_ENVIRONMENT.of_account(None)
