"""`latchkey doctor`: an approval proves nothing where others may write it, or nobody is there."""

import json
from typing import Any

import pytest

from latchkey_cli.aws.stack import Stack
from latchkey_cli.health_checks.approvals import approvals_can_be_believed
from latchkey_cli.health_checks.result import CheckResult
from tests.cli.desk import Desk
from tests.kit.environment import ENVIRONMENT
from tests.kit.stack.approvals import ANY
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.template import bucket_policy

ARN = f"arn:aws:s3:::{CONFIG_BUCKET}"


def _as_deployed() -> dict[str, Any]:
    statement = _deployed("NothingButConfigsAndOwnApprovals")
    places = [place["Fn::Sub"] for place in statement["NotResource"]]
    return {**statement, "NotResource": places}


def _stays() -> dict[str, Any]:
    statement = _deployed("VersionsStay")
    return {**statement, "Resource": statement["Resource"]["Fn::Sub"]}


def _no_folders() -> dict[str, Any]:
    statement = _deployed("NoFoldersOfApprovers")
    return {**statement, "Resource": statement["Resource"]["Fn::Sub"]}


def _to_nobody() -> dict[str, Any]:
    statement = _deployed("NoApprovalByNobody")
    return {**statement, "Resource": statement["Resource"]["Fn::Sub"]}


def _deployed(sid: str) -> dict[str, Any]:
    text = json.dumps(bucket_policy("ConfigBucket")[sid])
    found: dict[str, Any] = json.loads(
        text.replace("${ConfigBucket.Arn}", ARN).replace("${!", "${")
    )
    return found


def _found(
    desk: Desk,
    statement: dict[str, Any] | None,
    *members: str,
    second: dict[str, Any] | None = None,
    stays: dict[str, Any] | None = None,
    folders: dict[str, Any] | None = None,
) -> CheckResult:
    group = {"members": [*members]}
    desk.stack.guard(approval={"groups": {"security": group}, "rules": ANY})
    if statement:
        every = [statement, second or _to_nobody(), stays or _stays(), folders or _no_folders()]
        policy = {"Version": "2012-10-17", "Statement": every}
        aws("s3").put_bucket_policy(Bucket=CONFIG_BUCKET, Policy=json.dumps(policy))
    return approvals_can_be_believed(_stack())


def _stack() -> Stack:
    region = ENVIRONMENT["AWS_REGION"]
    return Stack("latchkey", region=region, profile=None, endpoint_url=None)


@pytest.fixture
def approver(desk: Desk) -> str:
    assert desk.folder.is_dir()
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = aws("iam").create_role(RoleName="approver", AssumeRolePolicyDocument=trust)
    return str(role["Role"]["RoleId"])


def test_all_is_well_as_deployed(desk: Desk, approver: str) -> None:
    found = _found(desk, _as_deployed(), approver)
    assert (found.status, "the policy is in force" in found.text) == ("ok", True)


@pytest.mark.parametrize(
    "change",
    [
        None,
        {"Effect": "Allow"},
        {"Action": ["s3:PutObject"]},
        {"Action": ["s3:PutObject", "s3:ReplicateObject"]},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:role/x"}},
        {"Condition": {"StringNotLike": {"aws:PrincipalArn": "*admin*"}}},
        {"NotResource": [f"{ARN}/partners/*", f"{ARN}/approvals/*"]},
        {"NotResource": [f"{ARN}/*"]},
    ],
)
def test_a_policy_that_is_not_in_force_is_found(desk: Desk, approver: str, change: Any) -> None:
    found = _found(desk, None if change is None else {**_as_deployed(), **change}, approver)
    assert (found.status, "proves anything" in found.text) == ("fail", True)


@pytest.mark.parametrize(
    "change",
    [
        {"Condition": {"Null": {"aws:userid": "false"}}},
        {"Condition": {"Null": {"aws:PrincipalArn": "true"}}},
        {"Resource": f"{ARN}/approvals/security/*"},
        {"Action": "s3:PutObject"},
        {"Effect": "Allow"},
    ],
)
def test_who_has_no_user_id_is_denied_besides(desk: Desk, approver: str, change: Any) -> None:
    found = _found(desk, _as_deployed(), approver, second={**_to_nobody(), **change})
    assert (found.status, "proves anything" in found.text) == ("fail", True)


@pytest.mark.parametrize("which", ["folders", "stays"])
@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Resource": [f"{ARN}/approvals/*"]},
        {"Resource": [f"{ARN}/approvals/*/*/*/*/*/*"]},
        {"Action": "s3:DeleteObject"},
        {"Action": "s3:ReplicateObject"},
        {"Condition": {"StringNotLike": {"aws:PrincipalArn": "*admin*"}}},
    ],
)
def test_a_policy_that_lets_versions_be_removed_or_folders_be_filled_is_found(
    desk: Desk, approver: str, which: str, change: Any
) -> None:
    deployed = {"folders": _no_folders, "stays": _stays}[which]()
    found = _found(desk, _as_deployed(), approver, **{which: {**deployed, **change}})
    assert (found.status, "proves anything" in found.text) == ("fail", True)


def test_approvers_who_are_not_there_are_named(desk: Desk, approver: str) -> None:
    found = _found(desk, _as_deployed(), approver, "AROAGONEGONEGONE01")
    assert (found.status, "AROAGONEGONEGONE01" in found.text) == ("fail", True)


def test_without_rules_nothing_is_looked_at(desk: Desk) -> None:
    desk.stack.guard()
    assert approvals_can_be_believed(_stack()).text == "no rule asks for any"
