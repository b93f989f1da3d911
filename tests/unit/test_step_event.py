"""Events of the workflow's steps: read as they are, and refused without a word of their values."""

from typing import Any

import pytest

from latchkey.errors import EventInvalid
from latchkey.workflow.events import CarryOutEvent, FindEvent, PlanEvent, RecordEvent

RUN = {"id": "arn:run", "name": "run"}


def test_event_is_read_with_what_is_left_out_and_without_what_is_not_known() -> None:
    given = {"request": {"any": [1]}, "execution": {**RUN, "more": 1}, "more": 2, "error": None}
    event = RecordEvent.read(given)
    assert (event.request, event.execution.id) == ({"any": [1]}, "arn:run")
    assert (event.execution.start_time, event.plan, event.error) == (None, None, None)


def test_order_for_many_is_read_with_what_became_of_its_parts() -> None:
    found = {"after": "a", "done": [{"grant": "a", "outcome": "created"}], "outcomes": {"x": 1}}
    event = FindEvent.read({"request": 1, "execution": RUN, "found": found})
    assert [carried.outcome for carried in event.found.done] == ["created"]
    assert (event.found.outcomes, event.found.failed) == ({"x": 1}, ())


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (PlanEvent, ["secret"], "PlanEvent has to be an object"),
        (PlanEvent, {"secret": 1}, "PlanEvent lacks request, execution"),
        (PlanEvent, {"request": 1, "execution": "secret"}, "PlanEvent.execution has to be an"),
        (PlanEvent, {"request": 1, "execution": {"id": 7, "name": ""}}, "execution.id has to be a"),
        (CarryOutEvent, {"request": 1, "execution": RUN, "plan": None}, "CarryOutEvent.plan has"),
        (RecordEvent, {"request": 1, "execution": RUN, "plan": "secret"}, "RecordEvent.plan has"),
        (
            FindEvent,
            {"request": 1, "execution": RUN, "found": {"done": ["secret"]}},
            "FindEvent.found.done has to be an object",
        ),
    ],
)
def test_event_that_makes_no_sense_is_reported_without_its_values(
    kind: type[PlanEvent], given: Any, expected: str
) -> None:
    with pytest.raises(EventInvalid) as refused:
        kind.read(given)
    assert expected in str(refused.value)
    assert "secret" not in str(refused.value)
