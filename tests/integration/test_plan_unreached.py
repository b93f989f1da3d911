"""Planning where an account cannot be reached: what is told, and when it is tried again."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.errors import SpokeUnreachable
from latchkey.times import parse_instant
from latchkey.workflow.plan.identify import RETRIES
from tests.integration.in_spoke import (
    DENIED,
    JOBS,
    REVOKE,
    SPOKE,
    SUSPEND,
    UNAVAILABLE,
    Spoke,
    stack,
)
from tests.integration.in_spoke import spoke as empty
from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import refusal

CHECK = {**REVOKE, "action": "check", "by": "sweep"}
ORDERS = [
    (CHECK, "ended by its dates, role remains"),
    (REVOKE, "not revoked, role remains"),
    (SUSPEND, "not suspended, role remains as it was"),
]

__all__ = ["empty", "stack"]


@pytest.fixture
def spoke(stack: StackDriver, empty: Spoke) -> Spoke:
    """The account with a grant in it."""
    stack.upload(account=SPOKE, access=[JOBS])
    run = stack.run(FILE)
    assert (run.outcome, run.result["account"]) == ("created", SPOKE), run.result
    return empty


@pytest.mark.parametrize(("request_", "said"), ORDERS)
@pytest.mark.parametrize("retries", [None, RETRIES])
def test_planning_that_reaches_no_account_says_so_and_is_tried_again(
    stack: StackDriver, spoke: Spoke, request_: Any, said: str, retries: int | None
) -> None:
    """A passing fault (with `retries`) is told once it was tried as often as it is to be."""
    ended = parse_instant(stack.grant()["expires_at"]) + timedelta(minutes=1)
    now = ended if request_ is CHECK else NOW
    spoke.answer = refusal(*(UNAVAILABLE if retries else DENIED))
    state = {**stack.state(request_), "retries": retries or 0}
    state["plan"] = stack.invoke("plan_grant", state, now)
    state["result"] = stack.invoke("record_outcome", state, now)
    stack.invoke("notify_outcome", state, now)
    result, kind = stack.whole_result(state), "Unreachable" if retries else "NotEnrolled"
    assert result["reason"].startswith(f"Spoke{kind}: {said}: account {SPOKE} ")
    assert (result["outcome"], result["verified"], result["account"]) == ("failed", None, SPOKE)
    assert stack.role()
    assert stack.grant()["live"].endswith(SPOKE), "who sweeps has to find it"
    assert any(f"Account: {SPOKE}\n" in one["Message"] for one in stack.notices())
    spoke.answer = None
    assert stack.run(request_, now).outcome in ("expired", "revoked", "suspended")


def test_a_file_that_is_gone_ends_nothing_where_no_account_is_reached(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.remove()
    spoke.answer = refusal(*DENIED)
    reason = stack.run(FILE).result["reason"]
    assert reason.startswith(f"SpokeNotEnrolled: not revoked, role remains: account {SPOKE} ")
    assert stack.role()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("revoked", "not revoked, role remains"),
        ("suspended", "not suspended, role remains as it was"),
    ],
)
def test_a_file_that_takes_access_away_is_told_of_as_the_order_is(
    stack: StackDriver, spoke: Spoke, status: str, said: str
) -> None:
    stack.upload(account=SPOKE, access=[JOBS], status=status)
    spoke.answer = refusal(*DENIED)
    reason = stack.run(FILE).result["reason"]
    assert reason.startswith(f"SpokeNotEnrolled: {said}: account {SPOKE} ")
    stack.run(CHECK)
    assert stack.grant()["reason"] == reason
    assert stack.role()
    spoke.answer = None
    assert stack.run(FILE).outcome == status
    spoke.answer = refusal(*DENIED)
    assert "not suspended" not in stack.run(CHECK).result["reason"], "it was"


def test_a_passing_fault_is_no_answer_before_the_last_try(stack: StackDriver, spoke: Spoke) -> None:
    spoke.answer = refusal(*UNAVAILABLE)
    with pytest.raises(SpokeUnreachable, match=SPOKE):
        stack.invoke("plan_grant", {**stack.state(REVOKE), "retries": RETRIES - 1})
