"""The drift check of accounts beside the stack's own: each by itself, and none unnoticed."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws.iam import IamGateway
from latchkey.aws.spoke_records import SpokeRecord, SpokeRecords
from latchkey.aws.table import Table
from latchkey.errors import GuardrailsUnreadable, PermissionDenied, SpokeNotEnrolled
from latchkey.iam.spoke import VERSION
from latchkey.newer_python import replace
from latchkey.times import instant
from tests.kit.examples import ACCOUNT, NOW, policy
from tests.kit.stack.aws import GROUP, TABLE, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import forget
from tests.kit.stack.spokes import SPOKES
from tests.kit.stack.taps import refusal

SPOKE, OTHER = SPOKES
LATER = NOW + timedelta(hours=1)
ROLE = "partner-acme.main"
CHECK = {"check_account": SPOKE}


@pytest.fixture
def stack() -> Iterator[StackDriver]:
    """A stack with a grant in another account."""
    with built_stack(account=SPOKE) as stack:
        stack.granted()
        stack.end_runs()
        stack.calls.clear()
        stack.spokes.sessions.clear()
        yield stack


def _same_name_here() -> None:
    aws("iam").create_role(
        RoleName=ROLE,
        Path="/partners/",
        AssumeRolePolicyDocument=json.dumps(policy("sts:AssumeRole")),
        Tags=[
            {"Key": "latchkey:grant", "Value": "acme.main"},
            {"Key": "latchkey:stack", "Value": "latchkey"},
        ],
    )


def _lives_here() -> None:
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET live = :live",
        ExpressionAttributeValues={":live": {"S": "LIVE"}},
    )


def _remove_role() -> None:
    iam = aws("iam", SPOKE)
    for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
    iam.delete_role(RoleName=ROLE)


def _known() -> SpokeRecord:
    found = SpokeRecords(Table(aws("dynamodb"), TABLE)).get(SPOKE)
    assert found
    return found


def _check(stack: StackDriver) -> Any:
    return stack.invoke("check_drift", CHECK, LATER)


def _reasons(stack: StackDriver) -> list[tuple[str, str]]:
    return [(one["grant"], one["reason"]) for one in stack.started() if "reason" in one]


def test_a_role_as_it_was_written_starts_nothing(stack: StackDriver) -> None:
    assert _check(stack) == {"account": SPOKE}
    assert stack.started() == []
    (session,) = stack.spokes.sessions
    assert session["RoleArn"] == f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-check"
    known = _known()
    assert known == SpokeRecord(SPOKE, known.since, instant(LATER), version=VERSION)


def test_a_role_that_was_changed_there_is_looked_at(stack: StackDriver) -> None:
    aws("iam", SPOKE).put_role_policy(
        RoleName=ROLE, PolicyName="extra", PolicyDocument=json.dumps(policy("s3:*"))
    )
    _check(stack)
    assert _reasons(stack) == [("main", "the drift check found its role changed")]


def test_a_role_that_is_gone_there_is_missing_though_one_here_has_its_name(
    stack: StackDriver,
) -> None:
    _remove_role()
    _same_name_here()
    _check(stack)
    assert _reasons(stack) == [("main", "the drift check found its role gone")]


def test_a_role_there_of_no_live_grant_is_an_orphan(stack: StackDriver) -> None:
    forget(["acme.main"])
    _check(stack)
    assert _reasons(stack) == [
        ("main", "the drift check found a role of ours that no live grant has")
    ]


@pytest.mark.parametrize("hours", [1, 3])
def test_an_orphan_that_no_run_has_ended_by_now_is_reported(
    stack: StackDriver, capsys: pytest.CaptureFixture[str], hours: int
) -> None:
    forget(["acme.main"])
    made = aws("iam", SPOKE).get_role(RoleName=ROLE)["Role"]["CreateDate"]
    stack.invoke("check_drift", CHECK, made + timedelta(hours=hours))
    assert f'"RolesUnowned":[{float(hours > 2)}]' in capsys.readouterr().out


def test_a_role_there_of_a_grant_that_lives_here_is_nobodys(
    stack: StackDriver, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run would look at the role here."""
    _lives_here()
    _check(stack)
    assert _reasons(stack) == []
    assert '"RolesUnowned":[1.0]' in capsys.readouterr().out


def test_a_role_here_of_a_grant_that_lives_there_is_nobodys(stack: StackDriver) -> None:
    _same_name_here()
    found = stack.invoke("check_drift", {}, LATER)
    assert (found["unowned"], found["orphaned"], found["changed"]) == ([ROLE], [], [])


@pytest.mark.parametrize("whose", ["hub", "spoke"])
def test_guardrails_of_either_that_changed_have_the_grant_looked_at(
    stack: StackDriver, whose: str
) -> None:
    if whose == "hub":
        stack.guard(allowed_accounts=[SPOKE], max_grant_days=3_000)
    else:
        stack.spokes.guard(SPOKE, '{"version": 1, "max_grant_days": 3000}')
    _check(stack)
    assert _reasons(stack) == [("main", "the guardrails changed")]
    (name,) = stack.executions()
    assert re.fullmatch(r"guardrails-acme\.main-[0-9a-f]{12}-\d{8}", name), "80 characters at most"


def test_what_nobody_uses_there_is_suspended_if_the_hub_says_so(stack: StackDriver) -> None:
    stack.guard(allowed_accounts=[SPOKE], max_idle_days=1, idle="suspend")
    role = stack.role()
    assert role
    stack.invoke("check_drift", CHECK, role["CreateDate"] + timedelta(days=9))
    assert "suspend" in [one["action"] for one in stack.started()]


def test_roles_are_looked_at_though_the_guardrails_there_are_not_valid(stack: StackDriver) -> None:
    _remove_role()
    stack.spokes.guard(SPOKE, "{")
    with pytest.raises(GuardrailsUnreadable, match=SPOKE):
        _check(stack)
    assert _reasons(stack) == [("main", "the drift check found its role gone")]
    assert (_known().error or "").startswith("GuardrailsUnreadable: ")


def test_an_account_that_lets_nobody_in_is_not_looked_at_here_instead(stack: StackDriver) -> None:
    _check(stack)
    before = _known()
    stack.calls.clear()
    closed = refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)
    stack.spokes.refuses = lambda _, call, __: closed if call == "sts:AssumeRole" else None
    with pytest.raises(SpokeNotEnrolled):
        stack.invoke("check_drift", CHECK, LATER + timedelta(hours=1))
    assert stack.started() == []
    assert "iam:ListRoles" not in stack.calls
    known = _known()
    assert (known.error or "").startswith("SpokeNotEnrolled: ")
    assert replace(known, failed_at=None, error=None) == before


def test_a_fault_of_ours_is_on_record_as_one_and_fails_as_it_is(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> Any:
        raise KeyError("example-ext-4711")

    monkeypatch.setattr(IamGateway, "roles", breaks)
    with pytest.raises(KeyError):
        _check(stack)
    known = _known()
    assert (known.failed_at, known.checked_at) == (instant(LATER), None)
    assert (known.error or "").startswith("KeyError: a fault in Latchkey")
    assert "4711" not in (known.error or "")


def test_accounts_with_grants_and_those_that_may_have_some_are_checked(stack: StackDriver) -> None:
    stack.guard(allowed_accounts=[OTHER, ACCOUNT])
    stack.invoke("check_drift", {}, LATER)
    stack.invoke("check_drift", {}, LATER)
    (asked,) = [one for one in stack.started() if "accounts" in one]
    assert asked == {"accounts": [SPOKE, OTHER]}
    forget(["acme.main"])
    stack.invoke("check_drift", {}, LATER + timedelta(hours=1))
    assert {"accounts": [OTHER]} in stack.started()


def test_accounts_are_checked_though_the_own_one_cannot_be(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise PermissionDenied("iam:ListRoles")

    monkeypatch.setattr(IamGateway, "roles", fails)
    with pytest.raises(PermissionDenied):
        stack.invoke("check_drift", {}, LATER)
    assert {"accounts": [SPOKE]} in stack.started()


def test_a_schedule_that_is_gone_is_found_for_a_grant_there(stack: StackDriver) -> None:
    aws("scheduler").delete_schedule(GroupName=GROUP, Name="acme.main")
    found = stack.invoke("check_drift", {}, LATER)
    assert (found["unscheduled"], found["missing"]) == (["acme.main"], [])


@pytest.mark.parametrize(("account", "heard"), [(SPOKE, "acme.main"), (OTHER, None)])
def test_a_role_of_that_name_in_another_account_is_not_the_grants(
    stack: StackDriver, account: str, heard: str | None
) -> None:
    detail = {
        "eventSource": "iam.amazonaws.com",
        "eventName": "PutRolePolicy",
        "eventID": "1",
        "requestParameters": {"roleName": ROLE},
    }
    event = {"detail-type": "AWS API Call via CloudTrail", "account": account}
    assert stack.invoke("check_drift", {**event, "detail": detail}, LATER) == {"heard": heard}
    assert len(stack.started()) == (heard is not None)
