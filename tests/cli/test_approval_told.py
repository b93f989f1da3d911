"""What waits for approval, as it is told at a terminal: plans, histories, and unusual times."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey_cli.grants import waiting
from tests.cli.desk import Desk, uploads_are_run
from tests.kit.stack.approvals import ADA, ANY, BEN, CHECK, GROUPS, UPLOADER, WIDER, ApprovalDesk
from tests.kit.stack.aws import CONFIG_BUCKET, aws


def test_what_is_planned_under_a_rule_waits_and_is_no_problem(desk: Desk) -> None:
    desk.stack.guard(approval={"groups": GROUPS, "rules": ANY})
    said = desk.ok("plan", desk.file())
    assert "and it WIDENS access\n  waits for approval by 1 of security (0 so far)\n" in said
    assert "may ask for first" in said
    with uploads_are_run(desk):
        said = desk.ok("apply", desk.file(), "--yes")
    why = "waits for approval by 1 of security (0 so far): latchkey approve acme.main"
    assert f"acme.main: pending_approval\n  {why}; until then nothing of this is done:\n" in said
    assert "S3 has not told who uploaded this version" in said  # nothing tells here


def test_what_waits_already_is_not_uploaded_again(desk: Desk) -> None:
    """Another version, though of the same content, would have to be approved anew."""
    desk.stack.guard(approval={"groups": GROUPS, "rules": ANY})

    def applied(**changes: Any) -> tuple[str, int]:
        with uploads_are_run(desk):
            found = desk("apply", desk.file(**changes), "--yes")
        assert found.exit_code == 0
        versions = aws("s3").list_object_versions(Bucket=CONFIG_BUCKET, Prefix="partners/acme/")
        return found.stderr, len(versions["Versions"])

    applied()
    said, versions = applied()
    assert ("is already uploaded, and waits for approval" in said, versions) == (True, 1)
    assert applied(max_session_duration=7200)[1] == 2
    pending = desk.stack.grant()["pending"]
    key = f"approvals/security/acme.main/{pending['digest']}/reject/{ADA}.json"
    aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=key, Body=b"{}")
    approvals = ApprovalDesk.of(desk.stack)
    approvals.now = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    assert approvals.run(CHECK).outcome == "rejected"
    assert applied(max_session_duration=7200)[1] == 3


def test_the_history_names_author_and_approvers(desk: Desk, asked: ApprovalDesk) -> None:
    asked.approves(ADA)
    granted = desk.ok("show", "acme").splitlines()[-1]
    assert f"approval by {ADA.partition(':')[0]}, on what {UPLOADER} uploaded" in granted
    assert f"approved by {ADA.partition(':')[0]}" in desk.ok("show", "acme").partition("History")[0]
    asked.asks(access=WIDER)
    assert _rejection(desk, asked) == f"approvers, on what {UPLOADER} uploaded"


def test_the_history_names_who_rejected_a_new_grant(desk: Desk, asked: ApprovalDesk) -> None:
    assert _rejection(desk, asked) == f"approvers, on what {UPLOADER} uploaded"


def _rejection(desk: Desk, asked: ApprovalDesk) -> str:
    """What the history says set off a rejection by Ada."""
    asked.writes(asked.key(f"reject/{ADA}"))
    asked.run(CHECK)
    rejected = desk.ok("show", "acme").splitlines()[-1]
    before, _, why = rejected.partition(" uploaded")
    assert "rejected by AROAADAADAADAADA01 of security" in why
    return f"{before.partition('ConfigRejected')[2].strip()} uploaded"


def _order(asked: ApprovalDesk, action: str) -> str:
    order = {"action": action, "partner": "acme", "grant": "main", "reason": "incident"}
    return str(asked.run(order).outcome)


def _granted_earlier(asked: ApprovalDesk) -> None:
    asked.now -= timedelta(minutes=50)
    assert asked.approves(ADA).outcome == "created"


def test_what_a_resource_adds_to_a_suspended_grant_is_approved_by_its_resumption(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _granted_earlier(asked)
    _order(asked, "suspend")
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket="data-bucket", ServerSideEncryptionConfiguration=rules)
    assert _order(asked, "resume") == "pending_approval"
    asked.now = datetime.now(UTC)
    monkeypatch.setattr(waiting, "user_id", lambda _: BEN)
    said = desk.ok("approve", "acme", "--yes")
    assert f"uploaded by {UPLOADER}:" in said
    assert said.endswith("approved; nobody is missing, and `latchkey resume acme.main` grants it\n")
    assert _order(asked, "resume") == "updated"
    assert "kms:Decrypt" in json.dumps(desk.stack.permissions())


def test_what_waits_for_a_suspended_grant_is_approved_after_it_was_resumed(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _granted_earlier(asked)
    assert asked.asks(access=WIDER).outcome == "pending_approval"
    _order(asked, "suspend")
    monkeypatch.setattr(waiting, "user_id", lambda _: BEN)
    found = desk("approve", "acme", "--yes")
    assert found.exit_code == 1
    assert "approve it after `latchkey resume acme.main`" in found.stderr
    _order(asked, "resume")
    asked.now = datetime.now(UTC)
    assert "nobody is missing" in desk.ok("approve", "acme", "--yes")


def test_what_cannot_be_granted_any_more_says_why(desk: Desk, asked: ApprovalDesk) -> None:
    aws("s3").delete_bucket(Bucket="data-bucket")
    assert asked.pending
    found = desk("approve", "acme", "--yes")
    assert found.exit_code == 1
    why = "it cannot be granted as it is now: /access/0/bucket: there is no bucket 'data-bucket'"
    assert why in found.stderr


def test_while_nobody_knows_whose_version_it_is_nobody_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approvals = ApprovalDesk(desk.stack)
    approvals.now = datetime.now(UTC) - timedelta(hours=1)
    assert approvals.asks(None).outcome == "pending_approval"
    approvals.now = datetime.now(UTC)
    monkeypatch.setattr(waiting, "user_id", lambda _: ADA)
    found = desk("approve", "acme", "--yes")
    assert "which nobody knows who uploaded:" in found.stdout
    assert "this approval does not count: S3 has not told who uploaded" in found.stderr
