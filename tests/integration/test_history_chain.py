"""The chain of a history as the recorder writes it: under retries and races, and where it begins.

That it is whole after whatever else tests do, the fixture `stack` sees.
"""

from typing import Any

import pytest

from latchkey.aws.history_chains import HistoryChains
from latchkey.history.chain import Head
from latchkey.history.chain_check import Checked, check
from tests.kit.stack.aws import FILE, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver

GRANT, FILE_PARTITION = "GRANT#acme.main", f"CONFIG#{KEY}"


def checked(stack: StackDriver, pk: str = GRANT) -> Checked:
    return check(item for item in stack.items() if item["pk"] == pk)


def test_every_entry_of_a_grant_is_in_the_chain_and_the_state_is_covered(
    stack: StackDriver,
) -> None:
    stack.granted()
    for action in ("suspend", "resume", "revoke"):
        stack.run({"action": action, "partner": "acme", "grant": "main"})
    found = checked(stack)
    assert (found.entries, found.older, found.broken) == (8, 0, ())
    head = stack.item(GRANT, "CHAIN")
    assert head is not None
    assert head["number"] == 8
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": GRANT}, "sk": {"S": "STATE"}},
        UpdateExpression="SET reason = :r",
        ExpressionAttributeValues={":r": {"S": "it never ended"}},
    )
    stack.rewritten = True
    assert [(one.sk, one.fault) for one in checked(stack).broken] == [("STATE", "changed")]


def test_rejections_of_a_file_that_names_no_grant_are_a_chain(stack: StackDriver) -> None:
    for body in (b"{", b"[", b"("):
        stack.upload(body)
        stack.run(FILE)
    found = checked(stack, FILE_PARTITION)
    assert (found.entries, found.broken) == (3, ())


@pytest.mark.parametrize("body", [None, b"{"], ids=["of a grant", "of a file"])
def test_recording_again_adds_nothing(stack: StackDriver, body: bytes | None) -> None:
    """A retry after the write went through, with an event and, unchanged, with a snapshot alone."""
    stack.upload(body)
    pk = FILE_PARTITION if body else GRANT
    for _ in range(2):
        state = stack.state(FILE)
        state["plan"] = stack.invoke("plan_grant", state)
        if state["plan"]["step"] == "grant":
            state["applied"] = stack.invoke("grant_access", state)
        stack.invoke("record_outcome", state)
        once = checked(stack, pk)
        stack.invoke("record_outcome", state)
        assert checked(stack, pk) == once
        stack.upload(body)


def test_run_that_was_overtaken_on_a_file_reads_the_head_again(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs for a file that names no grant have no lease in common."""
    stack.upload(b"{")
    stack.run(FILE)
    stale, real = [Head(), Head()], HistoryChains.head

    def head(chains: HistoryChains, pk: str) -> Head:
        return stale.pop() if stale else real(chains, pk)

    monkeypatch.setattr(HistoryChains, "head", head)
    stack.upload(b"[")
    assert stack.run(FILE).outcome == "rejected"
    found = checked(stack, FILE_PARTITION)
    assert (found.entries, found.broken, stale) == (2, (), [])


def test_chain_of_an_older_history_begins_with_its_next_entry(stack: StackDriver) -> None:
    stack.granted()
    for item in stack.items():
        if item["pk"] == GRANT and item["sk"].startswith(("EVENT#", "ACCESS#")):
            _unlink(item)
    aws("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": GRANT}, "sk": {"S": "CHAIN"}})
    stack.upload(purpose="Another purpose")
    stack.run(FILE)
    found = checked(stack)
    assert (found.entries, found.older, found.broken) == (2, 2, ())


def _unlink(item: dict[str, Any]) -> None:
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={name: {"S": item[name]} for name in ("pk", "sk")},
        UpdateExpression="REMOVE chain",
    )
