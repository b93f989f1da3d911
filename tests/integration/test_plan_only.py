"""What the plan workflow has described goes to a file of its own; nothing else is written."""

from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver


def test_plan_is_described_in_a_file_of_its_own_and_nothing_is_recorded(stack: StackDriver) -> None:
    stack.granted()
    items, result = stack.items(), stack.result()
    stack.upload(purpose="another")
    state = stack.state({**FILE, "dry_run": True})
    state["plan"] = stack.invoke("plan_grant", state)
    said = stack.invoke("record_outcome", {**state, "plan_only": True})
    assert said["outcome"] == "planned"
    assert said["result_key"] == f"plans/{state['execution']['name']}.result.json"
    assert stack.result() == result
    assert stack.items() == items


def test_what_is_no_dry_run_is_not_recorded_either(stack: StackDriver) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    items = stack.items()
    stack.invoke("record_outcome", {**state, "plan_only": True})
    assert stack.items() == items
    assert stack.started() == []
