"""The history says what set each run off, and an order that was refused is no rejected file."""

from datetime import UTC, datetime
from typing import Any

import pytest

from latchkey.grants.trigger import triggered_by
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

GRANT = {"partner": "acme", "grant": "main"}
OPS = {**GRANT, "reason": "incident 7", "requested_by": "ada"}

AFTER = datetime(2030, 1, 1, 0, 0, 1, tzinfo=UTC)


def _last(stack: StackDriver) -> dict[str, Any]:
    found = [item for item in stack.items() if item["sk"].startswith("EVENT#")]
    return max(found, key=lambda item: item["sk"])


def test_an_upload_and_its_version(stack: StackDriver) -> None:
    version = stack.upload()
    stack.run(FILE)
    assert triggered_by(_last(stack)) == f"upload, version {version}"


@pytest.mark.parametrize(("by", "words"), [("file_check", "file check"), ("resync", "resync")])
def test_a_comparison_of_all_files(stack: StackDriver, by: str, words: str) -> None:
    version = stack.upload()
    assert stack.run({**FILE, "by": by}).result["by"] == by
    assert triggered_by(_last(stack)) == f"{words}, version {version}"
    stack.remove()
    stack.run({**FILE, "by": by})
    assert _last(stack)["ended_by"] == by
    assert triggered_by(_last(stack)) == f"{words}, removed"


def test_a_file_that_was_removed(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    stack.run(FILE)
    assert triggered_by(_last(stack)) == "config file, removed"


@pytest.mark.parametrize(
    ("by", "words"), [("schedule", "expiry schedule"), ("sweep", "sweep"), ("drift", "drift check")]
)
def test_time_and_checks(stack: StackDriver, by: str, words: str) -> None:
    stack.granted()
    stack.run({**GRANT, "action": "check", "by": by}, AFTER)
    assert (_last(stack)["event"], triggered_by(_last(stack))) == ("AccessExpired", words)


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_an_order_by_whom(stack: StackDriver, action: str) -> None:
    stack.granted()
    stack.run({**OPS, "action": action})
    assert triggered_by(_last(stack)) == f'order {action} (the request says "ada")'


@pytest.mark.parametrize("action", ["suspend", "resume"])
def test_refused_order_is_a_refused_order(stack: StackDriver, action: str) -> None:
    stack.granted()
    stack.run({**OPS, "action": "revoke"})
    run = stack.run({**OPS, "action": action})
    assert (run.outcome, run.result["phase"]) == ("rejected", None)
    assert stack.history() == ["AccessGranted", "AccessRevoked", "OrderRejected"]
    assert triggered_by(_last(stack)) == f'order {action} (the request says "ada")'


def test_rejected_file_and_inline_config_are_none(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(purpose="")
    stack.run(FILE)
    assert stack.history()[-1] == "ConfigRejected"
    stack.run({"config": {**GRANT, "version": 1}, "requested_by": "ada"})
    assert stack.history()[-1] == "ConfigRejected"
    assert triggered_by(_last(stack)) == 'workflow input (the request says "ada")'


def test_what_a_request_says_is_nobodys_name(stack: StackDriver) -> None:
    version = stack.upload()
    stack.run({**FILE, "requested_by": "AROAEXAMPLEID0000ROLE:alice"})
    told = triggered_by(_last(stack))
    assert told == f'upload, version {version} (the request says "AROAEXAMPLEID0000ROLE:alice")'


def test_what_a_request_says_ends_at_its_quotes() -> None:
    event = {"by": "order", "order": "suspend", "requested_by": 'ada") by "bob'}
    assert triggered_by(event) == """order suspend (the request says "ada') by 'bob")"""
    author = {"user_id": "AROAEXAMPLEID0000ROLE", "session": "eve"}
    found = triggered_by({**event, "author": author})
    assert found.startswith("order suspend by AROAEXAMPLEID0000ROLE:eve (the request says ")
