"""A grant without a fixed end that is asked for again after it has ended: its time counts anew."""

import pytest

from tests.kit.examples import config_bytes, s3_entry
from tests.kit.stack.approvals import ADA, ANY, FILE, GROUPS, UPLOADER, ApprovalDesk
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Taps, refusal

RULES = {"groups": GROUPS, "rules": ANY}
OTHER = [s3_entry(prefix="in"), s3_entry(bucket="other-bucket", allow="read")]
REVOKE = {"action": "revoke", "partner": "acme", "grant": "main", "reason": "over"}


@pytest.fixture(params=["by order", "by removal"])
def ended(stack: StackDriver, request: pytest.FixtureRequest) -> ApprovalDesk:
    """A desk whose grant has ended long ago, and whose file asks for it anew."""
    stack.guard(max_confirm_days=90)
    desk = ApprovalDesk.of(stack)
    _asks(desk, [s3_entry(prefix="in")])
    assert desk.run(FILE).outcome == "created"
    if request.param == "by order":
        assert desk.run(REVOKE).outcome == "revoked"
    else:
        stack.remove()
        assert desk.run(FILE).outcome == "revoked"
    desk.passes(days=60)
    _asks(desk, OTHER)
    return desk


def _asks(desk: ApprovalDesk, access: object) -> None:
    desk.passes()
    version = desk.stack.upload(config_bytes("expires_at", confirm_every_days=20, access=access))
    desk.notes(version, UPLOADER)


def test_it_may_wait_for_approval(ended: ApprovalDesk) -> None:
    ended.stack.guard(max_confirm_days=90, approval=RULES)
    assert ended.run(FILE).outcome == "pending_approval"
    assert ended.run(FILE).outcome != "expired"
    assert ended.approves(ADA).outcome == "created"


def test_it_may_fail_at_first(ended: ApprovalDesk) -> None:
    taps, answer = Taps(), refusal("AccessDenied", "no", 403)
    taps.before = lambda call: answer if call.operation == "GetParameter" else None
    assert ended.run(FILE).outcome == "failed"
    taps.disarm()
    assert ended.run(FILE).outcome == "created"


def test_it_may_be_rejected_at_first(ended: ApprovalDesk) -> None:
    ended.stack.guard(max_confirm_days=90, denied_resources=["arn:aws:s3:::other-bucket"])
    assert ended.run(FILE).outcome == "rejected"
    ended.stack.guard(max_confirm_days=90)
    assert ended.run(FILE).outcome == "created"
