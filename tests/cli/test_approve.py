"""`latchkey pending`, `approve` and `reject`: a second person at a terminal."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from latchkey.aws import approvals
from latchkey_cli.grants import waiting
from latchkey_cli.output.plans import show_plan
from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT
from tests.kit.stack.approvals import (
    ADA,
    ANY,
    EVE,
    FILE,
    GROUPS,
    SSO,
    TWO,
    UPLOADER,
    ApprovalDesk,
)
from tests.kit.stack.aws import CONFIG_BUCKET, aws


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
    for told in (
        f"version {asked.pending['version']}, uploaded by {UPLOADER}:",
        "waits for approval by 1 of security (0 so far)",
        "lines of policies, which --policies shows",
        f"digest   {asked.pending['digest']}",
        f"written: {asked.key(ADA)}",
        "approved; nobody is missing, and `latchkey show acme.main` says when it is done",
    ):
        assert told in found.stdout
    assert _keys() == [asked.key(ADA)]
    assert desk.requests == [{**FILE, "dry_run": True}] * 2
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
    asked.writes(asked.key(ADA))
    (listed,) = desk.json("pending")
    assert (listed["grant"], listed["digest"]) == ("acme.main", asked.pending["digest"])
    assert listed["given"] == {"security": [ADA]}


def test_pending_lists_all_where_one_folder_is_too_full(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "_MOST", 1)
    member = ADA.partition(":")[0]
    for number in range(2):
        asked.writes(asked.key(f"{member}:{number}"))
    said = desk.ok("pending")
    assert "acme.main" in said
    assert "files, all of this approver" in " ".join(said.split())


def test_pending_leaves_out_who_cannot_approve(desk: Desk, asked: ApprovalDesk) -> None:
    members = [one.partition(":")[0] for one in (ADA, UPLOADER)]
    desk.stack.guard(approval={"groups": {"security": {"members": members}}, "rules": ANY})
    for who in (ADA, EVE, UPLOADER):
        asked.writes(asked.key(who))
    assert desk.json("pending")[0]["given"] == {"security": [ADA]}
    asked.writes(asked.key(f"reject/{ADA}"))  # which is no approval
    desk.stack.guard(nonsense=True)
    assert {*desk.json("pending")[0]["given"]["security"]} == {ADA, EVE, UPLOADER}
    assert "Whether who approved may do so is not known: the guardrails in" in desk.ok("pending")


def test_one_of_two_is_told_who_is_missing(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stack.guard(approval={"groups": GROUPS, "rules": TWO})
    _is(monkeypatch, ADA)
    said = desk.ok("approve", "acme", "--yes")
    assert said.endswith("approved; still needed: 2 of security (1 so far)\n")
    assert asked.stack.role() is None


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (EVE, "AROAEVEEVEEVEEVE01 is in none of these groups"),
        (UPLOADER, "you, or somebody with your role, uploaded this version"),
    ],
)
def test_who_does_not_count_is_told_so(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch, who: str, why: str
) -> None:
    _is(monkeypatch, who)
    found = desk("approve", "acme", "--yes")
    assert found.exit_code == 1
    missing = "It needs 1 of security (0 so far)"
    assert f"this approval does not count: {why}. {missing}" in found.stderr
    assert asked.stack.role() is None


def test_a_session_of_a_person_counts_by_its_name(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [{"when": {"widening": True}, "groups": {"people": 2}}]
    desk.stack.guard(approval={"groups": GROUPS, "rules": rules})
    assert asked.run().outcome == "pending_approval"
    asked.now += timedelta(seconds=2)
    _is(monkeypatch, f"{SSO}:Ada@northwind.example")
    said = desk.ok("approve", "acme", "--yes")
    assert said.endswith("approved; still needed: 2 of people (1 so far)\n")


def test_reject_ends_it_until_another_version(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, ADA)
    said = desk.ok("reject", "acme", "--reason", "not before the audit")
    assert said.endswith("rejected; `latchkey show acme.main` has it in a moment\n")
    (key,) = _keys()
    body = aws("s3").get_object(Bucket=CONFIG_BUCKET, Key=key)["Body"].read()
    assert json.loads(body)["reason"] == "not before the audit"
    assert "rejected by" not in desk.ok("show", "acme")  # no run has seen it yet
    assert asked.run({"action": "check", "partner": "acme", "grant": "main"}).outcome == "rejected"
    assert desk.ok("pending") == "Nothing waits for approval.\n"
    why = 'rejected by AROAADAADAADAADA01 of security ("not before the audit"), until another'
    assert why in desk.ok("show", "acme")
    assert "was rejected by" in desk("approve", "acme", "--yes").stderr


def test_who_is_in_no_group_rejects_nothing(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, EVE)
    found = desk("reject", "acme", "--reason", "no")
    assert found.exit_code == 1
    why = "AROAEVEEVEEVEEVE01 is in none of the groups that have to approve (security)"
    assert f"this rejection does not count: {why}" in found.stderr
    assert asked.run({"action": "check", "partner": "acme", "grant": "main"}).steps[1:] == []
    desk.stack.guard(nonsense=True)
    assert "whether that counts is not known yet" in desk.ok("reject", "acme", "--reason", "no")


def test_a_rejection_says_why(
    desk: Desk, asked: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, ADA)
    assert "--reason is empty" in desk("reject", "acme", "--reason", "  ").stderr
    assert (_keys(), asked.pending["rejected_by"]) == ([], None)


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


def test_show_says_what_waits_and_what_to_run(desk: Desk, asked: ApprovalDesk) -> None:
    said = desk.ok("show", "acme")
    assert f"waits for security since {asked.pending['since']}: latchkey approve acme.main" in said
    asked.writes(asked.key(f"reject/{ADA}"))
    asked.run({"action": "check", "partner": "acme", "grant": "main"})
    assert "rejected by AROAADAADAADAADA01 of security" in desk.ok("show", "acme")


def test_an_end_that_moves_on_is_shown_where_nothing_else_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = {"effect": "widens", "text": "has no fixed end: lasts another 10 days"}
    named = {"partner": "acme", "grant": "main"}
    show_plan({"grant": named, "changes": [], "summary": [line], "widens": True})
    shown = capsys.readouterr().out
    assert "has no fixed end" in shown
    assert "WIDENS" in shown
    show_plan({"grant": named, "changes": [], "summary": []})
    assert "nothing would change" in capsys.readouterr().out


def test_nothing_is_approved_that_an_external_id_hides(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A config that names its bucket as an external ID has the bucket left out of its plan."""
    _is(monkeypatch, ADA)
    approvals = ApprovalDesk(desk.stack)
    approvals.now = datetime.now(UTC) - timedelta(hours=1)
    held = approvals.asks(external_id=["acme-7f3b2c91", "data-bucket"])
    assert held.outcome == "pending_approval"
    approvals.now = datetime.now(UTC)
    found = desk("approve", "acme", "--yes")
    assert (found.exit_code, _keys()) == (1, [])
    assert "run it with --show-secrets" in found.stderr
    found = desk("approve", "acme", "--yes", "--show-secrets")
    assert (found.exit_code, len(_keys())) == (0, 1)
    assert "bucket data-bucket" in found.stdout
