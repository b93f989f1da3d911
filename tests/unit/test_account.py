"""The account that a grant is in: the stack's own, or the one that its config names."""

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
def test_a_file_by_itself_may_name_any_account(account: str, status: str) -> None:
    """Which ones there may be grants in is for the guardrails (`account_broken`)."""
    assert _problems(account=account, status=status) == {}


def test_resources_are_held_to_the_account_that_the_config_names() -> None:
    queue = {"service": "sqs", "queue": f"arn:aws:sqs:us-east-1:{SPOKE}:jobs", "allow": "send"}
    here = {**queue, "queue": queue["queue"].replace(SPOKE, ACCOUNT)}
    assert _problems(account=SPOKE, access=[queue]) == {}
    found = _problems(account=SPOKE, access=[here])
    assert found.keys() == {"/access/0/queue"}
    assert f"not of the grant's account {SPOKE}" in found["/access/0/queue"]
    assert f'`account`: "{ACCOUNT}"' in found["/access/0/queue"]
    assert _problems(access=[queue]).keys() == {"/access/0/queue"}
    assert _problems(access=[here]) == {}


@pytest.mark.parametrize("own", [ACCOUNT, SPOKE])
def test_neither_the_stacks_account_nor_the_grants_is_a_partners(own: str) -> None:
    principals = [PARTNER_ACCOUNT, own, f"arn:aws:iam::{own}:role/worker"]
    problems = _problems(account=SPOKE, principals=principals)
    assert problems.keys() == {"/principals/1", "/principals/2"}


def test_environment_of_a_grant_differs_by_its_account_only() -> None:
    there = AWS_ENVIRONMENT.of_account(SPOKE)
    assert there.account == SPOKE
    assert there.of_account(ACCOUNT) == AWS_ENVIRONMENT == AWS_ENVIRONMENT.of_account(None)
