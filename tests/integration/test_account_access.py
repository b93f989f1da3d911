"""Access that is an AWS-managed policy, from its grant to its end."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.iam.authorisation import allowed
from tests.kit.examples import ACCOUNT, AUDIT_BOUNDARY, NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.template import properties

ROLE = "partner-acme.main"
AUDIT = {"service": "account", "allow": "audit"}
EXPORTS = {"service": "s3", "bucket": "data-bucket", "prefix": "cur", "allow": "read"}
POLICY = "arn:aws:iam::aws:policy/SecurityAudit"
LATER = NOW + timedelta(hours=1)
ORDER = {"partner": "acme", "grant": "main"}
BOUNDARY = properties("AuditBoundary")["PolicyDocument"]


def _attached() -> list[str]:
    found = aws("iam").list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
    return [one["PolicyArn"] for one in found]


def _may(action: str, resource: str, at: str = "2027-01-01T00:00:00Z", **more: str) -> bool:
    """Whether a session may do something, by all that is on the role and the boundary."""
    iam = aws("iam")
    names = iam.list_role_policies(RoleName=ROLE)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=ROLE, PolicyName=n)["PolicyDocument"] for n in names]
    for arn in _attached():
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        documents.append(found["Document"])
    context = {"aws:CurrentTime": at, "aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT}
    boundary = json.loads(json.dumps(BOUNDARY).replace("${AWS::Partition}", "aws"))
    deny = [one for one in boundary["Statement"] if one["Effect"] == "Deny"]
    for one in deny:
        one["Resource"] = one["Resource"]["Fn::Sub"]
    return allowed(documents, boundary, action, resource, {**context, **more})


def _grant(stack: StackDriver, *more: dict[str, Any], **changes: Any) -> Any:
    stack.guard(allowed_account_access=["audit", "billing"])
    return stack.granted(access=[AUDIT, *more], **changes)


def test_it_is_off_unless_guardrails_list_the_word(stack: StackDriver) -> None:
    stack.upload(access=[AUDIT])
    run = stack.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/access/0/allow"])
    assert "guardrail allowed_account_access" in run.result["problems"][0]["message"]
    stack.guard(allowed_account_access=["billing"])
    assert stack.run(FILE).outcome == "rejected"
    assert stack.role() is None


def test_role_sees_configuration_and_no_data_within_its_time(stack: StackDriver) -> None:
    run = _grant(stack, starts_at="2026-06-01T00:00:00Z")
    assert run.iam_writes == ["CreateRole", "PutRolePolicy", "AttachRolePolicy"]
    role = aws("iam").get_role(RoleName=ROLE)["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == AUDIT_BOUNDARY
    assert _attached() == [POLICY]
    assert _may("ec2:DescribeInstances", "*")
    assert _may("s3:GetBucketPolicy", "arn:aws:s3:::data-bucket")
    for action, resource in [
        ("s3:GetObject", "arn:aws:s3:::data-bucket/a"),
        ("s3:ListBucket", "arn:aws:s3:::data-bucket"),
        ("ssm:GetParameter", "*"),
        ("rds:DownloadDBLogFilePortion", "*"),
        ("iam:CreateUser", "*"),
        ("sts:AssumeRole", "*"),
    ]:
        assert not _may(action, resource), action
    assert not _may("ec2:DescribeInstances", "*", "2026-05-31T23:59:59Z")
    assert not _may("ec2:DescribeInstances", "*", "2030-01-01T00:00:00Z")


def test_billing_exports_beside_it_are_read_and_nothing_else(stack: StackDriver) -> None:
    _grant(stack, EXPORTS)
    bucket = "arn:aws:s3:::data-bucket"
    assert _may("s3:GetObject", f"{bucket}/cur/a")
    assert _may("s3:ListBucket", bucket, **{"s3:prefix": "cur/2026"})
    assert not _may("s3:GetObject", f"{bucket}/other")
    assert not _may("s3:GetObject", "arn:aws:s3:::another/cur/a")
    assert not _may("s3:ListBucket", bucket)
    assert not _may("s3:ListBucket", bucket, **{"s3:prefix": "other/"})
    assert not _may("s3:ListBucket", "arn:aws:s3:::another", **{"s3:prefix": "cur/"})


def test_suspending_takes_the_policy_off_and_resuming_puts_it_on(stack: StackDriver) -> None:
    _grant(stack)
    assert stack.run({**ORDER, "action": "suspend"}).outcome == "suspended"
    assert _attached() == []
    assert not _may("ec2:DescribeInstances", "*")
    resumed = stack.run({**ORDER, "action": "resume"})
    assert resumed.outcome == "updated"
    assert resumed.iam_writes == ["PutRolePolicy", "AttachRolePolicy"]
    assert resumed.result["issued_before"]
    assert _attached() == [POLICY]
    assert stack.run(FILE).iam_writes == []


def test_a_new_end_ends_no_sessions(stack: StackDriver) -> None:
    _grant(stack)
    stack.upload(access=[AUDIT], expires_at="2031-01-01T00:00:00Z")
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("updated", ["PutRolePolicy", "UpdateAssumeRolePolicy"])
    assert run.result["issued_before"] is None
    assert _may("ec2:DescribeInstances", "*", "2030-06-01T00:00:00Z")


def test_expiry_and_removal_take_it_all_away(stack: StackDriver) -> None:
    _grant(stack)
    stack.remove()
    run = stack.run(FILE)
    assert run.outcome == "revoked"
    assert run.iam_writes[0] == "DetachRolePolicy"
    assert stack.role() is None


CHECK = {**ORDER, "action": "check"}


def test_what_was_taken_off_by_hand_stays_off_until_somebody_resumes(stack: StackDriver) -> None:
    _grant(stack)
    aws("iam").detach_role_policy(RoleName=ROLE, PolicyArn=POLICY)
    run = stack.run(CHECK, LATER)
    assert _attached() == []
    assert any(f"{POLICY} had been detached" in one["message"] for one in run.result["problems"])
    assert stack.run({**ORDER, "action": "resume"}, LATER).outcome == "updated"
    assert _attached() == [POLICY]


def test_another_policy_attached_by_hand_is_taken_off(stack: StackDriver) -> None:
    _grant(stack)
    other = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    aws("iam").attach_role_policy(RoleName=ROLE, PolicyArn=other)
    assert stack.run(CHECK, LATER).iam_writes == ["DetachRolePolicy"]
    assert _attached() == [POLICY]


def test_policy_of_such_access_is_no_access_of_other_grants(stack: StackDriver) -> None:
    stack.granted()
    aws("iam").attach_role_policy(RoleName=ROLE, PolicyArn=POLICY)
    assert stack.run(CHECK, LATER).iam_writes == ["DetachRolePolicy"]


def test_end_moved_on_by_hand_is_put_back(stack: StackDriver) -> None:
    _grant(stack)
    own = {"RoleName": ROLE, "PolicyName": "latchkey-access"}
    text = json.dumps(aws("iam").get_role_policy(**own)["PolicyDocument"])
    aws("iam").put_role_policy(**own, PolicyDocument=text.replace("2030-01-01", "2040-01-01"))
    assert _may("ec2:DescribeInstances", "*", "2035-01-01T00:00:00Z")
    stack.run(CHECK, LATER)
    assert not _may("ec2:DescribeInstances", "*", "2035-01-01T00:00:00Z")


@pytest.mark.parametrize("back", [False, True])
def test_live_grant_cannot_change_its_kind(stack: StackDriver, *, back: bool) -> None:
    stack.guard(allowed_account_access=["audit"])
    one, other = ([AUDIT], [EXPORTS]) if back else ([EXPORTS], [AUDIT])
    stack.granted(access=one)
    stack.upload(access=other)
    run = stack.run(FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/access"], [])
    assert "second `grant`" in run.result["problems"][0]["message"]
