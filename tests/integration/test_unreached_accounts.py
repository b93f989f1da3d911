"""Accounts that cannot be reached: what of their grants is on record, and what is tried again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from latchkey.errors import SpokeUnreachable
from latchkey.times import parse_instant
from latchkey.workflow.plan.identify import RETRIES
from tests.integration.elsewhere import (
    DENIED,
    REVOKE,
    SPOKE,
    SUSPEND,
    UNAVAILABLE,
    Sessions,
    planned,
    watched,
)
from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spoke import Spoke
from tests.kit.stack.taps import refusal

CHECK = {**REVOKE, "action": "check", "by": "sweep"}
REFUSED = [(DENIED, "SpokeNotEnrolled"), (UNAVAILABLE, "SpokeUnreachable")]

ORDERS = [
    (CHECK, "ended by its dates, role remains"),
    (REVOKE, "not revoked, role remains"),
    (SUSPEND, "not suspended, role remains as it was"),
]


@pytest.fixture
def sessions(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Sessions of all functions."""
    return watched(stack, monkeypatch)


def _after(stack: StackDriver) -> datetime:
    """When the grant has ended."""
    return parse_instant(stack.grant()["expires_at"]) + timedelta(minutes=1)


def _unreached(
    stack: StackDriver, sessions: Sessions, request: Any, refused: Any, now: datetime = NOW
) -> dict[str, Any]:
    """The result of a run whose plan was made, and whose account then gave no session."""
    state = planned(stack, request, now)
    sessions.refused = refused
    step = "revoke_access" if state["plan"]["step"] == "revoke" else "grant_access"
    with pytest.raises(Exception, match=SPOKE) as raised:
        stack.invoke(step, state, now)
    state["error"] = {"Error": type(raised.value).__name__, "Cause": str(raised.value)}
    state.pop("request")
    state["result"] = stack.invoke("record_outcome", state, now)
    return stack.whole_result(state)


@pytest.mark.parametrize(("refused", "error"), REFUSED)
@pytest.mark.parametrize(("request_", "said"), ORDERS)
def test_what_was_not_done_is_on_record_as_not_done(
    stack: StackDriver, sessions: Sessions, request_: Any, said: str, refused: Any, error: str
) -> None:
    stack.granted()
    now = _after(stack) if request_ is CHECK else NOW
    result = _unreached(stack, sessions, request_, refused, now)
    assert result["outcome"] == "failed"
    assert result["reason"].startswith(f"{error}: {said}: account {SPOKE} ")
    assert result["verified"] is None
    assert result["late_seconds"] is None
    state = stack.grant()
    assert (state["status"], state["reason"]) == ("failed", result["reason"])
    assert state["role_arn"].split(":")[4] == SPOKE
    assert state["live"], "who sweeps has to find it"
    assert stack.history()[-1] == "GrantFailed"


@pytest.fixture
def spoke(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> Spoke:
    """Another account with a grant in it."""
    stack.guard(allowed_accounts=[SPOKE])
    found = Spoke(stack, monkeypatch)
    found.owners("sqs").create_queue(QueueName="jobs")
    jobs = {"service": "sqs", "queue": "jobs", "allow": "send"}
    stack.upload(account=SPOKE, access=[jobs])
    run = stack.run(FILE)
    assert (run.outcome, run.result["account"]) == ("created", SPOKE), run.result
    assert (bool(found.role()), stack.role()) == (True, None)
    return found


@pytest.mark.parametrize(("request_", "said"), ORDERS)
@pytest.mark.parametrize("retries", [None, RETRIES])
def test_planning_that_reaches_no_account_says_so_and_is_tried_again(
    stack: StackDriver, spoke: Spoke, request_: Any, said: str, retries: int | None
) -> None:
    """A passing fault (with `retries`) is told once it was tried as often as it is to be."""
    now = _after(stack) if request_ is CHECK else NOW
    spoke.answer = refusal(*(UNAVAILABLE if retries else DENIED))
    state = {**stack.state(request_), "retries": retries or 0}
    state["plan"] = stack.invoke("plan_grant", state, now)
    state["result"] = stack.invoke("record_outcome", state, now)
    stack.invoke("notify_outcome", state, now)
    result, kind = stack.whole_result(state), "Unreachable" if retries else "NotEnrolled"
    assert result["reason"].startswith(f"Spoke{kind}: {said}: account {SPOKE} ")
    assert (result["outcome"], result["verified"], result["account"]) == ("failed", None, SPOKE)
    assert spoke.role()
    assert stack.grant()["live"].endswith(SPOKE), "who sweeps has to find it"
    assert any(f"Account: {SPOKE}\n" in one["Message"] for one in stack.notices())
    spoke.answer = None
    assert stack.run(request_, now).outcome in ("expired", "revoked", "suspended")


def test_a_passing_fault_is_no_answer_before_the_last_try(stack: StackDriver, spoke: Spoke) -> None:
    spoke.answer = refusal(*UNAVAILABLE)
    with pytest.raises(SpokeUnreachable, match=SPOKE):
        stack.invoke("plan_grant", {**stack.state(REVOKE), "retries": RETRIES - 1})
