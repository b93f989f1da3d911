"""Accounts that cannot be reached: what of their grants is on record, and what is tried again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from latchkey.times import parse_instant
from tests.integration.in_spoke import (
    DENIED,
    REVOKE,
    SPOKE,
    SUSPEND,
    UNAVAILABLE,
    Spoke,
    planned,
    spoke,
    stack,
)
from tests.kit.examples import NOW
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import refusal

__all__ = ["spoke", "stack"]

CHECK = {**REVOKE, "action": "check", "by": "sweep"}
REFUSED = [(DENIED, "SpokeNotEnrolled"), (UNAVAILABLE, "SpokeUnreachable")]

ORDERS = [
    (CHECK, "ended by its dates, role remains"),
    (REVOKE, "not revoked, role remains"),
    (SUSPEND, "not suspended, role remains as it was"),
]


def _after(stack: StackDriver) -> datetime:
    """When the grant has ended."""
    return parse_instant(stack.grant()["expires_at"]) + timedelta(minutes=1)


def _unreached(
    stack: StackDriver, spoke: Spoke, request: Any, refused: Any, now: datetime = NOW
) -> dict[str, Any]:
    """The result of a run whose plan was made, and whose account then gave no session."""
    state = planned(stack, spoke, request, now)
    spoke.answer = refusal(*refused)
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
    stack: StackDriver, spoke: Spoke, request_: Any, said: str, refused: Any, error: str
) -> None:
    stack.granted()
    now = _after(stack) if request_ is CHECK else NOW
    result = _unreached(stack, spoke, request_, refused, now)
    assert result["outcome"] == "failed"
    assert result["reason"].startswith(f"{error}: {said}: account {SPOKE} ")
    assert result["verified"] is None
    assert result["late_seconds"] is None
    state = stack.grant()
    assert (state["status"], state["reason"]) == ("failed", result["reason"])
    assert state["role_arn"].split(":")[4] == SPOKE
    assert state["live"], "who sweeps has to find it"
    assert stack.history()[-1] == "GrantFailed"
