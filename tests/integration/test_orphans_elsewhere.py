"""Roles of ours in other accounts whose grants nothing is on record of: removed there, as here."""

import json
from typing import Any

import pytest

from tests.integration.in_spoke import OTHER, SPOKE, Spoke, role_here, roles, spoke, stack
from tests.integration.test_check_accounts import CHECK, LATER
from tests.kit.examples import ACCOUNT, NOW, STACK, policy
from tests.kit.stack.aws import FILE, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.machine import reconciliation
from tests.kit.stack.spokes import boundary
from tests.kit.stack.taps import refusal

__all__ = ["spoke", "stack"]

ROLE = {"RoleName": "partner-acme.main"}
FOUND = {
    "action": "check",
    "partner": "acme",
    "grant": "main",
    "by": "drift",
    "reason": "the drift check found a role of ours that no live grant has",
    "account": SPOKE,
}


def _plant(account: str = SPOKE) -> None:
    """A role with the tags of a grant that nobody has made, as an account's owner may write it."""
    tags = {"latchkey:grant": "acme.main", "latchkey:stack": STACK}
    iam = aws("iam", account)
    limits = {} if account == ACCOUNT else {"PermissionsBoundary": boundary("partner", account)}
    iam.create_role(
        **ROLE,
        **limits,
        Path="/partners/",
        AssumeRolePolicyDocument=json.dumps(policy("sts:AssumeRole")),
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    iam.put_role_policy(
        **ROLE, PolicyName="latchkey-access", PolicyDocument=json.dumps(policy("s3:GetObject"))
    )


def _state() -> Any:
    key = {"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}}
    return aws("dynamodb").get_item(TableName=TABLE, Key=key).get("Item")


def _refusing(stack: StackDriver, refused: str) -> None:
    """Have the owner of the account deny a call there."""
    denied = refusal("AccessDenied", f"not authorized to perform: {refused}", 403)
    stack.spokes.refuses = lambda _, call, __: denied if call == refused else None


def test_what_the_check_finds_there_is_removed_there(stack: StackDriver, spoke: Spoke) -> None:
    _plant()
    stack.invoke("check_drift", CHECK, LATER)
    (started,) = stack.started()
    assert reconciliation(started) == FOUND
    run = stack.run(started, LATER)
    assert (run.outcome, run.result["account"]) == ("revoked", SPOKE)
    assert run.result["verified"]["role"] == "absent"
    assert roles(SPOKE) == []
    assert (stack.grant()["status"], stack.history()) == ("revoked", ["AccessRevoked"])
    assert "live" not in _state()


def test_it_is_removed_in_the_own_account_too(stack: StackDriver) -> None:
    _plant(ACCOUNT)
    assert stack.invoke("check_drift", {}, LATER)["orphaned"] == ["acme.main"]
    (started,) = [one for one in stack.started() if "grant" in one]
    assert "account" not in started
    assert stack.run(started, LATER).outcome == "revoked"
    assert roles(ACCOUNT) == []


def test_a_role_of_that_name_in_the_own_account_stays(stack: StackDriver, spoke: Spoke) -> None:
    _plant()
    _plant(ACCOUNT)
    stack.run(FOUND)
    assert (roles(SPOKE), roles(ACCOUNT)) == ([], [ROLE["RoleName"]])


def test_accounts_take_none_of_each_others_runs(stack: StackDriver, spoke: Spoke) -> None:
    stack.spokes.enrol(OTHER)
    stack.guard()
    for account in (SPOKE, OTHER):
        _plant(account)
        stack.invoke("check_drift", {"check_account": account}, LATER)
    assert {one["account"] for one in stack.started()} == {SPOKE, OTHER}
    assert len({*stack.executions()}) == 2


def test_an_account_that_is_not_listed_gets_no_call(stack: StackDriver, spoke: Spoke) -> None:
    _plant()
    aws("ssm").put_parameter(
        Name="/latchkey/guardrails", Type="String", Value='{"version": 1}', Overwrite=True
    )
    run = stack.run(FOUND)
    assert (run.outcome, spoke.sessions, roles(SPOKE)) == ("unchanged", [], [ROLE["RoleName"]])


def test_what_is_on_record_says_where_to_look(stack: StackDriver, spoke: Spoke) -> None:
    """Else a check could end a grant of another account by a role that somebody planted."""
    stack.account = ACCOUNT
    stack.granted()
    _plant()
    assert stack.run(FOUND).outcome == "unchanged"
    assert role_here()
    stack.remove()
    assert stack.run(FOUND).outcome == "revoked"
    assert (role_here(), roles(SPOKE), spoke.sessions) == (None, [ROLE["RoleName"]], [])


@pytest.mark.parametrize("refused", ["iam:DeleteRole", "iam:DeleteRolePolicy", "sts:AssumeRole"])
def test_who_keeps_a_role_from_being_removed_takes_no_name(
    stack: StackDriver, spoke: Spoke, refused: str
) -> None:
    """A grant that is on record as live stays in its account, and no other can have its name."""
    _plant()
    _refusing(stack, refused)
    for _ in range(2):
        assert stack.run(FOUND, LATER).result["outcome"] == "failed"
        assert _state() is None
    tried = [] if refused == "sts:AssumeRole" else ["GrantFailed"] * 2
    assert stack.history() == tried
    stack.account = ACCOUNT
    stack.upload()
    assert stack.run(FILE, LATER).outcome == "created"


def test_a_run_that_dies_takes_no_name(stack: StackDriver, spoke: Spoke) -> None:
    _plant()
    state = stack.state(FOUND)
    state["plan"] = stack.invoke("plan_grant", state, NOW)
    stack.invoke("revoke_access", state, NOW)
    swept = stack.invoke("sweep_grants", {}, LATER)["unrecorded"]
    assert swept == ["acme.main"]
    assert stack.run(stack.started()[-1], LATER).error is None
    assert _state() is None
    assert stack.invoke("sweep_grants", {}, LATER)["unrecorded"] == []


@pytest.mark.parametrize(
    "other", [{"by": "sweep"}, {"by": None}, {"account": "2222"}, {"account": "٢" * 12}]
)
def test_nobody_else_says_where_to_look(stack: StackDriver, spoke: Spoke, other: Any) -> None:
    _plant()
    run = stack.run({**FOUND, **other})
    assert (run.outcome, run.result["problems"][0]["path"]) == ("rejected", "/account")
    assert (spoke.sessions, roles(SPOKE)) == ([], [ROLE["RoleName"]])


@pytest.mark.parametrize("action", ["revoke", "suspend", "resume", "confirm"])
def test_no_order_says_where_to_look(stack: StackDriver, spoke: Spoke, action: str) -> None:
    _plant()
    order = {"action": action, "partner": "acme", "account": SPOKE}
    run = stack.run(order)
    assert run.outcome == "rejected"
    assert (spoke.sessions, roles(SPOKE)) == ([], [ROLE["RoleName"]])
