"""The accounts that the kit plays beside a stack: IAM there refuses what AWS would."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.aws.spoke_sessions import SpokeSessions
from latchkey.errors import SpokeNotEnrolled
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.spoke import SpokeRole, session_policy
from latchkey.runtime import clients
from tests.kit.examples import ACCOUNT, STACK
from tests.kit.stack.aws import GUARDRAILS, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import SPOKES, boundary
from tests.kit.stack.taps import refusal
from tests.kit.stack.world import World

HERE, OTHER = SPOKES
ROLE = "partner-acme.main"
TRUST = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture
def stack() -> Iterator[StackDriver]:
    with built_stack(account=HERE) as stack:
        yield stack


def _clients(role: SpokeRole, account: str = HERE, policy: Any = None) -> Any:
    there = AwsEnvironment("aws", "us-east-1", account)
    held = SpokeSessions(clients.client("sts"), STACK, role).assume(there, "run-1", policy)
    return lambda service: clients.client_of(service, held)


def _create(iam: Any, name: str = ROLE, **changes: Any) -> None:
    given = {
        "RoleName": name,
        "Path": "/partners/",
        "AssumeRolePolicyDocument": TRUST,
        "PermissionsBoundary": boundary("partner", HERE),
        "Tags": [
            {"Key": "latchkey:stack", "Value": STACK},
            {"Key": "latchkey:grant", "Value": "acme.main"},
        ],
    }
    iam.create_role(**given | changes)


def _code(call: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(*given, **named)
    return str(error.value.response["Error"]["Code"])


def test_a_session_makes_its_role_there_and_nowhere_else(stack: StackDriver) -> None:
    _create(_clients(SpokeRole.GRANT)("iam"))
    assert stack.role()
    for account in (ACCOUNT, OTHER):
        assert not aws("iam", account).list_roles(PathPrefix="/partners/")["Roles"]
    assert [one["RoleSessionName"] for one in stack.spokes.sessions] == ["run-1"]


@pytest.mark.parametrize("account", [OTHER, "444455556666"])
def test_an_account_that_is_not_enrolled_gives_no_session(stack: StackDriver, account: str) -> None:
    with pytest.raises(SpokeNotEnrolled, match=account):
        _clients(SpokeRole.GRANT, account)


def test_an_account_of_another_hub_gives_no_session(stack: StackDriver) -> None:
    stack.spokes.enrol(OTHER, HubAccount="444455556666")
    with pytest.raises(SpokeNotEnrolled):
        _clients(SpokeRole.GRANT, OTHER)


def test_role_and_session_policy_are_asked_for_each_call(stack: StackDriver) -> None:
    there = AwsEnvironment("aws", "us-east-1", HERE)
    narrow = _clients(SpokeRole.GRANT, policy=session_policy(SpokeRole.GRANT, there, ROLE))
    other = {"name": "partner-globex.main"}
    assert _code(_create, narrow("iam"), **other) == "AccessDenied"
    _create(_clients(SpokeRole.GRANT)("iam"), **other)
    hubs = {"PermissionsBoundary": boundary("partner", ACCOUNT)}
    assert _code(_create, narrow("iam"), **hubs) == "AccessDenied"
    _create(narrow("iam"))
    assert _code(narrow("iam").delete_role, RoleName=ROLE) == "AccessDenied"
    reading = _clients(SpokeRole.PLAN)
    assert _code(reading("iam").delete_role, RoleName=ROLE) == "AccessDenied"
    assert reading("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    assert _code(reading("ssm").put_parameter, Name=GUARDRAILS, Value="{}") == "AccessDenied"
    assert reading("secretsmanager").describe_secret(SecretId="acme/api")["ARN"]


def test_what_is_injected_is_answered_in_that_account_alone(stack: StackDriver) -> None:
    stack.spokes.enrol(OTHER)
    stack.spokes.refuses = lambda account, call, _: (
        refusal("Throttling", "Rate exceeded") if (account, call) == (HERE, "iam:GetRole") else None
    )
    here, other = _clients(SpokeRole.PLAN)("iam"), _clients(SpokeRole.PLAN, OTHER)("iam")
    assert _code(here.get_role, RoleName=ROLE) == "Throttling"
    assert _code(other.get_role, RoleName=ROLE) == "NoSuchEntity"


def test_calls_there_are_counted_and_tapped_with_their_account(stack: StackDriver) -> None:
    world = World(stack)
    _create(_clients(SpokeRole.GRANT)("iam"))
    assert stack.calls[-2:] == ["sts:AssumeRole", "iam:CreateRole"]
    assert [(str(call), call.account) for call in world.taps.calls] == [
        ("sts:AssumeRole", ACCOUNT),
        ("iam:CreateRole", HERE),
    ]
