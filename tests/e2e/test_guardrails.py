"""Security changes the guardrails: uploads are held to them, and live grants are reported."""

from typing import Any

import pytest

from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e


def test_upload_that_breaks_a_guardrail_is_rejected_by_its_name(
    outside: Outside, case: Case, security: Any
) -> None:
    security(denied_resources=[f"arn:aws:s3:::{case.bucket}/in/pay/*"])
    result = outside.upload(case.key, case.config())
    assert result["outcome"] == "rejected"
    (problem,) = result["problems"]
    assert problem["path"] == "/access/0"
    assert problem["message"].startswith("guardrail denied_resources:")
    assert outside.role(case.role) is None


def test_live_grants_that_break_changed_guardrails_are_reported_within_the_hour(
    outside: Outside, case: Case, security: Any
) -> None:
    assert outside.upload(case.key, case.config())["outcome"] == "created"
    security(denied_resources=[f"arn:aws:s3:::{case.bucket}"])
    outside.box.advance(3600)
    result = outside.result(case.key, lambda found: found["outcome"] == "unchanged")
    assert [problem["path"] for problem in result["problems"]] == ["/access/0"]
    assert outside.role(case.role) is not None
    state = eventually(lambda: outside.state(case.partner), lambda found: found["findings"])
    assert state["status"] == "active"
    assert outside.events(case.partner)[-1] == "FindingsReported"
