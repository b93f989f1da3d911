"""`latchkey doctor` on what an account shares: alarms of other stacks, Lambda's concurrency."""

import pytest

from latchkey_cli.aws.stack import Stack
from tests.cli.desk import Desk
from tests.cli.healthy import OWN_ALARM, alarm, answers, resources, verdicts
from tests.kit.stack.aws import GUARDRAILS


def test_alarms_of_stacks_whose_names_begin_alike_are_not_counted(well: Desk) -> None:
    alarm("latchkey-dev-DeadLetterAlarm-1", "ALARM")
    alarm("latchkey-DeadLetterAlarm-2", "ALARM")  # somebody's own, named alike
    found = verdicts(well)["alarms"]
    assert (found["status"], found["text"]) == ("ok", "1 alarm, none in the state ALARM")


def test_alarms_of_more_than_one_call_are_all_looked_at(
    well: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"latchkey-Alarm-{n}" for n in range(101)]
    for name in names:
        alarm(name, "ALARM" if name == names[-1] else "OK")
    resources(monkeypatch, *names)
    assert "on: latchkey-Alarm-100;" in verdicts(well)["alarms"]["text"]


def test_an_alarm_that_somebody_deleted_is_missed(
    well: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources(monkeypatch, OWN_ALARM, "latchkey-Gone-1")
    found = verdicts(well)["alarms"]
    assert (found["status"], found["text"][:24]) == ("fail", "deleted: latchkey-Gone-1")


@pytest.mark.parametrize(
    ("parameter", "quota", "status", "line"),
    [
        ("2048", 2048, "ok", "up to 2048 of the 2048 characters that the account allows"),
        ("2048", 8192, "ok", "TrustPolicyLimit=8192 uses all"),
        ("4096", 2048, "fail", "raise the quota, or lower TrustPolicyLimit"),
    ],
)
def test_doctor_compares_the_length_of_trust_policies_with_the_account(
    well: Desk, monkeypatch: pytest.MonkeyPatch, parameter: str, quota: int, status: str, line: str
) -> None:
    summary = {"AssumeRolePolicySizeQuota": quota, "Roles": 1, "RolesQuota": 1000}
    answers(monkeypatch, "iam", "get_account_summary", {"SummaryMap": summary})
    parameters = {"TrustPolicyLimit": parameter, "GuardrailsParameterName": GUARDRAILS}
    monkeypatch.setattr(Stack, "parameters", parameters)
    found = verdicts(well)["trust policies"]
    assert found["status"] == status
    assert line in found["text"]


@pytest.mark.parametrize(
    ("limit", "reserved", "status", "line"),
    [
        (10, "0", "warn", "the account allows 10 concurrent executions of functions, none"),
        (170, "0", "warn", "request a higher quota (L-B99A9384)"),
        (171, "0", "ok", "deploy with FunctionConcurrency=10"),
        (1000, "10", "ok", "10 are reserved for each"),
    ],
)
def test_doctor_says_when_to_reserve_concurrency_or_ask_for_more(
    well: Desk,
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    reserved: str,
    status: str,
    line: str,
) -> None:
    settings = {"AccountLimit": {"ConcurrentExecutions": limit}}
    answers(monkeypatch, "lambda", "get_account_settings", settings)
    parameters = {"FunctionConcurrency": reserved, "GuardrailsParameterName": GUARDRAILS}
    monkeypatch.setattr(Stack, "parameters", parameters)
    found = verdicts(well)["concurrency"]
    assert found["status"] == status
    assert line in found["text"]
