"""The daily digest: who is reminded of what, by index, and only when there is something to say."""

import json
from datetime import UTC, datetime, timedelta

from jsonschema import Draft202012Validator

from tests.kit.examples import NOW, config_bytes
from tests.kit.repository import ROOT
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

EXPIRY = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
_SCHEMA = json.loads((ROOT / "schema/expiry-event.schema.json").read_text())


def _grant(stack: StackDriver, name: str, at: datetime, owner: str = "data-platform") -> None:
    key = f"partners/{name}.json"
    stack.upload(None, key, grant=name, expires_at=at.isoformat(), owner=owner)
    stack.run({"bucket": "config-bucket", "key": key})


def _quiet(stack: StackDriver) -> None:
    stack.events()
    stack.notices()
    stack.calls.clear()


def test_owners_are_reminded_once_a_day_each_of_its_own(stack: StackDriver) -> None:
    _grant(stack, "one", EXPIRY)
    _grant(stack, "two", EXPIRY + timedelta(days=6))
    _grant(stack, "far", EXPIRY + timedelta(days=60))
    _grant(stack, "red", EXPIRY, "red-team")
    _quiet(stack)
    named = stack.invoke("send_digest", {}, EXPIRY - timedelta(days=1))
    assert named == {"named": ["acme.one", "acme.red", "acme.two"]}
    events, messages = stack.events(), stack.notices()
    assert {event["detail-type"] for event in events} == {"AccessExpiring"}
    assert [event["detail"]["days_left"] for event in events] == [1, 1, 7]
    by_owner = {m["MessageAttributes"]["owner"]["Value"]: m["Message"] for m in messages}
    assert by_owner.keys() == {"data-platform", "red-team"}
    assert "acme.one" in by_owner["data-platform"]
    console = "https://us-east-1.console.aws.amazon.com/s3/object/config-bucket"
    assert f"{console}?region=us-east-1&prefix=partners/one.json" in by_owner["data-platform"]
    assert "acme.red" not in by_owner["data-platform"]
    for event in events:
        Draft202012Validator(_SCHEMA).validate(event["detail"])


def test_nothing_is_sent_on_a_day_with_nothing_to_say(stack: StackDriver) -> None:
    _grant(stack, "one", EXPIRY)
    _quiet(stack)
    for days in (15, 13, 8, 2, 0):
        stack.invoke("send_digest", {}, EXPIRY - timedelta(days=days))
    assert (stack.events(), stack.notices()) == ([], [])
    assert set(stack.calls) == {"dynamodb:Query"}


def test_grant_that_was_renewed_or_has_ended_is_not_named(stack: StackDriver) -> None:
    _grant(stack, "renewed", EXPIRY)
    _grant(stack, "renewed", EXPIRY + timedelta(days=300))
    _grant(stack, "ended", EXPIRY)
    stack.run({"action": "revoke", "partner": "acme", "grant": "ended"}, NOW)
    assert stack.invoke("send_digest", {}, EXPIRY - timedelta(days=7)) == {"named": []}


def test_grant_without_a_fixed_end_is_named_with_how_often_it_is_confirmed(
    stack: StackDriver,
) -> None:
    stack.guard(max_confirm_days=90)
    stack.upload(config_bytes("expires_at", confirm_every_days=30))
    stack.run(FILE)
    _quiet(stack)
    stack.invoke("send_digest", {}, NOW + timedelta(days=23))
    (event,) = stack.events()
    assert event["detail"]["confirm_every_days"] == 30
    Draft202012Validator(_SCHEMA).validate(event["detail"])
    assert "latchkey confirm acme.main" in stack.notices()[0]["Message"]


def test_reading_is_by_index_and_a_call_for_all_owners(stack: StackDriver) -> None:
    for number in range(12):
        _grant(stack, f"many-{number}", EXPIRY)
    _quiet(stack)
    stack.invoke("send_digest", {}, EXPIRY - timedelta(days=14))
    assert sorted(stack.calls) == [
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "events:PutEvents",
        "events:PutEvents",
        "sns:Publish",
    ]
