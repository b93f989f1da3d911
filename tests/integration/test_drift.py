"""Roles that somebody changed by hand: found, repaired, and described in words."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.drifts import DRIFTS, TAKES_AWAY
from tests.integration.role_edits import MANAGED, OWN, ROLE, Drift
from tests.kit.examples import NOW
from tests.kit.stack.aws import KEY, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import copies

LATER = NOW + timedelta(hours=1)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    """The stack with one grant, and managed policies that may be attached."""
    stack.granted()
    for name in ("everything", "extra"):
        aws("iam").create_policy(PolicyName=name, PolicyDocument=_EXTRA)
    return stack


_EXTRA = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def _role(stack: StackDriver, cut_off: str | None = None) -> Any:
    """Everything about the role except its time of creation, and a cut-off of its sessions."""
    details = aws("iam").get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
    found = [role for role in details if role["RoleName"] == ROLE]
    seen = stack.role()
    if not (found and seen):
        return None
    parts = (seen["Description"], seen["MaxSessionDuration"])
    for policy in found[0]["RolePolicyList"]:
        _without(policy["PolicyDocument"], cut_off)
    names = ("RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary", "Tags")
    return parts, seen["AssumeRolePolicyDocument"], [found[0].get(name) for name in names]


def _without(document: Any, cut_off: str | None) -> None:
    """Take the statement out that ends the sessions issued before a time."""
    if cut_off:
        assert document["Statement"].pop()["Sid"] == "IssuedBefore"


def _started(stack: StackDriver) -> Any:
    return [request for request in stack.started() if request.get("action")]


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_drift_is_found_repaired_and_described_in_words(granted: StackDriver, drift: Drift) -> None:
    before = _role(granted)
    drift.make(aws("iam"))
    assert _role(granted) != before
    found = granted.invoke("check_drift", {}, LATER)
    assert found["changed"] + found["missing"] == ["acme.main"]
    run = granted.run(_started(granted)[-1], LATER)
    told = "; ".join([*run.result["drift"], *(one["message"] for one in run.result["problems"])])
    if drift.name in TAKES_AWAY:
        assert "changed by hand, and kept" in told
    else:
        assert run.outcome in ("updated", "created")
        assert _role(granted, cut_off=run.result["issued_before"]) == before
        assert granted.history()[-1] == "DriftRepaired"
    assert not [word for word in drift.words if word not in told], told
    again = granted.invoke("check_drift", {}, LATER + timedelta(hours=1))
    assert not any(again.values()), "what was put back is not found again"


def test_list_is_of_forty_kinds_or_more() -> None:
    assert len({drift.name for drift in DRIFTS}) == len(DRIFTS) >= 40


def test_untouched_roles_are_no_drift_whatever_became_of_them(granted: StackDriver) -> None:
    for action in ("suspend", "resume", "check"):
        granted.run({**CHECK, "action": action})
        assert not any(granted.invoke("check_drift", {}, LATER).values())
    granted.upload(purpose="Another purpose", tags={"team": "data"})
    granted.run({"bucket": "config-bucket", "key": KEY})
    assert not any(granted.invoke("check_drift", {}, LATER).values())
    assert "DriftRepaired" not in granted.history()


def test_drift_is_only_reported_where_the_guardrails_say_so(granted: StackDriver) -> None:
    granted.guard(drift="report")
    granted.run(CHECK)
    aws("iam").attach_role_policy(**OWN, PolicyArn=MANAGED)
    for _ in range(2):
        run = granted.run(CHECK)
        assert run.iam_writes == []
    assert MANAGED in granted.grant()["findings"][0]["message"]
    assert granted.history() == ["AccessGranted", "FindingsReported"]


def test_order_and_upload_put_everything_right_even_so(granted: StackDriver) -> None:
    granted.guard(drift="report")
    aws("iam").attach_role_policy(**OWN, PolicyArn=MANAGED)
    assert "DetachRolePolicy" in granted.run({**CHECK, "action": "suspend"}).iam_writes


def test_suspended_role_that_was_opened_by_hand_is_closed_again(granted: StackDriver) -> None:
    granted.run({**CHECK, "action": "suspend"})
    aws("iam").put_role_policy(**OWN, PolicyName="latchkey-access", PolicyDocument=_EXTRA)
    assert granted.invoke("check_drift", {}, LATER)["changed"] == ["acme.main"]
    assert granted.run(CHECK).outcome == "suspended"
    assert granted.permissions()["Statement"][0]["Effect"] == "Deny"
    assert granted.history()[-1] == "DriftRepaired"


def test_role_under_our_path_that_is_not_ours_is_reported_and_left_alone(
    granted: StackDriver,
) -> None:
    trust = '{"Version":"2012-10-17","Statement":[]}'
    for name in ("partner-other.main", "unheard-of"):
        aws("iam").create_role(RoleName=name, Path="/partners/", AssumeRolePolicyDocument=trust)
    aws("iam").create_role(RoleName="elsewhere", AssumeRolePolicyDocument=trust)
    found = granted.invoke("check_drift", {}, LATER)
    assert found["unowned"] == ["partner-other.main", "unheard-of"]
    assert not _started(granted)


def test_role_of_ours_that_came_back_after_its_end_is_removed(granted: StackDriver) -> None:
    role = granted.role()
    assert role
    granted.run({**CHECK, "action": "revoke"})
    aws("iam").create_role(
        **OWN, Path="/partners/", AssumeRolePolicyDocument=_EXTRA, Tags=role["Tags"]
    )
    found = granted.invoke("check_drift", {}, LATER)
    assert found["orphaned"] == ["acme.main"]
    granted.run(_started(granted)[-1], LATER)
    assert granted.role() is None


ROLES, PAGE = 1000, 100


@pytest.fixture
def many(stack: StackDriver) -> StackDriver:
    """As many grants as an account may have roles; each but the first is a copy of it."""
    copies(stack, ROLES - 1)
    return stack


def _iam_calls(stack: StackDriver) -> int:
    return sum(call.startswith("iam:") for call in stack.calls)


def test_thousand_roles_take_calls_by_the_page_and_raise_no_false_alarm(many: StackDriver) -> None:
    many.calls.clear()
    assert not any(many.invoke("check_drift", {}, LATER).values())
    assert _iam_calls(many) == 2 * ROLES // PAGE, "ListRoles and GetAccountAuthorizationDetails"
    changed = [f"copy-{number}" for number in (7, 70, 700)]
    for name in changed:
        aws("iam").put_role_policy(
            RoleName=f"partner-acme.{name}", PolicyName="extra", PolicyDocument=_EXTRA
        )
    many.calls.clear()
    found = many.invoke("check_drift", {}, LATER)
    assert found["changed"] == [f"acme.{name}" for name in changed]
    assert _iam_calls(many) == 2 * ROLES // PAGE


@pytest.fixture
def idle(stack: StackDriver) -> datetime:
    """When a grant that was just made has not been used for 91 days."""
    stack.granted(expires_at="2040-01-01T00:00:00Z")
    role = stack.role()
    assert role
    made: datetime = role["CreateDate"]
    return made + timedelta(days=91)


def test_grant_that_nobody_uses_is_reported_once(stack: StackDriver, idle: datetime) -> None:
    stack.guard(max_idle_days=90)
    stack.run(CHECK, NOW)
    found = stack.invoke("check_drift", {}, idle)
    assert found["idle"] == ["acme.main"]
    run = stack.run(_started(stack)[-1], idle)
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert "max_idle_days: not used since" in run.result["problems"][0]["message"]
    assert stack.run(CHECK, idle).steps == ["plan_grant"], "it is told once"


def test_grant_that_nobody_uses_is_suspended_and_may_be_resumed(
    stack: StackDriver, idle: datetime
) -> None:
    stack.guard(max_idle_days=90, idle="suspend")
    stack.invoke("check_drift", {}, idle)
    order = next(request for request in _started(stack) if request["action"] == "suspend")
    assert stack.run(order, idle).outcome == "suspended"
    assert stack.run({**CHECK, "action": "resume"}, idle).outcome == "updated"
    assert stack.invoke("check_drift", {}, idle + timedelta(days=1))["idle"] == []
