"""A run that dies while it ends sessions leaves access closed, and the next one ends them."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws.iam import IamGateway
from latchkey.errors import PermissionDenied
from latchkey.grants.change import PutRolePolicy
from latchkey.times import instant
from tests.kit.examples import BOUNDARY, NOW, OTHER_ACCOUNT, STACK, secret_entry
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.dying import dies_after

LATER = NOW + timedelta(hours=1)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
MINUTE = timedelta(seconds=60)


def _cut_off(stack: StackDriver) -> str | None:
    found = (s for s in stack.permissions()["Statement"] if s["Sid"] == "IssuedBefore")
    return next((s["Condition"]["DateLessThan"]["aws:TokenIssueTime"] for s in found), None)


def _die_at(stack: StackDriver, number: int) -> None:
    """Plan and carry out, until that many changes of the role have been made."""
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    with dies_after(number):
        stack.invoke("grant_access", state, LATER)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("request_", [FILE, CHECK], ids=["file", "check"])
def test_run_that_died_in_between_leaves_access_closed_and_the_next_one_ends_sessions(
    stack: StackDriver, number: int, request_: Any
) -> None:
    """Of three writes; what is allowed is denied from the first on."""
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT], access=[secret_entry()])
    _die_at(stack, number)
    assert [s["Sid"] for s in stack.permissions()["Statement"]] == ["Suspended"]
    after = LATER + timedelta(minutes=4)
    run = stack.run(request_, after)
    assert run.outcome == "updated"
    assert _cut_off(stack) == stack.grant()["issued_before"] == instant(after + MINUTE)
    assert any("secretsmanager" in str(s["Action"]) for s in stack.permissions()["Statement"])


def test_run_that_died_after_the_trust_policy_alone_owes_a_cut_off(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    _die_at(stack, 1)
    assert _cut_off(stack) is None
    after = LATER + timedelta(minutes=4)
    run = stack.run(FILE, after)
    assert (run.outcome, run.iam_writes) == ("updated", ["PutRolePolicy"])
    assert _cut_off(stack) == stack.grant()["issued_before"] == instant(after + MINUTE)


def test_run_that_failed_after_the_trust_policy_owes_a_cut_off(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])

    apply = IamGateway.apply

    def refused(iam: IamGateway, change: Any) -> Any:
        if isinstance(change, PutRolePolicy):
            raise PermissionDenied("refused")
        return apply(iam, change)

    monkeypatch.setattr(IamGateway, "apply", refused)
    assert stack.run(FILE, LATER).outcome == "failed"
    monkeypatch.setattr(IamGateway, "apply", apply)
    owed = instant(LATER + MINUTE)
    assert (_cut_off(stack), stack.grant()["issued_before"]) == (None, owed)
    run = stack.run(CHECK, LATER + MINUTE)
    assert run.iam_writes == ["PutRolePolicy"]
    assert _cut_off(stack) == owed


def _there_before() -> None:
    """A role of the grant's name and tags, which may have trusted anybody."""
    aws("iam").create_role(
        RoleName="partner-acme.main",
        Path="/partners/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
        PermissionsBoundary=BOUNDARY,
        Tags=[
            {"Key": "latchkey:stack", "Value": STACK},
            {"Key": "latchkey:grant", "Value": "acme.main"},
        ],
    )


def test_role_that_was_there_is_not_taken_for_one_that_a_dead_attempt_made(
    stack: StackDriver,
) -> None:
    _there_before()
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    with dies_after(0):  # it noted that it makes the role, and no more
        stack.invoke("grant_access", state, LATER)
    stack.invoke("grant_access", state, LATER + timedelta(seconds=2))
    assert _cut_off(stack) == instant(LATER + timedelta(seconds=2) + MINUTE)


def _refuse(*_: Any, **__: Any) -> Any:
    raise PermissionDenied("refused")


def test_role_that_was_there_is_no_other_after_a_run_that_failed(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That run changed nothing of the role, and nothing of it is on record."""
    _there_before()
    stack.upload()
    with monkeypatch.context() as patch:
        patch.setattr(IamGateway, "observe", _refuse)
        assert stack.run(FILE).outcome == "failed"
    stack.upload()
    assert stack.run(FILE, LATER).outcome == "updated"
    assert _cut_off(stack) == stack.grant()["issued_before"] == instant(LATER + MINUTE)


def test_role_that_a_failed_run_made_has_no_sessions_to_end(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = IamGateway.apply

    def refused(iam: IamGateway, change: Any) -> Any:
        return _refuse() if isinstance(change, PutRolePolicy) else apply(iam, change)

    stack.upload()
    with monkeypatch.context() as patch:
        patch.setattr(IamGateway, "apply", refused)
        assert stack.run(FILE).outcome == "failed"
    stack.upload()
    assert stack.run(FILE, LATER).iam_writes == ["PutRolePolicy"]
    assert _cut_off(stack) is None


def test_attempt_after_those_that_ended_sessions_keeps_them_ended(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role is as it is to be by then, but for the cut-off of a role that was there before."""
    _there_before()
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    for unanswered in ("reread", "observe"):  # the second noted only that it makes the role
        with monkeypatch.context() as patch:
            patch.setattr(IamGateway, unanswered, _refuse)
            with pytest.raises(PermissionDenied):
                stack.invoke("grant_access", state, LATER)
    assert _cut_off(stack) == instant(LATER + MINUTE)
    again = LATER + timedelta(seconds=2)
    stack.invoke("grant_access", state, again)
    assert _cut_off(stack) == instant(again + MINUTE)
