"""What goes wrong in AWS: it is recorded with its cause, and what was granted stays safe."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey.aws.leases import Leases
from latchkey.errors import GrantBusy, LeaseLost
from latchkey.grant_id import GrantId
from latchkey.runtime.wiring.steps import planner
from latchkey.workflow.plan.identify import RETRIES
from tests.kit.examples import NOW, OTHER_ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.dying import dies_after
from tests.kit.stack.taps import Call, Taps, refusal

ACME = GrantId("acme", "main")
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


def _foreign_role(name: str = "partner-acme.main", tags: dict[str, str] | None = None) -> None:
    aws("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}',
        Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    )


def _leases() -> Leases:
    return planner().lease.leases


FOREIGN: list[dict[str, str]] = [
    {},
    {"latchkey:stack": "latchkey"},
    {"latchkey:stack": "latchkey", "latchkey:grant": "acme.second"},
    {"latchkey:stack": "other-stack", "latchkey:grant": "acme.main"},
]


@pytest.mark.parametrize("tags", FOREIGN, ids=str)
def test_role_that_is_not_ours_is_never_touched(stack: StackDriver, tags: dict[str, str]) -> None:
    _foreign_role(tags=tags)
    before = stack.role()
    stack.upload()
    run = stack.run(FILE)
    assert run.outcome == "failed"
    assert run.iam_writes == ["CreateRole"], "which IAM refuses, as the name is taken"
    assert type(run.error).__name__ == "RoleNotOwned"
    assert stack.role() == before
    assert stack.grant()["status"] == "failed"
    assert stack.grant()["reason"].startswith("RoleNotOwned: the role arn:aws:iam::")


def test_grant_that_failed_for_a_foreign_role_ends_with_its_file(stack: StackDriver) -> None:
    _foreign_role()
    stack.upload()
    stack.run(FILE)
    stack.remove()
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("revoked", [])
    assert stack.role() is not None


def test_grant_that_failed_for_a_foreign_role_is_not_swept_for_ever(stack: StackDriver) -> None:
    _foreign_role()
    stack.upload()
    stack.run(FILE)
    assert stack.invoke("sweep_grants", {}, EXPIRY)["due"] == []


def test_grant_that_failed_for_a_foreign_role_keeps_no_external_id(stack: StackDriver) -> None:
    _foreign_role()
    stack.upload()
    stack.run(FILE)
    stack.upload(None, "partners/b.json", partner="other", principals=[OTHER_ACCOUNT])
    assert stack.run({**FILE, "key": "partners/b.json"}).outcome == "created"


def test_grant_is_made_once_the_foreign_role_is_out_of_the_way(stack: StackDriver) -> None:
    _foreign_role()
    stack.upload()
    stack.run(FILE)
    aws("iam").delete_role(RoleName="partner-acme.main")
    assert stack.run(FILE).outcome == "created"


def test_role_of_another_id_without_our_tags_is_not_touched_and_a_check_says_so_once(
    stack: StackDriver,
) -> None:
    stack.granted()
    own = {"RoleName": "partner-acme.main"}
    aws("iam").delete_role_policy(**own, PolicyName="latchkey-access")
    aws("iam").delete_role(**own)
    _foreign_role()
    for now in (NOW, NOW, EXPIRY):
        run = stack.run(CHECK, now)
        assert (run.outcome, run.iam_writes) == ("failed", [])
    assert stack.history() == ["AccessGranted", "GrantFailed"]


def test_held_lease_makes_a_run_wait(stack: StackDriver) -> None:
    stack.upload()
    _leases().acquire(ACME, "another run", NOW)
    state = stack.state(FILE)
    with pytest.raises(GrantBusy):
        stack.invoke("plan_grant", state)
    assert stack.invoke("plan_grant", state, NOW + timedelta(minutes=3, seconds=1))


def test_run_that_plans_twice_keeps_its_own_lease(stack: StackDriver) -> None:
    stack.upload()
    state = stack.state(FILE)
    assert stack.invoke("plan_grant", state) == stack.invoke("plan_grant", state)


def test_lease_is_given_back_at_the_end_of_every_run(stack: StackDriver) -> None:
    stack.granted()
    stack.run(FILE)
    stack.upload(b"{")
    stack.run(FILE)
    assert [item["sk"] for item in stack.items() if item["sk"] == "LEASE"] == []


@pytest.mark.parametrize("step", ["grant_access", "record_outcome"])
def test_run_that_lost_its_lease_changes_nothing(stack: StackDriver, step: str) -> None:
    stack.upload()

    def steal(at: str, _: dict[str, Any]) -> None:
        if at == step:
            _leases().acquire(ACME, "another run", NOW + timedelta(minutes=4))

    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    if step == "record_outcome":
        state["applied"] = stack.invoke("grant_access", state)
    steal(step, state)
    items = stack.items()
    with pytest.raises(LeaseLost):
        stack.invoke(step, state)
    assert stack.items() == items
    assert (stack.role() is None) == (step == "grant_access")


def test_recording_twice_writes_the_same_once(stack: StackDriver) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["applied"] = stack.invoke("grant_access", state)
    first = stack.invoke("record_outcome", state)
    items = stack.items()
    again = stack.invoke("record_outcome", state)
    assert {**again, "result_version": ""} == {**first, "result_version": ""}
    assert stack.items() == items


@pytest.mark.parametrize("after", [0, 1])
def test_step_that_died_half_way_converges_when_it_is_tried_again(
    stack: StackDriver, after: int
) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    plan = stack.whole_plan(state)
    with dies_after(after):
        stack.invoke("grant_access", state)
    stack.invoke("grant_access", state, NOW + timedelta(seconds=2))
    assert stack.permissions() == plan["desired"]["permissions_policy"]


def test_failure_keeps_its_cause_and_releases_the_lease(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(purpose="Other")
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    cause = json.dumps({"errorMessage": "IAM said no", "errorType": "PermissionDenied"})
    state["error"] = {"Error": "PermissionDenied", "Cause": cause}
    result = stack.invoke("record_outcome", state)
    assert (result["outcome"], result["reason"]) == ("failed", "PermissionDenied: IAM said no")
    assert stack.grant()["status"] == "failed"
    assert stack.grant()["live"] == "LIVE", "its role is still there and has to end some day"
    assert stack.result()["reason"] == "PermissionDenied: IAM said no"
    assert stack.item("LEASE#acme.main", "LEASE") is None
    assert stack.history()[-1] == "GrantFailed"


@pytest.mark.parametrize(
    "cause", ["not JSON", "[]", "null", "", '{"errorMessage": null}', '{"a": 1}'], ids=repr
)
def test_any_cause_can_be_recorded(stack: StackDriver, cause: str) -> None:
    state = stack.state(FILE)
    state["error"] = {"Error": "States.Timeout", "Cause": cause}
    assert stack.invoke("record_outcome", state)["reason"].startswith("States.Timeout")


def test_failed_update_is_mended_by_the_next_run(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(purpose="Other")
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["error"] = {"Error": "Throttled", "Cause": "{}"}
    stack.invoke("record_outcome", state)
    run = stack.run(CHECK)
    assert (run.outcome, run.iam_writes) == ("updated", ["UpdateRole"])
    assert stack.grant()["status"] == "active"


def test_end_that_aws_refuses_fails_and_is_not_told_as_unchanged(stack: StackDriver) -> None:
    """That the file names another grant is no version that could be rejected instead."""
    stack.granted()
    stack.upload(grant="second")
    assert stack.run(FILE).outcome == "created"
    taps, answer = Taps(), refusal("AccessDenied", "no", 403)
    taps.before = lambda call: answer if call.operation == "ListInstanceProfilesForRole" else None
    assert stack.run(CHECK).outcome == "failed"
    taps.disarm()
    assert stack.run(CHECK).outcome == "revoked"
    assert stack.role() is None


@pytest.mark.parametrize("service", ["ssm", "s3"])
def test_version_that_is_invalid_by_itself_is_rejected_whatever_else_fails(
    stack: StackDriver, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live grant does not fail since nobody can tell what else is wrong with its file."""
    stack.granted()
    stack.upload(purpose="")
    state = {**stack.state(FILE), "retries": RETRIES}
    monkeypatch.setattr(stack, "state", lambda _: state)
    fails = refusal("ThrottlingException", "no")
    taps = Taps()
    taps.before = lambda call: fails if call.service == service and _looks(call) else None
    run = stack.run(FILE)
    taps.disarm()
    assert (run.outcome, run.paths) == ("rejected", ["/purpose"])
    assert stack.grant()["status"] == "active"


def _looks(call: Call) -> bool:
    return call.operation in ("GetParameter", "GetBucketEncryption")
