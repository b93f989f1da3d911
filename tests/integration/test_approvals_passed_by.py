"""Ways round a rule, and in the way of an approval, that are not of a file's access itself."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws import approvals
from latchkey.times import instant
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT, config_document
from tests.kit.stack.approvals import ADA, BEN, CHECK, EVE, GROUPS, UPLOADER, WIDER, ApprovalDesk
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver

ROLE, POLICY = "partner-acme.main", "latchkey-access"
MONTH = {"when": {"days": 30}, "groups": {"security": 1}}
CONFIRM = {"action": "confirm", "partner": "acme", "grant": "main", "reason": "needed"}


def _desk(stack: StackDriver, rule: dict[str, Any], **more: Any) -> ApprovalDesk:
    stack.guard(approval={"groups": GROUPS, "rules": [rule]}, **more)
    return ApprovalDesk.of(stack)


def _in(days: float) -> str:
    return instant(NOW + timedelta(days=days))


def _opened(desk: ApprovalDesk, days: int, **changes: Any) -> str:
    """Upload the config with an end that has to be confirmed; the outcome."""
    desk.passes()
    document = {**config_document("expires_at"), "confirm_every_days": days, **changes}
    desk.notes(desk.stack.upload(json.dumps(document).encode()), UPLOADER)
    return desk.run().outcome


@pytest.mark.parametrize(("days", "widens"), [(60, True), (20, False)])
def test_fewer_days_between_confirmations_are_told_as_no_more(
    stack: StackDriver, days: int, *, widens: bool
) -> None:
    stack.guard(max_confirm_days=90)
    desk = ApprovalDesk.of(stack)
    assert _opened(desk, 30) == "created"
    assert _opened(desk, days) == "updated"
    result = desk.stack.result()
    assert result["widens"] is widens
    assert any("no fixed end" in one["text"] for one in result["summary"]) is widens


def test_an_end_that_moves_on_is_no_earlier_one(stack: StackDriver) -> None:
    """A file takes a fixed end away by one that comes sooner, and is then confirmed for ever."""
    desk = _desk(stack, MONTH, max_confirm_days=90)
    assert desk.asks(expires_at=_in(20)).outcome == "created"
    assert _opened(desk, 10) == "pending_approval"
    (told,) = [
        one for one in desk.run(dry_run=True).result["summary"] if "confirmed" in one["text"]
    ]
    assert (told["effect"], "no fixed end" in told["text"]) == ("widens", True)
    assert desk.state["expires_at"] == _in(20)
    assert desk.run(CONFIRM).outcome == "rejected"
    assert desk.approves(ADA).outcome == "updated"
    desk.passes(days=9)
    assert desk.run(CONFIRM).outcome == "confirmed"


def test_an_end_that_moves_on_is_not_the_same_as_a_fixed_one_at_that_time(
    stack: StackDriver,
) -> None:
    """It ends to the second when the fixed one did: what was granted is asked for, and more."""
    desk = _desk(stack, MONTH, max_confirm_days=90)
    end = instant(NOW + timedelta(days=10, minutes=3))
    assert desk.asks(expires_at=end).outcome == "created"
    assert _opened(desk, 10) == "pending_approval"
    assert desk.state["confirm_every_days"] is None


def test_what_a_suspended_file_says_of_its_end_is_not_granted_with_it(stack: StackDriver) -> None:
    desk = _desk(stack, MONTH, max_confirm_days=90)
    assert desk.asks(expires_at=_in(20)).outcome == "created"
    assert _opened(desk, 10, status="suspended") == "suspended"
    assert _opened(desk, 10) == "pending_approval"


def test_a_start_that_is_moved_on_begins_nothing_anew(stack: StackDriver) -> None:
    """Each renewal says that the grant begins now, so that no single one is long."""
    desk = _desk(stack, MONTH)
    assert desk.asks(expires_at=_in(20)).outcome == "created"
    desk.passes(days=15)
    began = instant(desk.now - timedelta(hours=1))
    moved = desk.asks(starts_at=began, expires_at=_in(20))
    assert moved.outcome == "updated"
    assert desk.asks(starts_at=began, expires_at=_in(29)).outcome == "updated"
    assert desk.asks(starts_at=began, expires_at=_in(31)).outcome == "pending_approval"


def test_what_has_not_begun_may_begin_later(stack: StackDriver) -> None:
    desk = _desk(stack, MONTH)
    assert desk.asks(starts_at=_in(60), expires_at=_in(80)).outcome == "created"
    assert desk.asks(starts_at=_in(70), expires_at=_in(99)).outcome == "updated"
    assert desk.state["began"] == _in(70)
    assert desk.asks(starts_at=_in(70), expires_at=_in(101)).outcome == "pending_approval"


def test_a_custom_statement_is_of_the_service_that_it_names(stack: StackDriver) -> None:
    rule = {"when": {"services": ["s3"]}, "groups": {"security": 1}}
    desk = _desk(stack, rule, allow_custom=True)
    what = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-bucket/in/*"}
    access = [{"service": "custom", "statements": [what]}]
    assert desk.asks(access=access).outcome == "pending_approval"


def test_a_role_that_was_made_anew_by_hand_gets_nothing_that_waits(stack: StackDriver) -> None:
    """Its unique ID is another one, and a resource has come to ask for more."""
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    _make_anew(desk)
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket="data-bucket", ServerSideEncryptionConfiguration=rules)
    for _ in range(3):
        desk.run(CHECK, by="drift")
        found = json.dumps(stack.permissions())
        assert "kms:" not in found
        assert "other-bucket" not in found
    assert desk.approves(BEN).outcome == "updated"
    assert "kms:Decrypt" in json.dumps(stack.permissions())


def _make_anew(desk: ApprovalDesk) -> None:
    """Delete the role and make it again, with more than it had."""
    iam, role, permissions = aws("iam"), desk.stack.role(), desk.stack.permissions()
    assert role
    tags = iam.list_role_tags(RoleName=ROLE)["Tags"]
    iam.delete_role_policy(RoleName=ROLE, PolicyName=POLICY)
    iam.delete_role(RoleName=ROLE)
    iam.create_role(
        RoleName=ROLE,
        Path=role["Path"],
        AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]),
        PermissionsBoundary=role["PermissionsBoundary"]["PermissionsBoundaryArn"],
        Tags=tags,
    )
    first = permissions["Statement"][0]
    hand = {**first, "Sid": "Hand", "Resource": "arn:aws:s3:::other-bucket/*"}
    document = {**permissions, "Statement": [*permissions["Statement"], hand]}
    text = json.dumps(document)
    iam.put_role_policy(RoleName=ROLE, PolicyName=POLICY, PolicyDocument=text)


def test_files_of_others_keep_nobody_from_approving(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may write their own approvals may write any number, of whatever they like."""
    monkeypatch.setattr(approvals, "_MOST", 3)
    desk = ApprovalDesk(stack)
    desk.asks()
    for number in range(4):
        desk.writes(desk.key(f"AROAEVEEVEEVEEVE01:x{number}"))
        desk.writes(desk.key(EVE).replace("/AROAEVE", f"/{number}/AROAEVE"))
    assert desk.run().outcome == "pending_approval"
    assert desk.approves(ADA).outcome == "created"


def test_files_of_others_hide_no_rejection(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "_MOST", 3)
    desk = ApprovalDesk(stack)
    desk.asks(access=WIDER)
    for number in range(4):
        desk.writes(desk.key(f"AROAEVEEVEEVEEVE01:x{number}"))
    desk.writes(desk.key(f"reject/{BEN}"))
    assert desk.approves(ADA).outcome == "rejected"


def test_what_somebody_did_by_hand_hides_nothing_from_who_approves(stack: StackDriver) -> None:
    """A role is widened first, so that the file that asks for the same seems to change nothing."""
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    desk.uploads(access=WIDER)
    waiting = desk.run(dry_run=True)
    text = json.dumps(waiting.plan["desired"]["permissions_policy"])
    aws("iam").put_role_policy(RoleName=ROLE, PolicyName=POLICY, PolicyDocument=text)
    for found in (desk.run(), desk.run(dry_run=True)):
        told = [one["text"] for one in found.result["summary"] if one["effect"] == "widens"]
        assert any("other-bucket" in text for text in told), found.result["summary"]
        assert any("changed by hand" in one["text"] for one in found.result["summary"])
        assert any("other-bucket" in one["resource"] for one in found.result["allows"])
    stays = desk.run(CHECK, by="drift")
    assert stays.outcome == "updated"
    assert "other-bucket" not in json.dumps(stack.permissions())
    later = desk.run(dry_run=True).result["summary"]
    assert not any("changed by hand" in one["text"] for one in later)


def test_what_a_suspended_file_wrote_hides_nothing_from_who_approves(stack: StackDriver) -> None:
    """Its principals are let in while nothing is allowed, and so seem to be there already."""
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    more = {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]}
    assert desk.asks(status="suspended", **more).outcome == "suspended"
    held = desk.asks(**more)
    assert held.outcome == "pending_approval"
    told = [one["text"] for one in held.result["summary"] if one["effect"] == "widens"]
    assert any(OTHER_ACCOUNT in text for text in told), held.result["summary"]
