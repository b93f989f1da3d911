"""A grant that has ended, and whose next version could not be planned at first."""

from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Taps, refusal

LATER = NOW + timedelta(minutes=4)
REVOKE = {"action": "revoke", "partner": "acme", "grant": "main", "reason": "over"}


def _fails(stack: StackDriver) -> None:
    taps, answer = Taps(), refusal("AccessDenied", "no", 403)
    taps.before = lambda call: answer if call.operation == "GetParameter" else None
    assert stack.run(FILE, LATER).outcome == "failed"
    taps.disarm()


@pytest.mark.parametrize("version", [{}, {"role_name": "AcmeReader"}], ids=["same role", "another"])
def test_what_was_uploaded_after_the_end_is_granted_once_it_can_be_planned(
    stack: StackDriver, version: dict[str, Any]
) -> None:
    """Neither the order that ended it nor the role that it had is in force for that version."""
    stack.granted()
    assert stack.run(REVOKE, NOW).outcome == "revoked"
    stack.upload(purpose="Once more", **version)
    _fails(stack)
    assert "live" not in stack.grant()
    assert stack.run(FILE, LATER).outcome == "created"
