"""What waits, while runs go by the version before: nothing of it is forgotten or told wrongly."""

import json
from datetime import datetime
from typing import Any

import pytest

from latchkey.errors import TransientError
from tests.kit.examples import config_document
from tests.kit.stack.approvals import BEN, CHECK, TWO, WIDER, ApprovalDesk
from tests.kit.stack.aws import CONFIG_BUCKET, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

ROLE = "partner-acme.main"
DRIFT = {**CHECK, "by": "drift"}


@pytest.fixture
def granted(stack: StackDriver) -> ApprovalDesk:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks()
    assert desk.both_approve() == "created"
    return desk


def _rejected(desk: ApprovalDesk) -> str:
    place = desk.key(f"reject/{BEN}")
    desk.writes(place)
    return place


def _order(desk: ApprovalDesk, action: str) -> Run:
    return desk.run({"action": action, "partner": "acme", "grant": "main", "reason": "incident"})


def _by_hand() -> None:
    anything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": anything})
    aws("iam").put_role_policy(RoleName=ROLE, PolicyName="more", PolicyDocument=text)


def _repaired() -> bool:
    names: list[str] = aws("iam").list_role_policies(RoleName=ROLE)["PolicyNames"]
    return names == ["latchkey-access"]


def _encrypt(bucket: str) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


@pytest.mark.parametrize("hand", [False, True])
def test_a_rejected_change_of_a_live_grant_stays_rejected(
    granted: ApprovalDesk, hand: bool
) -> None:
    """Also where the run that finds the rejection has a role to repair."""
    granted.asks(access=WIDER)
    place = _rejected(granted)
    if hand:
        _by_hand()
    run = granted.run(CHECK)
    assert granted.pending["rejected_by"] == f"{BEN} of security"
    assert (run.outcome, _repaired()) == ("updated" if hand else "rejected", True)
    assert f"rejected by {BEN} of security" in run.result["reason"]
    assert granted.run(CHECK).plan["step"] == "done"
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=place)
    granted.both_approve()
    assert not granted.may_read("other-bucket")


def test_what_a_check_finds_first_waits_from_then_on(granted: ApprovalDesk) -> None:
    """The notification of its upload was lost."""
    version = granted.uploads(access=WIDER)
    assert granted.run(DRIFT).outcome == "pending_approval"
    assert granted.pending["version"] == version
    assert granted.stack.history()[-1] == "ApprovalRequested"
    assert granted.both_approve() == "updated"


@pytest.mark.parametrize(
    ("seen", "said"),
    [(False, "is planned by a run of its own"), (True, f"was rejected by {BEN} of security")],
)
def test_resuming_says_how_it_stands_with_the_newest_version(
    granted: ApprovalDesk, seen: bool, said: str
) -> None:
    _order(granted, "suspend")
    granted.uploads(access=WIDER)
    if seen:
        granted.run()
        _rejected(granted)
    assert _order(granted, "resume").result["reason"] == (
        f"incident; the newest version of partners/acme.json {said}"
    )


def test_repair_of_a_suspended_role_says_that_the_newest_version_was_put_off(
    granted: ApprovalDesk,
) -> None:
    granted.uploads(access=WIDER)
    _order(granted, "suspend")
    granted.run()
    _by_hand()
    reason = granted.run(DRIFT).result["reason"]
    assert reason.endswith("partners/acme.json is planned when the grant is resumed")


def test_what_a_resource_adds_to_an_inline_grant_keeps_nobody_from_repairing_it(
    stack: StackDriver,
) -> None:
    desk = ApprovalDesk(stack, *TWO)
    rules = aws("ssm").get_parameter(Name="/latchkey/guardrails")["Parameter"]["Value"]
    stack.guard()
    assert desk.run({"config": config_document()}).outcome == "created"
    before = stack.permissions()
    aws("ssm").put_parameter(Name="/latchkey/guardrails", Value=rules, Overwrite=True)
    _encrypt("data-bucket")
    _by_hand()
    assert desk.run(DRIFT).outcome == "updated"
    assert (_repaired(), stack.permissions()) == (True, before)
    again = desk.run(DRIFT)
    assert "only a file can be approved" in again.result["problems"][0]["message"]
    assert desk.run(DRIFT).plan["step"] == "done"


@pytest.mark.parametrize("checked", [False, True])
def test_what_a_resource_adds_can_be_approved_while_its_grant_is_suspended(
    granted: ApprovalDesk, checked: bool
) -> None:
    _order(granted, "suspend")
    _encrypt("data-bucket")
    assert _order(granted, "resume").outcome == "pending_approval"
    if checked:
        granted.run(DRIFT)
    granted.both_approve()
    assert granted.state["status"] == "suspended"
    assert _order(granted, "resume").outcome == "updated"
    assert "kms:Decrypt" in json.dumps(granted.stack.permissions())


def test_a_version_that_nobody_could_plan_for_is_not_one_that_was_granted(
    granted: ApprovalDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checks let what was granted before break new guardrails; this never was."""
    granted.stack.remove()
    assert granted.run().outcome == "revoked"
    granted.uploads(access=WIDER)
    state = granted.stack.state
    monkeypatch.setattr(granted.stack, "state", lambda asked: {**state(asked), "retries": 5})
    with monkeypatch.context() as patch:
        patch.setattr("latchkey.aws.approvals.Approvals.of", _fails)
        assert granted.run().outcome == "failed"
    granted.stack.guard(denied_resources=["arn:aws:s3:::other-bucket"])
    assert granted.run(DRIFT).outcome == "rejected"
    assert granted.stack.role() is None


def test_a_live_grant_without_a_config_on_record_was_granted_by_no_version(
    granted: ApprovalDesk,
) -> None:
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="REMOVE config, config_object",
    )
    granted.stack.guard(denied_resources=["arn:aws:s3:::data-bucket"])
    assert granted.run(DRIFT).outcome == "rejected"


def _fails(*_: Any) -> None:
    raise TransientError("no answer")


@pytest.mark.parametrize("put_off", [False, True])
def test_what_waits_for_a_grant_that_expires_waits_for_a_new_one(
    stack: StackDriver, put_off: bool
) -> None:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks(expires_at="2026-03-01T00:00:00Z")
    desk.both_approve()
    version = desk.uploads(access=WIDER)
    if put_off:
        _order(desk, "suspend")
    desk.run()
    desk.passes(days=60)
    run = desk.run({**CHECK, "by": "schedule"})
    assert (run.outcome, [one["key"] for one in run.plan["waiting"]]) == ("expired", [KEY])
    assert desk.run().outcome == "pending_approval"
    assert desk.pending["version"] == version
    assert desk.both_approve() == "created"


def _late(desk: ApprovalDesk, action: str, given: datetime) -> Run:
    """An order that had to wait for another run, while a later one was faster."""
    state, at = desk.stack.state, {"start_time": given.isoformat()}

    def started(asked: Any) -> dict[str, Any]:
        new = state(asked)
        return {**new, "execution": {**new["execution"], **at}}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.stack, "state", started)
        return _order(desk, action)


def test_an_order_that_comes_late_resumes_nothing_that_was_suspended_since(
    granted: ApprovalDesk,
) -> None:
    given = granted.now
    _order(granted, "suspend")
    run = _late(granted, "resume", given)
    assert (run.outcome, run.paths) == ("rejected", ["/action"])
    assert granted.state["status"] == "suspended"
    assert _order(granted, "resume").outcome == "updated"


@pytest.mark.parametrize("late", [False, True])
def test_a_version_from_between_two_suspensions_ends_neither(
    granted: ApprovalDesk, late: bool
) -> None:
    """Also where the first of them is carried out after the second one."""
    granted.stack.guard()
    given = granted.now
    if not late:
        _order(granted, "suspend")
    granted.uploads(purpose="Another")
    _order(granted, "suspend")
    if late:
        _by_hand()
        _late(granted, "suspend", given)
    granted.run()
    assert granted.state["status"] == "suspended"
    assert _order(granted, "resume").outcome == "updated"


def test_a_version_that_waited_before_a_second_suspension_does_not_end_it(
    granted: ApprovalDesk,
) -> None:
    _order(granted, "suspend")
    assert granted.asks(access=WIDER).outcome == "pending_approval"
    _order(granted, "suspend")
    granted.both_approve()
    assert granted.state["status"] == "suspended"
    assert _order(granted, "resume").outcome == "updated"
    assert granted.may_read("other-bucket")
