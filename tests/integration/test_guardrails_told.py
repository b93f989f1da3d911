"""Those who approve hear of guardrails that allow more than before, once for each version."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from jsonschema import Draft202012Validator

from latchkey.errors import GuardrailsUnreadable, Throttled
from latchkey.keys import ROUND, STATE
from latchkey.runtime import clients
from tests.kit.repository import ROOT
from tests.kit.stack.approvals import ANY, GROUPS, TWO
from tests.kit.stack.aws import GUARDRAILS, TABLE, aws
from tests.kit.stack.driver import StackDriver

SCHEMA = json.loads((ROOT / "schema/guardrails-event.schema.json").read_text())
OTHERS: dict[str, Any] = {"finance": GROUPS["security"]}
STRICT: dict[str, Any] = {"approval": {"groups": GROUPS, "rules": TWO}, "max_grant_days": 90}
HISTORY = "GetParameterHistory"


def _check(stack: StackDriver) -> list[dict[str, Any]]:
    """The events of a check; each is a message, too."""
    stack.events(), stack.notices()
    try:
        stack.invoke("check_drift", {})
    finally:
        events = [one for one in stack.events() if one["detail-type"] == "GuardrailsChanged"]
        found = [one["detail"] for one in events]
        notices = stack.notices()
        assert len(notices) == len(found)
        for detail, notice in zip(found, notices, strict=True):
            Draft202012Validator(SCHEMA).validate(detail)
            told = notice["MessageAttributes"]["approvers"]["Value"]
            assert told == f",{','.join(detail['approvers'])},"
            assert all(line in notice["Message"] for line in detail["loosened"])
        stack.told = found  # type: ignore[attr-defined]
    return found


@pytest.fixture
def strict(stack: StackDriver) -> StackDriver:
    """A stack whose check has seen strict guardrails."""
    stack.guard(**STRICT)
    _check(stack)
    assert _check(stack) == []
    return stack


def test_groups_of_the_old_rules_and_the_new_hear_of_it_once(strict: StackDriver) -> None:
    strict.guard(approval={"groups": OTHERS, "rules": [{**ANY[0], "groups": {"finance": 1}}]})
    (told,) = _check(strict)
    assert told["kind"] == "loosened"
    assert told["approvers"] == ["finance", "people", "security"]
    assert [line.partition(":")[0] for line in told["loosened"]] == ["max_grant_days", "approval"]
    assert told["changed_by"] == "N/A", "which is what moto says of everybody"
    assert _check(strict) == []


def test_rules_that_are_gone_are_told_to_those_they_named(strict: StackDriver) -> None:
    strict.guard()
    (told,) = _check(strict)
    assert told["approvers"] == ["people", "security"]
    assert any("nothing waits" in line for line in told["loosened"])
    strict.guard(allow_custom=True)
    assert _check(strict) == [], "nobody approves any more"


def test_what_only_narrows_or_is_written_otherwise_says_nothing(strict: StackDriver) -> None:
    strict.guard(**{**STRICT, "max_grant_days": 30})
    assert _check(strict) == []
    strict.guard(**dict(reversed({**STRICT, "max_grant_days": 30}.items())))
    assert _check(strict) == []
    strict.guard(**STRICT)
    (told,) = _check(strict)
    assert told["loosened"] == ["max_grant_days: at most 90 days (before: at most 30 days)"]


def test_version_that_was_in_force_for_a_moment_is_told(strict: StackDriver) -> None:
    strict.guard()
    strict.guard(**STRICT)
    strict.guard(**{**STRICT, "allow_custom": True})
    first, second = _check(strict)
    assert any("nothing waits" in line for line in first["loosened"])
    assert [line.partition(":")[0] for line in second["loosened"]] == ["allow_custom"]
    assert second["parameter_version"] == first["parameter_version"] + 2


def test_parameter_that_was_made_anew_is_told_with_what_is_known(strict: StackDriver) -> None:
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    strict.guard()
    strict.guard(**STRICT)
    (told,) = _check(strict)
    assert (told["kind"], told["parameter_version"]) == ("unknown", 1)
    assert any("nothing waits" in line for line in told["loosened"])
    assert _check(strict) == []


def test_same_number_and_text_of_a_parameter_made_anew_is_told(strict: StackDriver) -> None:
    before = aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    for _ in range(before["Version"]):
        strict.guard(**STRICT)
    assert [told["kind"] for told in _check(strict)] == ["unknown"]


def test_versions_that_nobody_may_read_are_told_as_unknown(
    strict: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fails(monkeypatch, "AccessDeniedException")
    strict.guard(**{**STRICT, "max_grant_days": 91})
    (told,) = _check(strict)
    assert told["kind"] == "unknown"
    assert told["loosened"] == ["max_grant_days: at most 91 days (before: at most 90 days)"]
    assert told["changed_by"] is None
    assert _check(strict) == []


def test_fault_that_passes_is_no_reason_to_say_unknown(
    strict: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict.guard()
    with monkeypatch.context() as fault:
        _fails(fault, "ThrottlingException")
        with pytest.raises(Throttled):
            _check(strict)
        assert strict.told == []  # type: ignore[attr-defined]
    assert [told["kind"] for told in _check(strict)] == ["loosened"]


def test_guardrails_that_are_invalid_or_gone_are_told_once(strict: StackDriver) -> None:
    aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value='{"version":2}', Overwrite=True)
    kinds = []
    for _ in range(2):
        with pytest.raises(GuardrailsUnreadable):
            _check(strict)
        kinds += strict.told  # type: ignore[attr-defined]
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    for _ in range(2):
        with pytest.raises(GuardrailsUnreadable):
            _check(strict)
        kinds += strict.told  # type: ignore[attr-defined]
    assert [told["kind"] for told in kinds] == ["invalid", "deleted"]
    assert {tuple(told["approvers"]) for told in kinds} == {("people", "security")}
    strict.guard()
    (told,) = _check(strict)
    assert told["kind"] == "unknown"
    assert any("nothing waits" in line for line in told["loosened"]), "held against the last valid"


def test_invalid_version_between_hides_no_difference(strict: StackDriver) -> None:
    aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value="{", Overwrite=True)
    strict.guard()
    assert [told["kind"] for told in _check(strict)] == ["invalid", "loosened"]


def test_first_check_says_that_it_does_not_know_what_was_before(stack: StackDriver) -> None:
    stack.guard(**STRICT)
    assert [told["kind"] for told in _check(stack)] == ["unknown"]
    aws("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": ROUND}, "sk": {"S": STATE}})
    assert [told["kind"] for told in _check(stack)] == ["unknown"]


def test_document_that_this_release_cannot_read_is_told_as_unknown(strict: StackDriver) -> None:
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": ROUND}, "sk": {"S": STATE}},
        UpdateExpression="SET guardrails = :seen",
        ExpressionAttributeValues={":seen": {"S": '{"text": "{}", "version": "1 then"}'}},
    )
    assert [told["kind"] for told in _check(strict)] == ["unknown"]


def test_stack_without_approvals_makes_no_call_more(stack: StackDriver) -> None:
    asked = []
    for rules in ({}, {"allow_custom": True}, {"allow_custom": False}, {}):
        stack.guard(**rules)
        stack.calls.clear()
        stack.invoke("check_drift", {})
        asked.append(sorted(stack.calls))
    assert asked == [asked[0]] * 4
    assert asked[0].count("dynamodb:GetItem") == asked[0].count("dynamodb:UpdateItem") == 1
    assert not [call for call in asked[0] if call.startswith(("sns:", "events:"))]
    assert asked[0].count("ssm:GetParameter") == 1
    assert f"ssm:{HISTORY}" not in asked[0]


def test_stack_with_approvals_makes_no_call_more_while_nothing_changes(strict: StackDriver) -> None:
    strict.calls.clear()
    strict.invoke("check_drift", {})
    assert [call for call in strict.calls if "ssm" in call.lower()] == ["ssm:GetParameter"]
    assert sorted(call for call in strict.calls if call.startswith("dynamodb:")) == [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ]


def _fails(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    ssm = clients.client("ssm")
    answers = ssm._make_api_call

    def answer(operation: str, given: Any) -> Any:
        if operation == HISTORY:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)
        return answers(operation, given)

    monkeypatch.setattr(ssm, "_make_api_call", answer)
