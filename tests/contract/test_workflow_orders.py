"""Orders that take access away go their own way to IAM, so that uploads cannot hold them up."""

from typing import Any

import pytest

from tests.kit.template import workflow

STATES: dict[str, dict[str, Any]] = workflow()["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
APART = {"Plan": "PlanOrder", "GrantAccess": "SuspendAccess"}
"""What a run for an upload goes through, with what an order that takes access away has instead."""


def _first_step(request: dict[str, Any]) -> str:
    """The state that plans a request, as the workflow's first choice has it."""
    choice = STATES["ChooseFirstStep"]
    found = (rule["Next"] for rule in choice["Choices"] if _holds(rule, {}, request))
    return str(next(found, choice["Default"]))


def _holds(rule: dict[str, Any], state: dict[str, Any], given: Any = None) -> bool:
    """Whether a rule holds for a state, and the input that its execution was given."""
    if "And" in rule:
        return all(_holds(each, state, given) for each in rule["And"])
    if "Or" in rule:
        return any(_holds(each, state, given) for each in rule["Or"])
    value: Any = {**state, "$": {"Execution": {"Input": given}}}
    for name in rule["Variable"].replace("$$.", "$.$.").removeprefix("$.").split("."):
        if not isinstance(value, dict) or name not in value:
            return not rule.get("IsPresent", False) if "IsPresent" in rule else False
        value = value[name]
    return bool(rule["IsPresent"]) if "IsPresent" in rule else value == rule["StringEquals"]


@pytest.mark.parametrize("action", ["suspend", "revoke", "resume", "check", "confirm"])
def test_only_orders_that_take_access_away_are_planned_apart(action: str) -> None:
    apart = {"suspend", "revoke"}
    assert (_first_step({"action": action, "partner": "a"}) == "PlanOrder") == (action in apart)
    assert _first_step({"action": action, "partner": "*", "grant": "*"}) == "StartBulkOrder"


@pytest.mark.parametrize(
    "request_", [{"bucket": "b", "key": "k"}, {"config": {}}, {}, {"action": 7}, {"action": None}]
)
def test_whatever_else_is_planned_as_an_upload_is(request_: dict[str, Any]) -> None:
    assert _first_step(request_) == "Plan"


@pytest.mark.parametrize(("shared", "apart"), APART.items())
def test_orders_that_take_access_away_share_no_function_with_uploads(
    shared: str, apart: str
) -> None:
    """Until IAM has been called: by what is reserved, each function has its own concurrency."""
    assert STATES[shared]["Resource"] != STATES[apart]["Resource"]
    users = {name for name, task in TASKS.items() if task["Resource"] == STATES[apart]["Resource"]}
    assert users == {apart}


@pytest.mark.parametrize("name", APART.values())
@pytest.mark.parametrize("error", ["GrantBusy", "Lambda.TooManyRequestsException"])
def test_urgent_orders_ask_again_within_a_second_or_two(name: str, error: str) -> None:
    """For as long as an upload of the same grant may be at work; only later less often."""
    for rule in (rule for rule in TASKS[name]["Retry"] if error in rule["ErrorEquals"]):
        assert (rule["IntervalSeconds"], rule["MaxDelaySeconds"]) == (1, 5)
        assert rule["BackoffRate"] ** 30 < 2, "half a minute at this pace"


def test_suspended_by_order_is_what_no_other_run_waits_for() -> None:
    first = STATES["ChooseStep"]["Choices"][0]
    for action, wanted in (("suspend", True), ("resume", False), ("check", False)):
        assert _holds(first, {"plan": {"step": "grant"}}, {"action": action}) == wanted
    assert not _holds(first, {"plan": {"step": "grant"}}, {"bucket": "b"})
    assert not _holds(first, {"plan": {"step": "record"}}, {"action": "suspend"})
    assert first["Next"] == "SuspendAccess"
