"""The register on moto: what it says after a change, what it reads, and what never is in it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from latchkey import clients, wiring
from latchkey.aws.register_files import DATA, EXTERNAL_IDS, PAGE, LastRegister, RegisterFiles
from latchkey.domain.errors import LatchkeyError, PlanStale, Throttled
from latchkey.domain.grant import GrantId
from latchkey.use_cases.register_request import changed_grants
from tests.kit.examples import NOW
from tests.kit.registers import data_in
from tests.kit.stack.aws import FILE, KEY, RESULTS_BUCKET, TABLE, aws
from tests.kit.stack.driver import House
from tests.kit.stack.many_grants import crowd

LATER = NOW + timedelta(hours=1)


def _told(*names: str, **detail: Any) -> dict[str, Any]:
    """A batch of messages as the queue brings them."""
    details = [dict(zip(("partner", "grant"), n.split("."), strict=True)) | detail for n in names]
    bodies = [json.dumps({"source": "latchkey", "detail": each}) for each in details]
    return {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}


def _published(house: House, event: dict[str, Any], now: Any = NOW) -> dict[str, Any]:
    """Make the register; answers its entries by grant."""
    house.invoke("publish_register", event, now)
    return _entries()


def _entries() -> dict[str, Any]:
    return {entry["id"]: entry for entry in data_in(_text(PAGE))["grants"]}


def _text(key: str) -> str:
    body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=key)["Body"]
    return str(body.read().decode())


@contextmanager
def _reads() -> Iterator[list[str]]:
    """The grants whose history is read meanwhile."""
    read: list[str] = []
    events = clients.client("dynamodb").meta.events

    def note(params: dict[str, Any], **_: Any) -> None:
        if "IndexName" not in params:
            read.append(params["ExpressionAttributeValues"][":grant"]["S"].removeprefix("GRANT#"))

    events.register("provide-client-params.dynamodb.Query", note, unique_id="register")
    try:
        yield read
    finally:
        events.unregister("provide-client-params.dynamodb.Query", unique_id="register")


def test_page_is_html_in_utf_8_and_its_data_are_beside_it(house: House) -> None:
    house.granted()
    answer = house.invoke("publish_register", {})
    assert answer == {"register": "register.html", "changed": None}
    kinds = {
        key: aws("s3").head_object(Bucket=RESULTS_BUCKET, Key=key)["ContentType"]
        for key in (PAGE, DATA)
    }
    assert kinds == {PAGE: "text/html; charset=utf-8", DATA: "application/json; charset=utf-8"}
    assert data_in(_text(PAGE)) == json.loads(_text(DATA))


def test_granted_changed_suspended_and_revoked_are_on_the_page(house: House) -> None:
    house.granted()
    entry = _published(house, _told("acme.main"))["acme.main"]
    assert (entry["status"], entry["live"]) == ("active", True)
    assert entry["access"][0]["name"] == "data-bucket"
    assert [fact["event"] for fact in entry["history"]] == ["AccessGranted"]
    house.run({"action": "suspend", "partner": "acme", "reason": "incident 1234"}, LATER)
    entry = _published(house, _told("acme.main"))["acme.main"]
    assert (entry["status"], entry["reason"]) == ("suspended", "incident 1234")
    house.remove()
    house.run(FILE, LATER + timedelta(hours=1))
    entry = _published(house, _told("acme.main"))["acme.main"]
    assert (entry["status"], entry["live"]) == ("revoked", False)
    assert entry["ended_at"] == "2026-01-15T14:00:00Z"
    told = [fact["event"] for fact in entry["history"]]
    assert told == ["AccessRevoked", "AccessSuspended", "AccessGranted"]
    assert any("the role is deleted" in told for told in entry["history"][0]["details"])


def test_ended_grant_stays_on_the_daily_register_and_is_read_anew(house: House) -> None:
    house.granted()
    _published(house, {})
    house.remove()
    house.run(FILE, LATER)
    assert _published(house, {}, LATER)["acme.main"]["status"] == "revoked"
    next_day = NOW + timedelta(days=1)
    house.upload()
    house.run(FILE, next_day)
    assert _published(house, {}, next_day)["acme.main"]["status"] == "active"


def test_lost_notice_is_made_up_for_by_the_next_of_any_grant(house: House) -> None:
    house.granted()
    _published(house, {})
    house.run({"action": "suspend", "partner": "acme", "reason": "nobody was told"}, LATER)
    assert _published(house, _told("other.grant"))["acme.main"]["status"] == "suspended"


def test_rejected_version_of_a_live_grant_is_in_its_history(house: House) -> None:
    house.granted()
    _published(house, {})
    house.upload(access=[])
    assert house.run(FILE, LATER).outcome == "rejected"
    entry = _published(house, _told("acme.main", outcome="rejected"))["acme.main"]
    assert entry["status"] == "active"
    assert [fact["event"] for fact in entry["history"]] == ["ConfigRejected", "AccessGranted"]
    assert any(line.startswith("/access: ") for line in entry["history"][0]["details"])


def test_history_is_read_of_changed_grants_only_and_of_all_once_a_day(house: House) -> None:
    names = crowd(230, due=0)
    house.granted()
    with _reads() as read:
        assert len(_published(house, {})) == 231
    assert sorted(read) == sorted([*names, "acme.main"])
    house.run({"action": "suspend", "partner": "acme", "reason": "incident"}, LATER)
    with _reads() as read:
        _published(house, _told(names[7], names[7]))
    assert sorted(read) == sorted([names[7], "acme.main"])
    with _reads() as read:
        assert len(_published(house, _told("nobody.knows"))) == 231
    assert read == []


def test_only_the_newest_events_of_a_long_history_are_read(house: House) -> None:
    house.granted()
    for number in range(40):
        key = {"pk": {"S": "GRANT#acme.main"}, "sk": {"S": f"EVENT#2026-02-{number:03}#x"}}
        item = {**key, "event": {"S": f"Event{number}"}, "reason": {"S": "again"}}
        aws("dynamodb").put_item(TableName=TABLE, Item=item)
    history = _published(house, {})["acme.main"]["history"]
    assert [fact["event"] for fact in history] == [f"Event{n}" for n in range(39, 9, -1)]


SECRETS = (
    "planted-state-1111",
    "planted-reason-2222",
    "planted-order-3333",
    "planted-stranger-4444",
    "planted-before-5555",
    "planted-beside-6666",
)


def _plant(house: House) -> None:
    """External IDs wherever somebody may have put one, in two grants and their histories."""
    state, reason, order, stranger, before, beside = SECRETS
    house.granted(external_id=before)
    house.upload(external_id=state, purpose=f"uses {state} and {beside}")
    house.run(FILE, LATER)
    other = "partners/other.json"
    texts = {"purpose": f"not {state}", "owner": f"team {reason}"}
    house.upload(None, other, partner="other", external_id=beside, **texts)
    house.run({**FILE, "key": other}, LATER)
    house.run(
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


@pytest.mark.parametrize("event", [{}, _told("acme.main"), _told("other.main")])
def test_no_external_id_is_anywhere_in_the_register(house: House, event: dict[str, Any]) -> None:
    _plant(house)
    found = _published(house, event)
    assert {"acme.main", "other.main"} == found.keys()
    for key in (PAGE, DATA):
        assert [secret for secret in SECRETS if secret in _text(key)] == []
    house.run({"action": "resume", "partner": "other", "reason": f"for {SECRETS[0]}"}, LATER)
    _published(house, event)
    assert [secret for secret in SECRETS if secret in _text(PAGE) + _text(DATA)] == []
    assert set(SECRETS) - {SECRETS[3]} <= set(json.loads(_text(EXTERNAL_IDS)))


def test_register_that_somebody_spoilt_is_made_anew(house: House) -> None:
    house.granted()
    _published(house, {})
    for body in (b"", b"{", b'{"version": 1, "grants": [7]}'):
        aws("s3").put_object(Bucket=RESULTS_BUCKET, Key=DATA, Body=body)
        assert _published(house, _told("acme.main")).keys() == {"acme.main"}


def test_build_that_another_went_ahead_of_writes_nothing(house: House) -> None:
    house.granted()
    publisher = wiring.register_publisher()
    publisher.publish(NOW)
    before = publisher.files.read()
    assert before.data
    publisher.publish(LATER)
    for other in (before, LastRegister()):
        with pytest.raises(PlanStale):
            publisher.files.write("{}", "", before.external_ids, other)
    assert _entries().keys() == {"acme.main"}


@pytest.mark.parametrize("call", ["read", "write"])
def test_bucket_that_does_not_answer_is_told_of_by_name(house: House, call: str) -> None:
    files = RegisterFiles(clients.client("s3"), "no-such-bucket")
    with pytest.raises(LatchkeyError, match=f"{call} s3://no-such-bucket/.*NoSuchBucket"):
        files.read() if call == "read" else files.write("{}", "", [], LastRegister())


def test_build_answers_the_page_and_writes_nothing(house: House) -> None:
    house.granted()
    publisher = wiring.register_publisher()
    page = publisher.build(NOW)
    assert [entry["id"] for entry in data_in(page)["grants"]] == ["acme.main"]
    assert "Contents" not in aws("s3").list_objects_v2(Bucket=RESULTS_BUCKET, Prefix="register")


def test_states_that_dynamodb_leaves_out_are_asked_for_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.granted()
    history = wiring.register_publisher().history
    client = history._table.client
    whole = client.batch_get_item
    left: list[Any] = []

    def partly(RequestItems: Any) -> Any:  # noqa: N803 (boto3's name)
        if not left:
            left.append(RequestItems)
            return {"Responses": {}, "UnprocessedKeys": RequestItems}
        return whole(RequestItems=RequestItems)

    monkeypatch.setattr(client, "batch_get_item", partly)
    assert history.states([GrantId("acme", "main")]).keys() == {GrantId("acme", "main")}

    def never(RequestItems: Any) -> Any:  # noqa: N803
        return {"Responses": {}, "UnprocessedKeys": RequestItems}

    monkeypatch.setattr(client, "batch_get_item", never)
    with pytest.raises(Throttled):
        history.states([GrantId("acme", "main")])


@pytest.mark.parametrize(
    "record",
    [
        {"body": "no JSON"},
        {"body": "[]"},
        {"body": '{"detail": null}'},
        {"body": '{"detail": {"partner": "acme"}}'},
        {"body": '{"detail": {"partner": ["x"], "grant": "main"}}'},
        {"body": '{"detail": {"partner": "GRANT#x", "grant": "main\\n"}}'},
        {},
        None,
    ],
)
def test_message_that_names_no_grant_still_has_the_register_made(house: House, record: Any) -> None:
    house.granted()
    batch = {"Records": [record, *_told("acme.main")["Records"]]}
    assert changed_grants(batch) == {GrantId("acme", "main")}
    assert house.invoke("publish_register", {"Records": [record]})["changed"] == 0
    assert _entries().keys() == {"acme.main"}


def test_clients_of_many_threads_do_not_get_in_each_others_way(house: House) -> None:
    names = crowd(60, due=0)
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _: wiring.register_publisher().build(NOW), range(4)))
    for page in pages:
        assert {entry["id"] for entry in data_in(page)["grants"]} == set(names)


def test_key_of_the_example_is_the_file_of_its_entry(house: House) -> None:
    house.granted()
    assert _published(house, {})["acme.main"]["file"] == KEY
