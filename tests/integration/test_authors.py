"""Who wrote a version: by S3's word alone, whoever starts a run for it and whatever it is given."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws.access_queries import HistoryReader
from latchkey.aws.table import Table
from latchkey.reports.redaction import Redactor
from latchkey.reports.register.entry import entry_of
from tests.kit.examples import NOW, config_document
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver

ALICE = "AWS:AROAEXAMPLEID0000ROLE:alice"
BOB = "AWS:AIDAEXAMPLEID0000USER"
OF_ALICE = {"user_id": "AROAEXAMPLEID0000ROLE", "session": "alice"}
OF_BOB = {"user_id": "AIDAEXAMPLEID0000USER", "session": None}


def told(
    stack: StackDriver,
    version: str,
    principal: str,
    event: str = "ObjectCreated:Put",
    key: str = KEY,
) -> None:
    """Hand intake what S3 sends of a version."""
    record = {
        "eventName": event,
        "userIdentity": {"principalId": principal},
        "s3": {"bucket": {"name": CONFIG_BUCKET}, "object": {"key": key, "versionId": version}},
    }
    message = {"messageId": f"{version}-{principal}", "body": json.dumps({"Records": [record]})}
    stack.invoke("intake_config", {"Records": [message]})


def _facts(stack: StackDriver) -> list[tuple[str, Any]]:
    events = [item for item in stack.items() if item["sk"].startswith("EVENT#")]
    return [(item["event"], item.get("author")) for item in sorted(events, key=lambda i: i["sk"])]


def test_author_is_on_record_with_state_event_and_result(stack: StackDriver) -> None:
    told(stack, stack.upload(), ALICE)
    assert stack.run(FILE).result["author"] == OF_ALICE
    assert stack.grant()["author"] == OF_ALICE
    assert _facts(stack) == [("AccessGranted", OF_ALICE)]
    assert stack.result()["author"] == OF_ALICE


def test_nobody_passes_an_author_in(stack: StackDriver) -> None:
    stack.upload()
    given = {"author": OF_BOB, "userIdentity": {"principalId": BOB}, "version": "v1"}
    for name, value in given.items():
        run = stack.run({**FILE, name: value})
        assert (run.outcome, run.paths) == ("rejected", [f"/{name}"])
    assert stack.run({**FILE, "requested_by": BOB}).result["author"] is None
    assert stack.grant()["author"] is None


def test_run_that_comes_before_its_notification_erases_nobody(stack: StackDriver) -> None:
    version = stack.upload()
    assert stack.run(FILE).outcome == "created"
    assert stack.grant()["author"] is None
    told(stack, version, ALICE)
    assert stack.run(FILE).outcome == "unchanged"
    assert stack.grant()["author"] == OF_ALICE
    assert (stack.result()["outcome"], stack.result()["config_version"]) == ("created", version)


def test_author_of_a_version_is_who_was_told_first(stack: StackDriver) -> None:
    version = stack.upload()
    told(stack, version, ALICE)
    told(stack, version, BOB)
    assert stack.run(FILE).result["author"] == OF_ALICE


def test_run_for_one_version_that_finds_the_next_names_the_author_of_the_next(
    stack: StackDriver,
) -> None:
    told(stack, stack.upload(), ALICE)
    told(stack, stack.upload(purpose="something else"), BOB)
    assert stack.run(FILE).result["author"] == OF_BOB
    assert stack.grant()["author"] == OF_BOB


def test_rejected_version_has_its_own_author(stack: StackDriver) -> None:
    told(stack, stack.upload(), ALICE)
    stack.run(FILE)
    told(stack, stack.upload(b"{}"), BOB)
    assert stack.run(FILE).result["author"] == OF_BOB
    assert stack.grant()["author"] == OF_ALICE
    assert _facts(stack)[-1] == ("ConfigRejected", OF_BOB)


def test_check_that_looks_again_goes_by_nobody_and_keeps_the_author(stack: StackDriver) -> None:
    told(stack, stack.upload(), ALICE)
    stack.run(FILE)
    check = {"action": "check", "partner": "acme", "by": "drift"}
    assert stack.run(check).result.get("author") is None
    for order in ("suspend", "resume"):
        stack.run({"action": order, "partner": "acme", "requested_by": "carol"})
        assert stack.grant()["author"] == OF_ALICE
    assert _facts(stack)[1:] == [("AccessSuspended", None), ("AccessUpdated", None)]


def test_check_that_finds_a_newer_version_names_its_author(stack: StackDriver) -> None:
    told(stack, stack.upload(), ALICE)
    stack.run(FILE)
    told(stack, stack.upload(purpose="something else"), BOB)
    stack.run({"action": "check", "partner": "acme", "by": "file_check"})
    assert stack.grant()["author"] == OF_BOB


def test_inline_config_has_no_author(stack: StackDriver) -> None:
    run = stack.run({"config": config_document(), "requested_by": "carol"})
    assert (run.outcome, run.result["author"]) == ("created", None)
    assert stack.grant()["author"] is None


@pytest.mark.parametrize("principal", [ALICE, "s3.amazonaws.com"])
def test_intake_calls_once_more_to_note_an_author(stack: StackDriver, principal: str) -> None:
    stack.calls.clear()
    told(stack, "v1", principal)
    assert stack.calls == ["dynamodb:PutItem", "stepfunctions:StartExecution"]


def test_author_is_told_wherever_people_look(stack: StackDriver) -> None:
    told(stack, stack.upload(), ALICE)
    stack.run(FILE)
    (event,) = stack.events()
    assert event["detail"]["author"] == OF_ALICE
    (notice,) = stack.notices()
    named = "AROAEXAMPLEID0000ROLE:alice"
    assert f" by {named}" in notice["Message"]
    text = stack.text("partners/acme.result.md")
    assert text is not None
    assert named in text
    reader = HistoryReader(Table(aws("dynamodb"), TABLE))
    rows = reader.who_had_access("data-bucket", NOW, NOW + timedelta(hours=1))
    assert {row["author"] for row in rows} == {named}
    state = stack.grant()
    assert entry_of(state, [], Redactor(()))["author"] == named


def test_access_has_the_author_who_gave_it_first(stack: StackDriver) -> None:
    told(stack, stack.upload(), ALICE)
    stack.run(FILE)
    told(stack, stack.upload(purpose="the same access"), BOB)
    stack.run(FILE, NOW + timedelta(minutes=1))
    reader = HistoryReader(Table(aws("dynamodb"), TABLE))
    rows = reader.who_had_access("data-bucket", NOW, NOW + timedelta(hours=1))
    assert {row["author"] for row in rows} == {"AROAEXAMPLEID0000ROLE:alice"}
