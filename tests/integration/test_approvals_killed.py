"""Runs about approvals die at every call: nobody gets what was not approved, and none is lost."""

from typing import Any

import pytest

from tests.kit.parts import numbers_in_turn
from tests.kit.stack.approvals import ADA, CHECK, FILE, WIDER, ApprovalDesk
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.taps import Call, Killed, Taps

STEPS = {"grant": "grant_access", "record": "record_outcome", "done": ""}


def _killed(desk: ApprovalDesk, request: Any, number: int) -> bool:
    """Walk the workflow until the function dies at its call of that number; whether it did."""
    taps = Taps()
    stack, state = desk.stack, desk.stack.state(request)
    desk.passes()

    def dies(call: Call) -> None:
        if call.number == number:
            raise Killed

    taps.before = dies
    try:
        state["plan"] = stack.invoke("plan_grant", state, desk.now)
        if STEPS[state["plan"]["step"]] == "grant_access":
            state["applied"] = stack.invoke("grant_access", state, desk.now)
        state["result"] = stack.invoke("record_outcome", state, desk.now)
        stack.invoke("notify_outcome", state, desk.now)
    except Killed:
        return True
    finally:
        taps.disarm()
    return False


def _granted(stack: Any) -> ApprovalDesk:
    desk = ApprovalDesk(stack)
    desk.asks()
    assert desk.approves(ADA).outcome == "created"
    return desk


def test_a_run_that_is_held_dies_and_nothing_is_given() -> None:
    for number in numbers_in_turn():
        with built_stack() as stack:
            desk = _granted(stack)
            desk.uploads(access=WIDER)
            died = _killed(desk, FILE, number)
            assert not desk.may_read("other-bucket"), number
            desk.passes(minutes=30)
            desk.run()
            desk.run(CHECK)
            assert not desk.may_read("other-bucket"), number
            assert desk.state["status"] == "active", number
            desk.approves(ADA)
            assert desk.may_read("other-bucket"), number
        if not died:
            break
    assert number > 10


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_run_that_is_approved_dies_and_is_done_whole_or_not_at_all(withdrawn: bool) -> None:
    """Also where the approval is withdrawn meanwhile: what has begun was approved."""
    ends = set()
    for number in numbers_in_turn():
        with built_stack() as stack:
            desk = _granted(stack)
            desk.asks(access=WIDER)
            place = desk.key(ADA)
            desk.writes(place)
            died = _killed(desk, CHECK, number)
            if withdrawn:
                aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=place)
            desk.passes(minutes=30)
            desk.run(CHECK)
            desk.run()
            wider = desk.may_read("other-bucket")
            ends.add(wider)
            assert wider or withdrawn, number
            assert (desk.state["pending"] is None) == wider, number
            assert desk.state["status"] == "active", (number, desk.state["reason"])
            assert desk.run(CHECK).plan["step"] == "done", number
        if not died:
            break
    assert number > 15
    assert ends == ({True, False} if withdrawn else {True})
