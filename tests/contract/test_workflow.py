"""The workflow catches everything, retries what can pass, and names only errors that exist."""

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.stepfunctions.parser.asl.static_analyser.static_analyser import StaticAnalyser

from latchkey import errors
from latchkey.aws.leases import DURATION
from latchkey.errors import LatchkeyError, TransientError
from latchkey.workflow.plan.identify import RETRIES
from latchkey_cli.aws.workflow_runs import STEPS
from tests.kit.repository import ROOT
from tests.kit.template import workflow

STATES: dict[str, dict[str, Any]] = workflow()["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
OURS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, LatchkeyError)
}
MACHINES = sorted((ROOT / "statemachine").glob("*.asl.json"))
OF_AWS = ("States.", "Lambda.", "Runtime.", "Sandbox.")


def _named(state: dict[str, Any], *kinds: str) -> list[str]:
    return [name for kind in kinds for rule in state.get(kind, []) for name in rule["ErrorEquals"]]


def _following(state: dict[str, Any]) -> set[str]:
    found = {state[key] for key in ("Next", "Default") if key in state}
    return found | {rule["Next"] for kind in ("Catch", "Choices") for rule in state.get(kind, [])}


def test_every_error_that_the_workflow_names_exists() -> None:
    named = {name for state in TASKS.values() for name in _named(state, "Retry", "Catch")}
    unknown = {name for name in named if name not in OURS and not name.startswith(OF_AWS)}
    assert unknown == set()


def test_every_transient_error_is_named_somewhere_in_the_workflow() -> None:
    named = {name for state in TASKS.values() for name in _named(state, "Retry", "Catch")}
    transient = {name for name, kind in OURS.items() if issubclass(kind, TransientError)}
    assert transient - {"TransientError"} <= named


def test_no_permanent_error_is_retried() -> None:
    retried = {name for state in TASKS.values() for name in _named(state, "Retry")}
    permanent = {n for n, kind in OURS.items() if not issubclass(kind, TransientError)}
    assert not retried & permanent


@pytest.mark.parametrize("name", TASKS)
def test_every_task_retries_throttling_and_faults_of_lambda(name: str) -> None:
    retried = set(_named(TASKS[name], "Retry"))
    assert {"Throttled", "ServiceUnavailable", "States.Timeout"} <= retried
    assert {"Lambda.ServiceException", "Lambda.TooManyRequestsException"} <= retried


@pytest.mark.parametrize("name", TASKS)
def test_every_retry_backs_off_with_full_jitter_up_to_a_maximum(name: str) -> None:
    for rule in TASKS[name]["Retry"]:
        assert rule["JitterStrategy"] == "FULL"
        assert rule["BackoffRate"] > 1
        assert rule["IntervalSeconds"] <= rule["MaxDelaySeconds"] <= 30
        assert rule["MaxAttempts"] > 0


@pytest.mark.parametrize("name", TASKS)
def test_every_task_catches_everything_and_ends_in_time(name: str) -> None:
    *_, last = TASKS[name]["Catch"]
    assert last["ErrorEquals"] == ["States.ALL"]
    assert last["ResultPath"].startswith("$."), "the state keeps what it knows"
    assert 0 < TASKS[name]["TimeoutSeconds"] < workflow()["TimeoutSeconds"]


def test_plan_knows_its_last_try() -> None:
    retry = next(rule for rule in TASKS["Plan"]["Retry"] if "Throttled" in rule["ErrorEquals"])
    assert retry["MaxAttempts"] == RETRIES
    assert TASKS["Plan"]["Parameters"]["retries.$"] == "$$.State.RetryCount"


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {"RecordFailure", "NotifyOutcome"}))
def test_what_fails_for_good_is_recorded(name: str) -> None:
    last = TASKS[name]["Catch"][-1]
    assert (last["ErrorEquals"], last["ResultPath"]) == (["States.ALL"], "$.error")
    assert _reached_without_a_task(last["Next"]) & TASKS.keys() == {"RecordFailure"}


def _reached_without_a_task(start: str) -> set[str]:
    if STATES[start]["Type"] == "Task":
        return {start}
    return {start}.union(*map(_reached_without_a_task, _following(STATES[start])))


@pytest.mark.parametrize("name", ["GrantAccess", "SuspendAccess", "RevokeAccess", "RecordOutcome"])
def test_lost_lease_leads_to_a_new_plan(name: str) -> None:
    first = TASKS[name]["Catch"][0]
    assert "LeaseLost" in first["ErrorEquals"]
    assert "Plan" in _reached_without_a_task(first["Next"])
    assert "LeaseLost" not in _named(TASKS[name], "Retry")


def _retry(name: str, error: str) -> dict[str, Any]:
    rules: list[dict[str, Any]] = TASKS[name]["Retry"]
    (rule,) = [rule for rule in rules if error in rule["ErrorEquals"]]
    return rule


def _mean_wait(rule: dict[str, Any]) -> float:
    """Seconds; full jitter waits half of the bound on average."""
    bounds = (
        min(rule["MaxDelaySeconds"], rule["IntervalSeconds"] * rule["BackoffRate"] ** attempt)
        for attempt in range(rule["MaxAttempts"])
    )
    return float(sum(bounds)) / 2


@pytest.mark.parametrize("name", TASKS)
def test_every_task_waits_half_an_hour_for_a_free_function(name: str) -> None:
    """Thousands of runs wait for their turn, and few other errors are worth so many attempts."""
    rule = _retry(name, "Lambda.TooManyRequestsException")
    assert rule["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert 1800 < _mean_wait(rule) < workflow()["TimeoutSeconds"]


def test_busy_grant_is_waited_for_long_enough_for_hundreds_of_runs() -> None:
    """And not so long that a failure to get through could not be recorded any more."""
    for name in ("Plan", "PlanOrder"):
        busy = _mean_wait(_retry(name, "GrantBusy"))
        assert 200 * 5 < busy < workflow()["TimeoutSeconds"] / 2


def test_runs_that_lose_their_lease_while_they_wait_plan_anew_as_often_as_it_takes() -> None:
    (rule,) = STATES["CheckReplans"]["Choices"]
    lease = DURATION.total_seconds()
    assert (rule["NumericGreaterThan"] + 1) * lease > workflow()["TimeoutSeconds"]


def test_no_attempt_outgrows_the_history_that_step_functions_keeps() -> None:
    """25,000 events; an attempt of a task adds four (scheduled, started, failed, state)."""
    attempts = sum(rule["MaxAttempts"] for task in TASKS.values() for rule in task["Retry"])
    assert attempts * 4 < 25_000


@pytest.mark.parametrize(
    ("step", "state"),
    [("grant", "GrantAccess"), ("revoke", "RevokeAccess"), ("record", "RecordOutcome")],
)
def test_each_step_of_a_plan_has_its_state(step: str, state: str) -> None:
    choices = STATES["ChooseStep"]["Choices"]
    rules = {rule["StringEquals"]: rule["Next"] for rule in choices if "StringEquals" in rule}
    assert rules[step] == state
    assert STATES["ChooseStep"]["Default"] == "NothingToDo"


def test_what_is_recorded_is_notified_before_a_run_ends() -> None:
    recorders = {name for name, task in TASKS.items() if "RecordOutcome" in task["Resource"]}
    assert recorders == {"RecordOutcome", "RecordFailure"}
    assert {TASKS[name]["Next"] for name in recorders} == {"NotifyOutcome"}
    assert TASKS["NotifyOutcome"]["ResultPath"] is None, "the output stays the result"
    (after,) = {name for name, state in STATES.items() if "Recorded" in _following(state)}
    assert TASKS["NotifyOutcome"]["Next"] == after


def test_failed_notification_says_so_and_what_was_recorded() -> None:
    assert TASKS["NotifyOutcome"]["Catch"][-1]["Next"] == "NotificationFailed"
    end = STATES["NotificationFailed"]
    assert (end["Type"], end["Error"]) == ("Fail", "NotificationFailed")
    assert "$.result.outcome" in end["CausePath"]


def test_run_whose_step_failed_ends_by_that_steps_error_after_notification() -> None:
    first = STATES["CheckOutcome"]["Choices"][0]
    assert first == {"Variable": "$.error", "IsPresent": True, "Next": "StepFailed"}


def test_nothing_ends_silently() -> None:
    ends = {name for name, state in STATES.items() if state["Type"] in ("Succeed", "Fail")}
    assert {name for name, state in STATES.items() if not _following(state)} == ends
    before_done = {name for name, state in STATES.items() if "NothingToDo" in _following(state)}
    assert before_done == {"ChooseStep"}, "only what is recorded already ends without a record"


def test_every_state_is_reached_and_every_next_exists() -> None:
    following = {workflow()["StartAt"]}.union(*map(_following, STATES.values()))
    assert following == STATES.keys()


def test_steps_whose_progress_the_command_line_shows_exist() -> None:
    assert STEPS.keys() <= STATES.keys() | STATES["RunOrders"]["ItemProcessor"]["States"].keys()


def test_step_functions_can_parse_the_definition() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:step"
    text = re.sub(r"\$\{\w+\}", arn, json.dumps(workflow()))
    StaticAnalyser().analyse(text)
    with mock_aws():
        made = boto3.client("stepfunctions", region_name="us-east-1").create_state_machine(
            name="workflow", definition=text, roleArn="arn:aws:iam::123456789012:role/workflow"
        )
    assert made["stateMachineArn"]


def test_orders_for_many_are_a_distributed_map_of_bounded_runs_of_this_workflow() -> None:
    each = STATES["RunOrders"]
    assert 0 < each["MaxConcurrency"] <= 100
    assert each["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    run = each["ItemProcessor"]["States"]["RunOrder"]
    assert run["Parameters"]["StateMachineArn"] == "${GrantWorkflowArn}"
    assert run["Catch"][-1]["ErrorEquals"] == ["States.ALL"], "one grant's failure stops no other"
    assert each["Catch"][-1]["Next"] == "RecordFailure"


def test_every_error_of_aws_that_is_retried_or_caught_has_its_source() -> None:
    page = (ROOT / "docs/decisions/0032-as-strict-as-aws.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row.split("|")[1])}
    states = [each for path in MACHINES for each in _every(json.loads(path.read_text())["States"])]
    asked = {name for state in states for name in _named(state, "Retry", "Catch")}
    assert {name for name in asked if name.startswith((*OF_AWS, "StepFunctions."))} == named


def _every(states: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All states, those that run within a map too."""
    for state in states.values():
        yield state
        yield from _every(state.get("ItemProcessor", {}).get("States", {}))
