"""What has to be approved is not granted piecemeal while an order suspends its grant."""

import json
from typing import Any

import pytest

from tests.kit.examples import s3_entry
from tests.kit.stack.approvals import ADA, BEN, CHECK, FILE, TWO, WIDER, ApprovalDesk
from tests.kit.stack.aws import GUARDRAILS, KEY, aws
from tests.kit.stack.driver import StackDriver

ANOTHER = ["444455556666", "777788889999"]
MORE: list[dict[str, Any]] = [
    {"principals": ANOTHER},
    {"access": WIDER},
    {"principals": ANOTHER, "access": WIDER},
    {"access": [s3_entry(bucket="other-bucket", allow="read")]},
    {"max_session_duration": 7200},
]


def _order(action: str) -> dict[str, Any]:
    return {"action": action, "partner": "acme", "grant": "main", "reason": "incident"}


@pytest.fixture
def granted(stack: StackDriver) -> ApprovalDesk:
    rule = {"when": {"resources": ["arn:aws:s3:::*"]}, "groups": {"security": 2}}
    desk = ApprovalDesk(stack, rule)
    desk.asks()
    _approved(desk)
    return desk


def _approved(desk: ApprovalDesk) -> str:
    desk.approves(ADA)
    return desk.approves(BEN).outcome


def _trust() -> Any:
    return aws("iam").get_role(RoleName="partner-acme.main")["Role"]["AssumeRolePolicyDocument"]


def _as_granted(desk: ApprovalDesk, before: dict[str, Any]) -> bool:
    """Whether the grant is suspended, and else as it was granted."""
    now = desk.state
    kept = ("config_version", "granted", "role_id", "expires_at")
    same = all(now[name] == before[name] for name in kept)
    return same and now["status"] == "suspended" and _gives_nothing(desk)


def _gives_nothing(desk: ApprovalDesk) -> bool:
    return [one["Effect"] for one in desk.stack.permissions()["Statement"]] == ["Deny"]


@pytest.mark.parametrize("changes", MORE)
@pytest.mark.parametrize("request_", [FILE, CHECK, {**CHECK, "by": "drift"}])
@pytest.mark.parametrize("seen", [True, False])
def test_a_version_from_before_the_order_waits_until_its_grant_is_resumed(
    granted: ApprovalDesk, changes: dict[str, Any], request_: dict[str, Any], seen: bool
) -> None:
    trust, before = _trust(), granted.state
    granted.uploads(**changes)
    if seen:
        assert granted.run().outcome == "pending_approval"
    waiting = granted.state["pending"]
    assert granted.run(_order("suspend")).outcome == "suspended"
    run = granted.run(request_)
    assert (run.outcome, _trust()) == ("unchanged", trust)
    assert _as_granted(granted, before) and granted.state["pending"] == waiting

    resumed = granted.run(_order("resume"))
    assert (resumed.outcome, _trust()) == ("updated", trust)
    assert granted.state["config_version"] == before["config_version"]
    assert not granted.may_read("other-bucket")
    assert [one["key"] for one in resumed.plan["waiting"]] == [KEY]
    assert granted.run().outcome == "pending_approval"
    assert _approved(granted) == "updated"
    assert granted.state["config_version"] != before["config_version"]


def test_its_role_is_repaired_meanwhile_and_ends(granted: ApprovalDesk) -> None:
    granted.uploads(access=WIDER)
    granted.run(_order("suspend"))
    granted.run()
    aws("iam").put_role_policy(
        RoleName="partner-acme.main",
        PolicyName="more",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            }
        ),
    )
    assert granted.run({**CHECK, "by": "drift"}).result["drift"]
    granted.passes(days=365 * 4)
    run = granted.run({**CHECK, "by": "schedule"})
    assert run.outcome == "expired", run.result["problems"]
    assert granted.stack.role() is None


def test_what_was_approved_meanwhile_is_granted_by_resuming(granted: ApprovalDesk) -> None:
    granted.asks(access=WIDER)
    granted.run(_order("suspend"))
    for who in (ADA, BEN):
        assert granted.approves(who).outcome == "unchanged"
    assert not granted.may_read("other-bucket")
    resumed = granted.run(_order("resume"))
    assert (resumed.outcome, granted.may_read("other-bucket")) == ("updated", True)
    assert resumed.result["approved_by"] == sorted([ADA.partition(":")[0], BEN])


def test_its_result_says_until_when_it_waits(granted: ApprovalDesk) -> None:
    version = granted.uploads(access=WIDER)
    granted.run(_order("suspend"))
    result = granted.run().result
    assert (result["outcome"], result["config_version"]) == ("unchanged", version)
    assert "was suspended after this version was uploaded" in result["reason"]
    assert "latchkey resume acme.main" in result["reason"]


def test_one_that_cannot_be_granted_keeps_nobody_from_resuming(granted: ApprovalDesk) -> None:
    before = granted.state["config_version"]
    granted.uploads(access=[s3_entry(bucket="no-such-bucket")])
    granted.run(_order("suspend"))
    granted.run()
    resumed = granted.run(_order("resume"))
    assert (resumed.outcome, granted.state["config_version"]) == ("updated", before)
    told = granted.run()
    assert (told.outcome, granted.state["status"]) == ("rejected", "active")


def test_guardrails_that_cannot_be_read_may_hold_it(granted: ApprovalDesk) -> None:
    before = granted.state
    granted.uploads(principals=ANOTHER)
    granted.run(_order("suspend"))
    aws("ssm").put_parameter(
        Name=GUARDRAILS, Value=json.dumps({"approvals": 1}), Type="String", Overwrite=True
    )
    granted.run()
    assert _as_granted(granted, before)


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_a_file_that_takes_away_itself_does_not_wait(granted: ApprovalDesk, status: str) -> None:
    version = granted.uploads(status=status)
    granted.run(_order("suspend"))
    granted.run()
    assert (granted.state["status"], granted.state["config_version"]) == (status, version)


def test_without_rules_it_is_granted_as_suspended(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks()
    _approved(desk)
    stack.guard()
    version = desk.uploads(principals=ANOTHER)
    desk.run(_order("suspend"))
    desk.run()
    assert (desk.state["status"], desk.state["config_version"]) == ("suspended", version)
    assert _gives_nothing(desk)


def test_what_waits_is_not_waited_for_when_a_later_version_is_put_off(
    granted: ApprovalDesk,
) -> None:
    granted.asks(access=WIDER)
    granted.uploads(principals=ANOTHER)
    granted.run(_order("suspend"))
    assert "was suspended after" in granted.run().result["reason"]
    assert (granted.state["status"], granted.state["pending"]) == ("suspended", None)
    assert granted.run().plan["step"] == "done"
