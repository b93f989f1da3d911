"""What nobody had to approve, and what somebody did, after a run that could not carry it out."""

from collections.abc import Callable

import pytest

from tests.kit.stack.approvals import ADA, BEN, CHECK, GROUPS, TWO, WIDER, ApprovalDesk
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Call, Killed, Taps, refusal


def _fails(desk: ApprovalDesk, request: dict[str, str]) -> None:
    assert desk.run(request).outcome == "failed"


def _dies(desk: ApprovalDesk, request: dict[str, str]) -> None:
    state = desk.stack.state(request)
    state["plan"] = desk.stack.invoke("plan_grant", state, desk.now)
    with pytest.raises(Killed):
        desk.stack.invoke("grant_access", state, desk.now)
    desk.passes(hours=1)  # so that its lease has ended


ENDS = pytest.mark.parametrize("ends", [_fails, _dies])
Ends = Callable[[ApprovalDesk, dict[str, str]], None]


def _is_not_carried_out(desk: ApprovalDesk, ends: Ends, request: dict[str, str]) -> None:
    def before(call: Call) -> object:
        if call.operation != "PutRolePolicy":
            return None
        if ends is _dies:
            raise Killed
        return refusal("AccessDenied", "no", 403)

    taps = Taps()
    taps.before = before
    ends(desk, request)
    taps.disarm()


@ENDS
def test_what_nobody_had_to_approve_waits_where_a_rule_came_before_it_was_done(
    stack: StackDriver, ends: Ends
) -> None:
    desk = ApprovalDesk(stack)
    stack.guard()
    assert desk.asks().outcome == "created"
    desk.uploads(access=WIDER)
    _is_not_carried_out(desk, ends, {"bucket": "config-bucket", "key": "partners/acme.json"})
    stack.guard(approval={"groups": GROUPS, "rules": TWO})
    assert desk.run(CHECK).outcome == "pending_approval"
    assert not desk.may_read("other-bucket")
    assert desk.both_approve() == "updated"
    assert desk.may_read("other-bucket")


@ENDS
def test_what_was_approved_stays_approved_where_it_could_not_be_done(
    stack: StackDriver, ends: Ends
) -> None:
    desk = ApprovalDesk(stack, *TWO)
    desk.asks()
    assert desk.both_approve() == "created"
    desk.asks(access=WIDER)
    desk.approves(ADA)
    desk.writes(desk.key(BEN))
    _is_not_carried_out(desk, ends, CHECK)
    assert desk.run(CHECK).outcome == "updated"
    assert desk.may_read("other-bucket")


def test_a_failed_order_leaves_what_was_granted_before_approved(stack: StackDriver) -> None:
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    order = {"partner": "acme", "grant": "main", "reason": "said so"}
    _is_not_carried_out(desk, _fails, {**order, "action": "suspend"})
    assert desk.run({**order, "action": "suspend"}).outcome == "suspended"
    assert desk.run({**order, "action": "resume"}).outcome == "updated"
