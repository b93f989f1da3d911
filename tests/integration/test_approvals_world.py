"""What waits for approval while the world around a grant changes: roles, resources, ends."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, config_document
from tests.kit.stack.approvals import (
    ADA,
    ANY,
    BEN,
    CHECK,
    GROUPS,
    UPLOADER,
    WIDER,
    ApprovalDesk,
)
from tests.kit.stack.aws import CONFIG_BUCKET, GUARDRAILS, KEY, aws
from tests.kit.stack.driver import StackDriver

ROLE, POLICY = "partner-acme.main", "latchkey-access"


@pytest.fixture
def granted(stack: StackDriver) -> ApprovalDesk:
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    return desk


def _by_hand(desk: ApprovalDesk) -> Any:
    """Somebody who may write to roles adds what a file could ask for."""
    document = desk.stack.permissions()
    (first, *_) = document["Statement"]
    more = {**first, "Sid": "Hand", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b2/*"}
    added = {**document, "Statement": [*document["Statement"], more]}
    aws("iam").put_role_policy(RoleName=ROLE, PolicyName=POLICY, PolicyDocument=json.dumps(added))
    return document


def test_a_role_that_was_widened_by_hand_gives_a_file_nothing(granted: ApprovalDesk) -> None:
    """Whoever can write to roles cannot first widen one, and then ask for the same."""
    granted.uploads(access=WIDER)
    waiting = granted.run(dry_run=True).plan["desired"]["permissions_policy"]
    aws("iam").put_role_policy(RoleName=ROLE, PolicyName=POLICY, PolicyDocument=json.dumps(waiting))
    assert granted.may_read("other-bucket")
    assert granted.run().outcome == "pending_approval"
    assert granted.run(CHECK, by="drift").outcome == "updated"
    assert not granted.may_read("other-bucket")


def test_repair_goes_on_while_a_file_waits(granted: ApprovalDesk) -> None:
    before = _by_hand(granted)
    granted.asks(access=WIDER)
    assert granted.run(CHECK, by="drift").outcome == "updated"
    assert granted.stack.permissions() == before
    assert granted.pending["groups"] == ["security"]
    assert granted.approves(ADA).outcome == "updated"


def test_what_a_changed_resource_adds_waits_and_what_somebody_added_goes(
    granted: ApprovalDesk,
) -> None:
    before = _by_hand(granted)
    _encrypt("data-bucket")
    assert granted.run(CHECK, by="drift").outcome == "updated"
    assert granted.stack.permissions() == before
    held = granted.run(CHECK, by="drift")
    assert (held.outcome, granted.state["status"]) == ("pending_approval", "active")
    assert granted.stack.permissions() == before
    assert granted.run(CHECK, by="drift").plan["step"] == "done"
    assert granted.approves(BEN).outcome == "updated"
    assert "kms:Decrypt" in json.dumps(granted.stack.permissions())


def _encrypt(bucket: str) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def test_an_external_id_of_latchkeys_own_stays_the_same_until_it_is_approved(
    stack: StackDriver,
) -> None:
    desk = ApprovalDesk(stack)
    document = {**config_document("external_id"), "generate_external_id": True}
    version = stack.upload(json.dumps(document).encode())
    desk.notes(version, UPLOADER)
    assert desk.run().outcome == "pending_approval"
    first = desk.pending
    assert desk.run().plan["step"] == "done"
    assert desk.run(dry_run=True).result["digest"] == first["digest"]
    run = desk.approves(ADA)
    assert (run.outcome, run.result["external_id"]) == ("created", first["external_id"])


def test_an_open_end_is_approved_once_and_confirmed_without(stack: StackDriver) -> None:
    groups, rule = GROUPS, {"when": {"days": 30}, "groups": {"security": 1}}
    stack.guard(max_confirm_days=90, approval={"groups": groups, "rules": [rule]})
    desk = ApprovalDesk.of(stack)
    document = {**config_document("expires_at"), "confirm_every_days": 20}
    desk.notes(stack.upload(json.dumps(document).encode()), UPLOADER)
    assert desk.run().outcome == "pending_approval"
    assert desk.approves(ADA).outcome == "created"
    desk.passes(days=10)
    order = {"action": "confirm", "partner": "acme", "grant": "main", "reason": "needed"}
    assert desk.run(order).outcome == "confirmed"
    document["confirm_every_days"] = 60
    desk.notes(stack.upload(json.dumps(document).encode()), UPLOADER)
    assert desk.run().outcome == "pending_approval"


def test_a_rejection_cannot_be_taken_back_by_removing_it(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack)
    desk.asks()
    place = desk.key(f"reject/{BEN}")
    desk.writes(place)
    desk.run(CHECK)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=place)
    desk.approves(ADA)
    assert stack.role() is None


def test_a_version_that_is_the_newest_again_has_no_old_approvals(granted: ApprovalDesk) -> None:
    """The file is removed, and the removal undone: its approvals are older than the new request."""
    s3 = aws("s3")
    marker = s3.delete_object(Bucket=CONFIG_BUCKET, Key=KEY)["VersionId"]
    assert granted.run().outcome == "revoked"
    s3.delete_object(Bucket=CONFIG_BUCKET, Key=KEY, VersionId=marker)
    assert granted.run().outcome == "pending_approval"
    assert granted.run(CHECK).plan["step"] == "done"
    assert granted.stack.role() is None
    assert granted.approves(BEN).outcome == "created"


def test_what_waits_ends_with_its_own_end(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack)
    end = (NOW + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    desk.asks(expires_at=end)
    desk.passes(days=3)
    desk.approves(ADA)
    assert stack.role() is None


def test_approvals_are_counted_by_the_guardrails_of_the_moment(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack)
    desk.asks()
    desk.writes(desk.key(ADA))
    only = {"security": {"members": [BEN]}}
    stack.guard(approval={"groups": only, "rules": ANY})
    assert desk.run(CHECK).outcome != "created"
    assert stack.role() is None


def test_without_the_rule_whoever_looks_again_has_it_granted(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack)
    desk.asks()
    stack.guard()
    assert desk.run(CHECK, by="order").outcome == "created"


def test_what_was_refused_is_not_asked_for_anew_when_its_grant_ends(granted: ApprovalDesk) -> None:
    """The record says that the grant has ended, and not that its newest version is invalid."""
    granted.uploads(purpose="")
    assert granted.run().outcome == "rejected"
    granted.passes(days=4 * 365)
    ended = granted.run({**CHECK, "by": "schedule"})
    assert (ended.outcome, granted.state["status"]) == ("expired", "expired")
    assert ended.plan["waiting"] == []


@pytest.mark.parametrize("readable", [True, False])
def test_what_waits_is_not_waited_for_when_a_later_version_is_not_granted(
    granted: ApprovalDesk, readable: bool
) -> None:
    """One that is invalid, or that nobody can plan for as the guardrails cannot be read."""
    granted.asks(access=WIDER)
    if not readable:
        aws("ssm").put_parameter(Name=GUARDRAILS, Value="{", Type="String", Overwrite=True)
    run = granted.asks(**({"purpose": ""} if readable else {"purpose": "Another"}))
    assert (run.outcome, granted.state["pending"]) == ("rejected" if readable else "failed", None)
    assert granted.state["status"] == "active" if readable else "failed"
    assert granted.run(CHECK, by="drift").plan["step"] == "done"
