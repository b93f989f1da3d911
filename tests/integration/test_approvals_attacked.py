"""Attacks on approvals by what is around them: faults, hands, odd authors, other scopes."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.aws import approvals
from tests.kit.stack.approvals import (
    ADA,
    ANY,
    CHECK,
    GROUPS,
    SSO,
    WIDER,
    ApprovalDesk,
)
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Call, Taps

ROLE = "partner-acme.main"
POLICY = "latchkey-access"
SOON = "2026-03-01T00:00:00Z"


@pytest.fixture
def granted(stack: StackDriver) -> ApprovalDesk:
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    return desk


def _encrypt(bucket: str) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def test_access_ends_while_approvals_cannot_be_listed(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack)
    desk.asks(expires_at=SOON)
    assert desk.approves(ADA).outcome == "created"
    assert desk.asks(access=WIDER).outcome == "pending_approval"
    taps = Taps()

    def refused(call: Call) -> Any:
        if call.operation == "ListObjectsV2":
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, call.operation)

    taps.before = refused
    desk.passes(days=90)
    try:
        run = desk.run(CHECK, by="schedule")
    finally:
        taps.disarm()
    assert run.outcome == "expired"
    assert stack.role() is None


def test_role_deleted_by_hand_comes_back_with_no_more_than_was_approved(
    granted: ApprovalDesk,
) -> None:
    aws("iam").delete_role_policy(RoleName=ROLE, PolicyName=POLICY)
    aws("iam").delete_role(RoleName=ROLE)
    _encrypt("data-bucket")
    for _ in range(3):
        granted.run(CHECK, by="drift")
        assert granted.stack.role() is None or "kms:" not in json.dumps(granted.stack.permissions())
    granted.approves(ADA)
    assert "kms:Decrypt" in json.dumps(granted.stack.permissions())


ODD = [
    "AROAADAADAADAADA01:ada%40example.com",
    "AROAADAADAADAADA01:a b",
    "AROAADAADAADAADA01:ädä",
    "AROAADAADAADAADA01:" + "a" * 65,
    "AROAADAADAADAADA01",
    "AROAADAADAADAADA01:",
    "123456789012:ada",
]


@pytest.mark.parametrize("author", ODD)
def test_an_author_of_unknown_form_is_nobody_else(stack: StackDriver, author: str) -> None:
    desk = ApprovalDesk(stack)
    desk.asks(author)
    desk.approves(ADA)
    assert stack.role() is None


def test_an_author_of_unknown_form_is_nobody_else_by_session(stack: StackDriver) -> None:
    rule = {"when": {"widening": True}, "groups": {"people": 1}}
    desk = ApprovalDesk(stack, rule)
    desk.asks(f"{SSO}:ada%40example.com")
    desk.approves(f"{SSO}:ada@example.com", "people")
    assert stack.role() is None


def test_account_access_touches_every_resource(stack: StackDriver) -> None:
    rule = {"when": {"resources": ["arn:aws:s3:::finance-*"]}, "groups": {"security": 1}}
    stack.guard(
        allowed_account_access=["audit", "view", "billing"],
        approval={"groups": GROUPS, "rules": [rule]},
    )
    desk = ApprovalDesk.of(stack)
    run = desk.asks(access=[{"service": "account", "allow": "audit"}])
    assert run.outcome == "pending_approval", run.result


def test_tags_that_a_custom_statement_goes_by_wait(stack: StackDriver) -> None:
    stack.guard(allow_custom=True, approval={"groups": GROUPS, "rules": ANY})
    desk = ApprovalDesk.of(stack)
    by_tag = {"StringEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/Team}"}}
    what = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-bucket/in/*"}
    access = [{"service": "custom", "statements": [{**what, "Condition": by_tag}]}]
    held = desk.asks(access=access, tags={"team": "ours"})
    assert held.outcome == "pending_approval", held.result
    assert desk.approves(ADA).outcome == "created"
    assert desk.asks(access=access, tags={"team": "finance"}).outcome == "pending_approval"
    assert desk.asks(access=access, tags={"team": "ours", "b": "c"}).outcome == "updated"


def test_suspension_by_file_is_not_in_the_way_of_claims(stack: StackDriver) -> None:
    a, b = "partners/team-a/acme.json", "partners/team-b/acme.json"
    stack.upload(None, b)
    assert stack.run({"bucket": CONFIG_BUCKET, "key": b}).outcome == "created"
    scopes = [
        {"name": "team-a", "prefixes": ["partners/team-a/"]},
        {"name": "team-b", "prefixes": ["partners/team-b/"]},
    ]
    stack.guard(scopes=scopes)
    stack.upload(None, a, grant="second", external_id="another-external-id")
    assert stack.run({"bucket": CONFIG_BUCKET, "key": a}).outcome == "created"
    stack.upload(None, b, status="suspended")
    run = stack.run({"bucket": CONFIG_BUCKET, "key": b})
    assert run.outcome == "suspended", run.result


def test_more_files_than_people_can_give_fail_and_hide_no_rejection(
    granted: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "_MOST", 3)
    assert granted.asks(access=WIDER).outcome == "pending_approval"
    for number in range(4):
        granted.writes(granted.key(f"AROAADAADAADAADA01:x{number}"))
    assert granted.approves(ADA).outcome == "unchanged", "a check goes by what was accepted"
    run = granted.run()
    assert (run.outcome, "more than 3 files" in run.result["reason"]) == ("failed", True)
    assert "other-bucket" not in json.dumps(granted.stack.permissions())
