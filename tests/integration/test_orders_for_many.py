"""Orders for many grants: which are found, a portion at a time, and what is told of the end."""

from typing import Any

import pytest

from latchkey.jobs import bulk as find_grants
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import House
from tests.kit.stack.many_grants import crowd, forget

ORDER = {"grant": "*", "reason": "incident 7", "requested_by": "security on call"}
OF_ONE = {**ORDER, "action": "revoke", "partner": "p000001"}
OF_ALL = {**ORDER, "action": "revoke", "partner": "*", "confirm": "all"}
BEGIN: dict[str, Any] = {"after": "", "outcomes": {}, "failed": [], "done": []}


def _find(house: House, order: dict[str, Any], found: dict[str, Any]) -> Any:
    return house.invoke("find_grants", {**house.state(order), "found": found})


def _carry_out(house: House, order: dict[str, Any], outcome: str = "revoked") -> list[Any]:
    """All answers, as the workflow gets them when every run ends with this outcome."""
    answers, found = [], BEGIN
    while True:
        answers.append(found := _find(house, order, found))
        if found["step"] != "order":
            return answers
        done = [
            {"grant": f"{item['partner']}.{item['grant']}", "outcome": outcome}
            for item in found["grants"]
        ]
        found = {**found, "done": done}


def test_grants_come_in_portions_each_once_and_are_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_grants, "PORTION", 10)
    names = crowd(25, due=3)
    *portions, end = _carry_out(house, OF_ALL)
    assert [len(portion["grants"]) for portion in portions] == [10, 10, 5]
    found = [f"{item['partner']}.{item['grant']}" for p in portions for item in p["grants"]]
    assert found == names
    assert (end["step"], end["report"]["outcomes"]) == ("done", {"revoked": 25})
    assert (end["report"]["grants"], end["report"]["reason"]) == (25, "incident 7")


def test_order_of_a_partner_is_for_its_grants_only(house: House) -> None:
    crowd(5, due=0)
    first, end = _carry_out(house, OF_ONE)
    assert [item["partner"] for item in first["grants"]] == ["p000001"]
    assert end["report"]["grants"] == 1


def test_order_given_again_goes_on_with_what_is_left(house: House) -> None:
    names = crowd(6, due=0)
    forget(names[:4])
    first, _ = _carry_out(house, OF_ALL)
    assert [item["partner"] for item in first["grants"]] == ["p000004", "p000005"]


@pytest.mark.parametrize("outcome", ["failed", "rejected"])
def test_what_was_not_done_is_named(house: House, outcome: str) -> None:
    crowd(30, due=0)
    end = _carry_out(house, OF_ALL, outcome)[-1]
    assert end["step"] == "incomplete"
    assert end["told"].startswith("revoke: 30 of 30 grants were not done: p000000.main, p000001")
    assert "and more" in end["told"]
    assert len(end["report"]["failed"]) == 20


def test_run_names_follow_from_order_and_grant(house: House) -> None:
    crowd(1, due=0)
    state = {**house.state(OF_ALL), "found": BEGIN}
    names = {house.invoke("find_grants", state)["grants"][0]["run"] for _ in range(2)}
    other = _find(house, OF_ALL, BEGIN)["grants"][0]["run"]
    assert len(names) == 1
    assert other not in names
    assert all(len(name) <= 80 for name in names)


def test_nothing_to_do_is_done(house: House) -> None:
    (end,) = _carry_out(house, OF_ONE)
    assert (end["step"], end["report"]["grants"]) == ("done", 0)


def test_order_that_makes_no_sense_is_rejected_with_what_to_write(house: House) -> None:
    order = {key: value for key, value in OF_ALL.items() if key != "confirm"}
    assert _find(house, order, BEGIN) == {"step": "reject"}
    run = house.run(order)
    assert (run.outcome, run.paths) == ("rejected", ["/confirm"])


def test_who_asked_and_why_is_on_record(house: House) -> None:
    house.granted()
    order = {"action": "suspend", "partner": "acme", "grant": "main", "reason": "incident 7"}
    run = house.run({**order, "requested_by": "security on call"})
    assert run.result["requested_by"] == "security on call"
    event = max(
        (i for i in house.items() if i["sk"].startswith("EVENT#")), key=lambda item: item["sk"]
    )
    assert (event["event"], event["reason"]) == ("AccessSuspended", "incident 7")
    assert event["requested_by"] == "security on call"
    assert house.run(FILE).steps == ["plan_grant"], "the order holds"


def test_only_what_an_order_suspended_is_resumed(house: House) -> None:
    house.granted()
    house.upload(status="suspended")
    house.run(FILE)
    resume = {**ORDER, "action": "resume", "partner": "acme"}
    assert _carry_out(house, resume)[0]["step"] == "done"
    house.upload()
    house.run(FILE)
    house.run({"action": "suspend", "partner": "acme", "reason": "incident 7"})
    assert len(_carry_out(house, resume, "updated")[0]["grants"]) == 1
