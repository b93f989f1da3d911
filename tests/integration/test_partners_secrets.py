"""What is told of one grant does not tell the external IDs of the partner's other grants."""

import json

from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

OTHER_KEY, OTHER_ID = "partners/other.json", "another-0f8fad5b"
REASON = f"the partner says that {OTHER_ID} works, and {OTHER_ID.upper()}"


def _with_another_grant(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, OTHER_KEY, grant="other", external_id=OTHER_ID)
    assert stack.run({**FILE, "key": OTHER_KEY}).outcome == "created"
    stack.events(), stack.notices()


def _told(stack: StackDriver) -> str:
    text = stack.text("partners/acme.result.md")
    events, notices = stack.events(), stack.notices()
    assert text and events and notices
    return text + json.dumps(events) + json.dumps(notices)


def test_order_that_quotes_one_is_told_without_it(stack: StackDriver) -> None:
    _with_another_grant(stack)
    stack.run({"action": "suspend", "partner": "acme", "grant": "main", "reason": REASON})
    told = _told(stack)
    assert "the partner says that" in told
    assert OTHER_ID not in told.lower()


def test_file_that_quotes_one_is_told_without_it_also_once_the_other_has_ended(
    stack: StackDriver,
) -> None:
    _with_another_grant(stack)
    stack.remove(OTHER_KEY)
    stack.run({**FILE, "key": OTHER_KEY})
    stack.events(), stack.notices()
    stack.upload(**{OTHER_ID: 1})
    assert stack.run(FILE).outcome == "rejected"
    assert OTHER_ID not in _told(stack).lower()


def test_grant_without_others_costs_one_query(stack: StackDriver) -> None:
    run = stack.granted()
    asked = [call for call in run.notify_calls if call == "dynamodb:Query"]
    assert asked == ["dynamodb:Query"]
