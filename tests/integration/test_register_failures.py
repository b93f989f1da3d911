"""The register when something fails, or when two make it at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from latchkey.aws.register_files import DATA, LastRegister, RegisterFiles
from latchkey.errors import LatchkeyError, PlanStale, Throttled
from latchkey.grant_id import GrantId
from latchkey.jobs.register_trigger import changed_grants
from latchkey.runtime import clients
from latchkey.runtime.wiring import jobs as wiring
from tests.integration.register_calls import LATER, batch_about, entries_by_grant, published
from tests.kit.examples import NOW
from tests.kit.registers import data_in
from tests.kit.stack.aws import RESULTS_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import crowd


def test_register_that_somebody_spoilt_is_made_anew(stack: StackDriver) -> None:
    stack.granted()
    published(stack, {})
    for body in (b"", b"{", b'{"version": 1, "grants": [7]}'):
        aws("s3").put_object(Bucket=RESULTS_BUCKET, Key=DATA, Body=body)
        assert published(stack, batch_about("acme.main")).keys() == {"acme.main"}


def test_build_that_another_went_ahead_of_writes_nothing(stack: StackDriver) -> None:
    stack.granted()
    publisher = wiring.register_publisher()
    publisher.publish(NOW)
    before = publisher.files.read()
    assert before.data
    publisher.publish(LATER)
    for other in (before, LastRegister()):
        with pytest.raises(PlanStale):
            publisher.files.write("{}", "", before.external_ids, other)
    assert entries_by_grant().keys() == {"acme.main"}


@pytest.mark.parametrize("call", ["read", "write"])
def test_bucket_that_does_not_answer_is_reported_by_name(stack: StackDriver, call: str) -> None:
    files = RegisterFiles(clients.client("s3"), "no-such-bucket")
    with pytest.raises(LatchkeyError, match=f"{call} s3://no-such-bucket/.*NoSuchBucket"):
        files.read() if call == "read" else files.write("{}", "", [], LastRegister())


def test_states_that_dynamodb_leaves_out_are_asked_for_again(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.granted()
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
def test_message_that_names_no_grant_still_has_the_register_made(
    stack: StackDriver, record: Any
) -> None:
    stack.granted()
    batch = {"Records": [record, *batch_about("acme.main")["Records"]]}
    assert changed_grants(batch) == {GrantId("acme", "main")}
    assert stack.invoke("publish_register", {"Records": [record]})["changed"] == 0
    assert entries_by_grant().keys() == {"acme.main"}


def test_clients_of_many_threads_do_not_get_in_each_others_way(stack: StackDriver) -> None:
    names = crowd(60, due=0)
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _: wiring.register_publisher().build(NOW), range(4)))
    for page in pages:
        assert {entry["id"] for entry in data_in(page)["grants"]} == set(names)
