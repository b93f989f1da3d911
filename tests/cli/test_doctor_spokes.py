"""`latchkey doctor` on accounts beside the stack's own, and on grants that are there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.desk import Desk
from tests.cli.healthy import verdicts
from tests.cli.other_accounts import OTHER, SPOKE, allow, checked, failed, move
from tests.kit.examples import ACCOUNT, STACK
from tests.kit.stack.aws import GUARDRAILS, aws

Made = Callable[[], None]


def _ago(**ago: float) -> datetime:
    return datetime.now(UTC) - timedelta(**ago)


def _all_is_well() -> None:
    allow(SPOKE, OTHER)
    checked(SPOKE)
    checked(OTHER)


def _failed() -> None:
    _all_is_well()
    failed(OTHER, "AccessDenied")


def _failed_and_taken_off() -> None:
    _failed()
    allow(SPOKE)


def _late() -> None:
    allow(SPOKE)
    checked(SPOKE, _ago(hours=4))


def _late_but_not_allowed() -> None:
    allow()
    checked(SPOKE, _ago(hours=4))


def _new() -> None:
    allow(SPOKE)


def _old() -> None:
    allow(SPOKE)
    checked(SPOKE, version="0")


def _unreadable() -> None:
    failed(SPOKE, "AccessDenied")
    aws("ssm").put_parameter(Name=GUARDRAILS, Value="{", Type="String", Overwrite=True)


@pytest.mark.parametrize(
    ("made", "status", "text"),
    [
        (lambda: None, "ok", "none: every grant is in the stack's own account"),
        (_all_is_well, "ok", "2 accounts, each checked; 0 live grants"),
        (_failed, "fail", f"1 account could not be checked: {OTHER} (AccessDenied; the last time"),
        (_late, "fail", f"not checked for 3 periods: {SPOKE} (last at "),
        (_failed_and_taken_off, "ok", "1 account, each checked"),
        (_late_but_not_allowed, "ok", "none: every grant is in the stack's own account"),
        (_new, "warn", f"not checked yet: {SPOKE}"),
        (_old, "warn", f"a stack of an earlier version: {SPOKE}"),
        (_unreadable, "fail", f"1 account could not be checked: {SPOKE} (AccessDenied)"),
    ],
)
def test_accounts_that_were_not_read_are_named(
    well: Desk, made: Made, status: str, text: str
) -> None:
    made()
    found = verdicts(well)["spokes"]
    assert (found["status"], text in found["text"]) == (status, True), found
    if status == "fail":
        assert f"docs/runbook.md#{found['section']}" in well("doctor").stdout


def test_an_account_that_was_never_checked_fails_once_the_list_is_old(
    well: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(SPOKE)
    monkeypatch.setattr("latchkey_cli.health_checks.spokes._written", lambda _: _ago(hours=4))
    found = verdicts(well)["spokes"]
    assert (found["status"], f"{SPOKE} (never)" in found["text"]) == ("fail", True)


def test_a_grant_that_is_still_there_without_being_allowed_is_told(well: Desk) -> None:
    move()
    checked()
    found = verdicts(well)["spokes"]
    assert (found["status"], found["text"]) == ("warn", f"live grants, but not allowed: {SPOKE}")


def test_a_role_of_the_stacks_account_is_of_no_grant_in_another(well: Desk) -> None:
    """The grant went on record elsewhere, and the role of its name is still here."""
    assert verdicts(well)["roles"]["status"] == "ok"
    move()
    checked()
    found = verdicts(well)["roles"]
    assert (found["status"], "partner-acme.main" in found["text"]) == ("fail", True)


def test_a_grant_elsewhere_is_no_role_that_is_missing_here(well: Desk) -> None:
    allow(SPOKE)
    move()
    checked()
    iam, name = aws("iam"), "partner-acme.main"
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
    found = verdicts(well)
    assert found["roles"]["text"] == "0 partner roles in the stack's account, each of a live grant"
    assert found["schedules"]["text"] == "1 live grant, each with its schedule"
    assert found["grants"]["text"] == "1 live grant, none failed"
    assert found["spokes"]["text"] == "1 account, each checked; 1 live grant"
    others = {name: one["status"] for name, one in found.items() if name != "history"}
    assert {*others.values()} == {"ok"}, others


def test_checks_of_live_grants_see_those_in_other_accounts(well: Desk) -> None:
    allow(SPOKE)
    move()
    checked()
    aws("scheduler").delete_schedule(Name="acme.main", GroupName=f"{STACK}-grants")
    assert "acme.main without schedule" in verdicts(well)["schedules"]["text"]
    aws("dynamodb").update_item(
        TableName="grant-table",
        Key={"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET expires_at = :then",
        ExpressionAttributeValues={":then": {"S": "2026-01-01T00:00:00Z"}},
    )
    assert "acme.main overdue" in verdicts(well)["overdue"]["text"]
    assert ACCOUNT not in verdicts(well)["overdue"]["text"]
