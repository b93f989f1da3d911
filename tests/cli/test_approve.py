"""`latchkey pending`, `approve`, `reject` and `group-id`: a second person at a terminal."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from latchkey_cli.grants import waiting
from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT
from tests.kit.stack.approvals import ADA, EVE, FILE, ApprovalDesk
from tests.kit.stack.aws import CONFIG_BUCKET, aws


@pytest.fixture
def asked(desk: Desk) -> ApprovalDesk:
    """Something waits, since an hour ago."""
    approvals = ApprovalDesk(desk.stack)
    approvals.now = datetime.now(UTC) - timedelta(hours=1)
    assert approvals.asks().outcome == "pending_approval"
    approvals.now = datetime.now(UTC)
    return approvals


def _is(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setattr(waiting, "user_id", lambda _: who)


def _keys() -> list[str]:
    found = aws("s3").list_objects_v2(Bucket=CONFIG_BUCKET, Prefix="approvals/")
    return [one["Key"] for one in found.get("Contents", [])]


def test_approve_shows_the_plan_and_writes_under_ones_own_id(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, ADA)
    found = desk("approve", "acme", typed="y\n")
    assert found.exit_code == 0, (found.stdout, found.stderr)
    assert "and it WIDENS access" in found.stdout
    assert "approvals of security: 1 needed, 0 given" in found.stdout
    assert _keys() == [asked.key(ADA)]
    assert desk.requests[-1] == {**FILE, "dry_run": True}
    assert asked.run({"action": "check", "partner": "acme", "grant": "main"}).outcome == "created"


def test_whoever_says_no_has_not_approved(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, ADA)
    assert desk("approve", "acme", typed="n\n").exit_code == 1
    assert (_keys(), asked.stack.role()) == ([], None)


def test_what_changed_since_is_not_approved(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, ADA)
    asked.uploads(max_session_duration=7200)
    found = desk("approve", "acme", "--yes")
    assert (found.exit_code, _keys()) == (1, [])
    assert "is not the plan that waits for approval any more" in found.stderr


def test_pending_lists_what_waits_and_who_has_approved(desk: Desk, asked: ApprovalDesk) -> None:
    assert "security" in desk.ok("pending")
    (waits,) = desk.json("grants", "--status", "pending_approval")
    assert (waits["status"], waits["partner"]) == ("pending_approval", "acme")
    asked.writes(asked.key(EVE))
    (listed,) = desk.json("pending")
    assert (listed["grant"], listed["digest"]) == ("acme.main", asked.pending["digest"])
    assert listed["given"] == {"security": [EVE]}


def test_reject_ends_it_until_another_version(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, ADA)
    desk.ok("reject", "acme", "--reason", "not before the audit")
    (key,) = _keys()
    body = aws("s3").get_object(Bucket=CONFIG_BUCKET, Key=key)["Body"].read()
    assert json.loads(body)["reason"] == "not before the audit"
    assert asked.run({"action": "check", "partner": "acme", "grant": "main"}).outcome == "rejected"
    assert desk.ok("pending") == "Nothing waits for approval.\n"
    assert "was rejected by" in desk("approve", "acme", "--yes").stderr


@pytest.mark.parametrize("who", [ACCOUNT, f"{ACCOUNT}:ada", "AROAADA"])
def test_who_can_be_in_no_group_cannot_approve(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    _is(monkeypatch, who)
    found = desk("approve", "acme", "--yes")
    assert (found.exit_code, _keys()) == (1, [])
    assert asked.stack.role() is None


def test_nothing_waits(desk: Desk) -> None:
    assert "nothing of acme.main waits" in desk("approve", "acme", "--yes").stderr


def test_group_id_of_a_role_and_a_user(desk: Desk) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = aws("iam").create_role(RoleName="approver", AssumeRolePolicyDocument=trust)["Role"]
    user = aws("iam").create_user(UserName="ada")["User"]
    assert desk.ok("group-id", "approver") == f"{role['RoleId']}\n"
    assert desk.ok("group-id", user["Arn"]) == f"{user['UserId']}\n"
    assert "there is no role and no IAM user" in desk("group-id", "nobody").stderr
    other = f"arn:aws:iam::{ACCOUNT}:role/elsewhere/approver"
    assert desk("group-id", other).exit_code == 1
    aws("iam").create_user(UserName="approver")
    assert "give the ARN" in desk("group-id", "approver").stderr


def test_show_says_what_waits_and_what_to_run(desk: Desk, asked: ApprovalDesk) -> None:
    said = desk.ok("show", "acme")
    assert f"waits for security since {asked.pending['since']}: latchkey approve acme.main" in said
    asked.writes(asked.key(f"reject/{ADA}"))
    asked.run({"action": "check", "partner": "acme", "grant": "main"})
    assert "rejected by AROAADAADAADAADA01 of security" in desk.ok("show", "acme")
