"""What an external ID hides from who approves: a name that is one, or has one in it."""

from typing import Any

import pytest

from latchkey.reports.notice import outcome_notice
from latchkey.reports.outcome_event import About, OutcomeEvent, outcome_event

SECRET = "acme-7f3b2c91"


def _event(fact: Any, bucket: str) -> OutcomeEvent:
    about = About(
        fact=fact,
        owner="data-platform",
        by="file",
        result_bucket="results",
        result_key="partners/acme/reports.result.json",
        execution="arn:run",
        unsaid=(SECRET,),
    )
    line = {"effect": "widens", "text": f"adds READ on bucket {bucket}"}
    result: dict[str, Any] = {"partner": "acme", "grant": "reports", "outcome": "updated"}
    result |= {"reason": "", "problems": [], "drift": [], "summary": [line]}
    return outcome_event({**result, "recorded_at": "2026-01-15T12:00:00.000000Z"}, about)


@pytest.mark.parametrize("bucket", [f"{SECRET}-data", SECRET, "reports"])
def test_who_approves_is_told_that_a_name_is_left_out(bucket: str) -> None:
    hidden = bucket != "reports"
    asked = outcome_notice(_event("ApprovalRequested", bucket)).text
    assert ("--show-secrets" in asked) == hidden
    assert "--show-secrets" not in outcome_notice(_event("AccessUpdated", bucket)).text
