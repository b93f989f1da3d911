"""What comes after a run that failed: it goes by what that one found, and by nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, s3_entry
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Taps, refusal

LATER = NOW + timedelta(minutes=4)
REVOKE = {"action": "revoke", "partner": "acme", "grant": "main", "reason": "over"}


def _fails(stack: StackDriver, request: Any, operation: str) -> None:
    taps, answer = Taps(), refusal("AccessDenied", "no", 403)
    taps.before = lambda call: answer if call.operation == operation else None
    assert stack.run(request, LATER).outcome == "failed"
    taps.disarm()


@pytest.mark.parametrize("version", [{}, {"role_name": "AcmeReader"}], ids=["same role", "another"])
def test_what_was_uploaded_after_the_end_is_granted_once_it_can_be_planned(
    stack: StackDriver, version: dict[str, Any]
) -> None:
    """Neither the order that ended it nor the role that it had is in force for that version."""
    stack.granted()
    assert stack.run(REVOKE, NOW).outcome == "revoked"
    stack.upload(purpose="Once more", **version)
    _fails(stack, FILE, "GetParameter")
    assert "live" not in stack.grant()
    assert stack.run(FILE, LATER).outcome == "created"


def test_a_role_that_could_not_be_suspended_does_not_pass_for_changed_by_hand(
    stack: StackDriver,
) -> None:
    stack.granted()
    _fails(stack, {**REVOKE, "action": "suspend"}, "PutRolePolicy")
    stack.upload(access=[s3_entry(prefix="in"), s3_entry(bucket="other-bucket", allow="read")])
    _fails(stack, FILE, "PutRolePolicy")
    assert stack.run(FILE, LATER).outcome == "updated"
    assert stack.grant()["findings"] == []
    assert "other-bucket" in str(stack.permissions())
