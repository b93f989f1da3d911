"""Bulk orders: which grants are found, a batch at a time, and what the end reports."""

from typing import Any

import pytest

from latchkey.aws.grants_by_expiry import live_in, marker_keys
from latchkey.jobs import bulk as find_grants
from tests.kit.stack.aws import FILE, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import crowd, forget

ORDER = {"grant": "*", "reason": "incident 7", "requested_by": "security on call"}
OF_ONE = {**ORDER, "action": "revoke", "partner": "p000001"}
OF_ALL = {**ORDER, "action": "revoke", "partner": "*", "confirm": "all"}
BEGIN: dict[str, Any] = {"after": "", "outcomes": {}, "failed": [], "done": []}


def _find(stack: StackDriver, order: dict[str, Any], found: dict[str, Any]) -> Any:
    return stack.invoke("find_grants", {**stack.state(order), "found": found})


def _carry_out(stack: StackDriver, order: dict[str, Any], outcome: str = "revoked") -> list[Any]:
    """All answers, as the workflow gets them when every run ends with this outcome."""
    answers, found = [], BEGIN
    while True:
        answers.append(found := _find(stack, order, found))
        if found["step"] != "order":
            return answers
        done = [{"grant": grant, "outcome": outcome} for grant in found["grants"]]
        found = {**found, "done": done}


def test_grants_come_in_portions_each_once_and_are_counted(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_grants, "PORTION", 10)
    names = crowd(25, due=3)
    *portions, end = _carry_out(stack, OF_ALL)
    assert [len(portion["grants"]) for portion in portions] == [10, 10, 5]
    assert [grant for portion in portions for grant in portion["grants"]] == names
    assert (end["step"], end["report"]["outcomes"]) == ("done", {"revoked": 25})
    assert (end["report"]["grants"], end["report"]["reason"]) == (25, "incident 7")


def test_order_of_a_partner_is_for_its_grants_only(stack: StackDriver) -> None:
    crowd(5, due=0)
    first, end = _carry_out(stack, OF_ONE)
    assert first["grants"] == ["p000001.main"]
    assert end["report"]["grants"] == 1


def test_order_given_again_goes_on_with_what_is_left(stack: StackDriver) -> None:
    names = crowd(6, due=0)
    forget(names[:4])
    first, _ = _carry_out(stack, OF_ALL)
    assert first["grants"] == ["p000004.main", "p000005.main"]


@pytest.mark.parametrize("outcome", ["failed", "rejected"])
def test_what_was_not_done_is_named(stack: StackDriver, outcome: str) -> None:
    crowd(30, due=0)
    end = _carry_out(stack, OF_ALL, outcome)[-1]
    assert end["step"] == "incomplete"
    assert end["message"].startswith("revoke: 30 of 30 grants were not done: p000000.main, p000001")
    assert "and more" in end["message"]
    assert len(end["report"]["failed"]) == 20


def test_what_was_not_done_in_another_account_is_named_with_it(stack: StackDriver) -> None:
    crowd(2, due=0)
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": "GRANT#p000001.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET live = :live",
        ExpressionAttributeValues={":live": {"S": live_in("444455556666")}},
    )
    aws("dynamodb").put_item(
        TableName=TABLE,
        Item={name: {"S": value} for name, value in marker_keys("444455556666").items()},
    )
    end = _carry_out(stack, OF_ALL, "failed")[-1]
    assert "not done: p000000.main, p000001.main (account 444455556666). " in end["message"]
    assert end["report"]["accounts"] == {"p000001.main": "444455556666"}


def test_run_names_follow_from_order_and_grant(stack: StackDriver) -> None:
    crowd(1, due=0)
    state = {**stack.state(OF_ALL), "found": BEGIN}
    ends = {stack.invoke("find_grants", state)["run"] for _ in range(2)}
    other = _find(stack, OF_ALL, BEGIN)["run"]
    assert len(ends) == 1
    assert other not in ends
    name = f"order-{'p' * 22}.{'g' * 22}-{other}"  # as RunOrder names it
    assert len(name) <= 80, "the longest name of an execution"


def test_nothing_to_do_is_done(stack: StackDriver) -> None:
    (end,) = _carry_out(stack, OF_ONE)
    assert (end["step"], end["report"]["grants"]) == ("done", 0)


def test_order_that_makes_no_sense_is_rejected_with_what_to_write(stack: StackDriver) -> None:
    order = {key: value for key, value in OF_ALL.items() if key != "confirm"}
    assert _find(stack, order, BEGIN) == {"step": "reject"}
    run = stack.run(order)
    assert (run.outcome, run.paths) == ("rejected", ["/confirm"])


def test_who_asked_and_why_is_on_record(stack: StackDriver) -> None:
    stack.granted()
    order = {"action": "suspend", "partner": "acme", "grant": "main", "reason": "incident 7"}
    run = stack.run({**order, "requested_by": "security on call"})
    assert run.result["requested_by"] == "security on call"
    event = max(
        (i for i in stack.items() if i["sk"].startswith("EVENT#")), key=lambda item: item["sk"]
    )
    assert (event["event"], event["reason"]) == ("AccessSuspended", "incident 7")
    assert event["requested_by"] == "security on call"
    assert stack.run(FILE).steps == ["plan_grant"], "the order holds"


def test_only_what_an_order_suspended_is_resumed(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(status="suspended")
    stack.run(FILE)
    resume = {**ORDER, "action": "resume", "partner": "acme"}
    assert _carry_out(stack, resume)[0]["step"] == "done"
    stack.upload()
    stack.run(FILE)
    stack.run({"action": "suspend", "partner": "acme", "reason": "incident 7"})
    assert len(_carry_out(stack, resume, "updated")[0]["grants"]) == 1
