"""Configs in other accounts, planned by what there is in them, within their owners' guardrails."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.account import ACCOUNT
from sandbox.connection import connect
from tests.e2e.conftest import GUARDRAILS, Case
from tests.kit.outside import Outside
from tests.kit.spoke_account import enrolled

pytestmark = pytest.mark.e2e

SPOKES = ("111122223333", "222233334444")
STRANGER = "999988887777"


@pytest.fixture(scope="module")
def spokes(box: Sandbox) -> Iterator[Sandbox]:
    """Two accounts that trust this hub, and one that trusts another."""
    with enrolled(box, *SPOKES, strangers=[STRANGER]):
        yield box


def test_a_config_in_an_account_that_is_not_listed_is_refused_and_makes_nothing_anywhere(
    spokes: Sandbox, outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config(account=SPOKES[0]))
    result = outside.result(case.key, lambda found: found["outcome"] == "rejected")
    assert "/account" in {problem["path"] for problem in result["problems"]}
    for account in (ACCOUNT, *SPOKES):
        roles = connect(spokes.url, "iam", account).list_roles(PathPrefix="/partners/")["Roles"]
        assert case.role not in {role["RoleName"] for role in roles}


def _planned(outside: Outside, case: Case, **config: Any) -> dict[str, Any]:
    named = case.config(**config).items()
    asked = {"config": {name: value for name, value in named if value is not None}}
    output = outside.start(asked, workflow="PlanWorkflowArn")["output"]
    assert isinstance(output, dict)
    return output


def test_a_config_is_planned_by_what_there_is_in_its_account(
    spokes: Sandbox, outside: Outside, case: Case, security: Callable[..., None]
) -> None:
    security(allowed_accounts=[*SPOKES, STRANGER])
    account = SPOKES[0]
    connect(spokes.url, "sqs", account).create_queue(QueueName="jobs")
    identity = {"oidc_provider": "example.com/x", "audience": "a", "subject": "b"}
    access = [
        {"service": "sqs", "queue": "jobs", "allow": "consume"},
        {"service": "s3", "bucket": "no-such-bucket-there", "allow": "read"},
    ]
    found = _planned(outside, case, account=account, access=access)
    assert {one["path"] for one in found["problems"]} == {"/access/1/bucket"}, found
    unknown = _planned(
        outside, case, account=account, access=access[:1], principals=[identity], external_id=None
    )
    assert {one["path"] for one in unknown["problems"]} == {"/principals/0/oidc_provider"}, unknown
    planned = _planned(outside, case, account=account, access=access[:1])
    assert planned["outcome"] == "planned", planned
    assert planned["role_arn"] == f"arn:aws:iam::{account}:role/partners/{case.role}"
    elsewhere = _planned(outside, case, account=SPOKES[1], access=access[:1])
    assert {one["path"] for one in elsewhere["problems"]} == {"/access/0/queue"}, elsewhere
    closed = _planned(outside, case, account=STRANGER, access=access[:1])
    assert {one["path"] for one in closed["problems"]} == {"/account"}, closed


def test_an_accounts_owner_takes_from_what_the_hub_allows(
    spokes: Sandbox, outside: Outside, case: Case, security: Callable[..., None]
) -> None:
    security(allowed_accounts=[*SPOKES])
    ssm = connect(spokes.url, "ssm", SPOKES[1])
    connect(spokes.url, "sqs", SPOKES[1]).create_queue(QueueName="jobs")
    access = [{"service": "sqs", "queue": "jobs", "allow": "send"}]
    before = ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    narrow = json.dumps({"version": 1, "allowed_services": ["s3"]})
    ssm.put_parameter(Name=GUARDRAILS, Type="String", Overwrite=True, Value=narrow)
    found = _planned(outside, case, account=SPOKES[1], access=access)
    (problem,) = found["problems"]
    assert problem["message"].startswith(f"account {SPOKES[1]}, its own guardrail ")
    ssm.put_parameter(Name=GUARDRAILS, Type="String", Overwrite=True, Value=before)
    assert _planned(outside, case, account=SPOKES[1], access=access)["outcome"] == "planned"
