"""The register on moto: what it says after a change, what it reads, and what never is in it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws.register_files import DATA, EXTERNAL_IDS, PAGE
from latchkey.aws.spoke_records import SpokeRecords
from latchkey.aws.table import Table
from latchkey.runtime.wiring import jobs as wiring
from tests.integration.register_calls import LATER, batch_about, histories_read, published, text_of
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.registers import data_in
from tests.kit.stack.aws import FILE, KEY, RESULTS_BUCKET, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import crowd


def test_page_is_html_in_utf_8_and_its_data_are_beside_it(stack: StackDriver) -> None:
    stack.granted()
    answer = stack.invoke("publish_register", {})
    assert answer == {"register": "register.html", "changed": None}
    kinds = {
        key: aws("s3").head_object(Bucket=RESULTS_BUCKET, Key=key)["ContentType"]
        for key in (PAGE, DATA)
    }
    assert kinds == {PAGE: "text/html; charset=utf-8", DATA: "application/json; charset=utf-8"}
    assert data_in(text_of(PAGE)) == json.loads(text_of(DATA))


def test_granted_changed_suspended_and_revoked_are_on_the_page(stack: StackDriver) -> None:
    stack.granted()
    entry = published(stack, batch_about("acme.main"))["acme.main"]
    assert (entry["status"], entry["live"]) == ("active", True)
    assert entry["access"][0]["name"] == "data-bucket"
    assert [fact["event"] for fact in entry["history"]] == ["AccessGranted"]
    stack.run({"action": "suspend", "partner": "acme", "reason": "incident 1234"}, LATER)
    entry = published(stack, batch_about("acme.main"))["acme.main"]
    assert (entry["status"], entry["reason"]) == ("suspended", "incident 1234")
    stack.remove()
    stack.run(FILE, LATER + timedelta(hours=1))
    entry = published(stack, batch_about("acme.main"))["acme.main"]
    assert (entry["status"], entry["live"]) == ("revoked", False)
    assert entry["ended_at"] == "2026-01-15T14:00:00Z"
    told = [fact["event"] for fact in entry["history"]]
    assert told == ["AccessRevoked", "AccessSuspended", "AccessGranted"]
    assert any("the role is deleted" in told for told in entry["history"][0]["details"])


def test_ended_grant_stays_on_the_daily_register_and_is_read_anew(stack: StackDriver) -> None:
    stack.granted()
    published(stack, {})
    stack.remove()
    stack.run(FILE, LATER)
    assert published(stack, {}, LATER)["acme.main"]["status"] == "revoked"
    next_day = NOW + timedelta(days=1)
    stack.upload()
    stack.run(FILE, next_day)
    assert published(stack, {}, next_day)["acme.main"]["status"] == "active"


def test_lost_notice_is_made_up_for_by_the_next_of_any_grant(stack: StackDriver) -> None:
    stack.granted()
    published(stack, {})
    stack.run({"action": "suspend", "partner": "acme", "reason": "nobody was told"}, LATER)
    assert published(stack, batch_about("other.grant"))["acme.main"]["status"] == "suspended"


def test_rejected_version_of_a_live_grant_is_in_its_history(stack: StackDriver) -> None:
    stack.granted()
    published(stack, {})
    stack.upload(access=[])
    assert stack.run(FILE, LATER).outcome == "rejected"
    entry = published(stack, batch_about("acme.main", outcome="rejected"))["acme.main"]
    assert entry["status"] == "active"
    assert [fact["event"] for fact in entry["history"]] == ["ConfigRejected", "AccessGranted"]
    assert any(line.startswith("/access: ") for line in entry["history"][0]["details"])


def test_history_is_read_of_changed_grants_only_and_of_all_once_a_day(stack: StackDriver) -> None:
    names = crowd(230, due=0)
    stack.granted()
    with histories_read() as read:
        assert len(published(stack, {})) == 231
    assert sorted(read) == sorted([*names, "acme.main"])
    stack.run({"action": "suspend", "partner": "acme", "reason": "incident"}, LATER)
    with histories_read() as read:
        published(stack, batch_about(names[7], names[7]))
    assert sorted(read) == sorted([names[7], "acme.main"])
    with histories_read() as read:
        assert len(published(stack, batch_about("nobody.knows"))) == 231
    assert read == []


def test_only_the_newest_events_of_a_long_history_are_read(stack: StackDriver) -> None:
    stack.rewritten = True
    stack.granted()
    for number in range(40):
        key = {"pk": {"S": "GRANT#acme.main"}, "sk": {"S": f"EVENT#2026-02-{number:03}#x"}}
        item = {**key, "event": {"S": f"Event{number}"}, "reason": {"S": "again"}}
        aws("dynamodb").put_item(TableName=TABLE, Item=item)
    history = published(stack, {})["acme.main"]["history"]
    assert [fact["event"] for fact in history] == [f"Event{n}" for n in range(39, 9, -1)]


SECRETS = (
    "planted-state-1111",
    "planted-reason-2222",
    "planted-order-3333",
    "planted-stranger-4444",
    "planted-before-5555",
    "planted-beside-6666",
)


def _plant(stack: StackDriver) -> None:
    """External IDs wherever somebody may have put one, in two grants and their histories."""
    state, reason, order, stranger, before, beside = SECRETS
    stack.granted(external_id=before)
    stack.upload(external_id=state, purpose=f"uses {state} and {beside}")
    stack.run(FILE, LATER)
    other = "partners/other.json"
    texts = {"purpose": f"not {state}", "owner": f"team {reason}"}
    stack.upload(None, other, partner="other", external_id=beside, **texts)
    stack.run({**FILE, "key": other}, LATER)
    stack.run(
        {"action": "suspend", "partner": "other", "reason": f"leak of {state}, {order}"}, LATER
    )
    event = {
        "pk": "GRANT#acme.main",
        "sk": "EVENT#2026-02-01T00:00:00.000000Z#x",
        "event": "DriftRepaired",
        "external_id": reason,
        "reason": f"somebody wrote {reason}/{order} into a ticket",
        "requested_by": state,
        "drift": [f"StringEquals sts:ExternalId {stranger} added", f"tag {before}"],
        "summary": [{"effect": "changes", "text": f"external ID {before}"}],
        "problems": [{"path": "/x", "message": f"{state}?{beside}"}],
        "changes": [{"action": "X", "document": {"Condition": {"sts:ExternalId": order}}}],
    }
    wiring.register_publisher().history._table.client.put_item(
        TableName=TABLE, Item=_serialized(event)
    )


def _serialized(item: dict[str, Any]) -> Any:
    from latchkey.aws.table import serialized

    return serialized(item)


@pytest.mark.parametrize("event", [{}, batch_about("acme.main"), batch_about("other.main")])
def test_no_external_id_is_anywhere_in_the_register(
    stack: StackDriver, event: dict[str, Any]
) -> None:
    stack.rewritten = True
    _plant(stack)
    found = published(stack, event)
    assert {"acme.main", "other.main"} == found.keys()
    for key in (PAGE, DATA):
        assert [secret for secret in SECRETS if secret in text_of(key)] == []
    stack.run({"action": "resume", "partner": "other", "reason": f"for {SECRETS[0]}"}, LATER)
    published(stack, event)
    assert [secret for secret in SECRETS if secret in text_of(PAGE) + text_of(DATA)] == []
    assert set(SECRETS) - {SECRETS[3]} <= set(json.loads(text_of(EXTERNAL_IDS)))


def test_build_answers_the_page_and_writes_nothing(stack: StackDriver) -> None:
    stack.granted()
    publisher = wiring.register_publisher()
    page = publisher.build(NOW)
    assert [entry["id"] for entry in data_in(page)["grants"]] == ["acme.main"]
    assert "Contents" not in aws("s3").list_objects_v2(Bucket=RESULTS_BUCKET, Prefix="register")


def test_key_of_the_example_is_the_file_of_its_entry(stack: StackDriver) -> None:
    stack.granted()
    assert published(stack, {})["acme.main"]["file"] == KEY


def test_accounts_are_named_and_those_beside_the_stacks_own_told_apart(stack: StackDriver) -> None:
    stack.granted()
    entry = published(stack, {})["acme.main"]
    assert (entry["account"], json.loads(text_of(DATA))["elsewhere"]) == (ACCOUNT, [])
    place = {"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}}
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key=place,
        UpdateExpression="SET role_arn = :arn, live = :live",
        ExpressionAttributeValues={
            ":arn": {"S": entry["role"].replace(ACCOUNT, "222233334444")},
            ":live": {"S": "LIVE#222233334444"},
        },
    )
    SpokeRecords(Table(aws("dynamodb"), TABLE)).checked("222233334444", NOW, "1")
    stack.rewritten = True
    assert published(stack, {})["acme.main"]["account"] == "222233334444"
    assert json.loads(text_of(DATA))["elsewhere"] == ["222233334444"]
