"""What logs and metrics tell: which run did what for whom, and never what was granted or how."""

import io
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from latchkey.runtime.observability import logger
from tests.integration.log_lines import CONFIG, EXTERNAL_ID, ORDER, Written, assert_clean
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


REASON = f"the partner wrote that it is {EXTERNAL_ID}"


def _create(stack: StackDriver) -> Run:
    stack.upload(**CONFIG)
    return stack.run(FILE)


def _generated(stack: StackDriver) -> Run:
    ours = {name: value for name, value in CONFIG.items() if name != "external_id"}
    stack.upload(json.dumps(_document(**ours)).encode())
    return stack.run(FILE)


def _document(**fields: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "partner": "acme",
        "generate_external_id": True,
        "principals": ["444455556666"],
        "expires_at": "2030-01-01T00:00:00Z",
        **fields,
    }


def _inline(stack: StackDriver) -> Run:
    document = _document(**CONFIG)
    del document["generate_external_id"]
    return stack.run({"config": document, "reason": REASON})


def _dry(stack: StackDriver) -> Run:
    stack.upload(**CONFIG)
    return stack.run({**FILE, "dry_run": True})


def _update(stack: StackDriver) -> Run:
    _create(stack)
    stack.upload(**{**CONFIG, "external_id": f"{EXTERNAL_ID}-2"})
    return stack.run(FILE)


def _unchanged(stack: StackDriver) -> Run:
    _create(stack)
    return stack.run(FILE)


def _order(action: str) -> Callable[[StackDriver], Run]:
    def run(stack: StackDriver) -> Run:
        _create(stack)
        return stack.run({**ORDER, "action": action, "reason": REASON})

    return run


def _resume(stack: StackDriver) -> Run:
    _order("suspend")(stack)
    return stack.run({**ORDER, "action": "resume", "reason": REASON})


def _remove(stack: StackDriver) -> Run:
    _create(stack)
    stack.remove()
    return stack.run(FILE)


def _expire(stack: StackDriver) -> Run:
    _create(stack)
    return stack.run({**ORDER, "action": "check", "reason": "expiry schedule"}, EXPIRY)


def _rejected(stack: StackDriver) -> Run:
    stack.upload(**{**CONFIG, "principals": ["*"], "sentinel-field": 1})
    return stack.run(FILE)


def _no_json(stack: StackDriver) -> Run:
    stack.upload(json.dumps(CONFIG).encode()[:-9])
    return stack.run(FILE)


def _foreign_role(stack: StackDriver) -> Run:
    aws("iam").create_role(RoleName="partner-acme.main", AssumeRolePolicyDocument="{}")
    return _create(stack)


OPERATIONS: dict[str, tuple[Callable[[StackDriver], Run], str]] = {
    "create": (_create, "created"),
    "create with a generated external ID": (_generated, "created"),
    "create by workflow input": (_inline, "created"),
    "dry run": (_dry, "planned"),
    "update": (_update, "updated"),
    "unchanged": (_unchanged, "unchanged"),
    "suspend": (_order("suspend"), "suspended"),
    "resume": (_resume, "updated"),
    "revoke": (_order("revoke"), "revoked"),
    "remove the file": (_remove, "revoked"),
    "expire": (_expire, "expired"),
    "reject": (_rejected, "rejected"),
    "reject what is no JSON": (_no_json, "rejected"),
    "fail": (_foreign_role, "failed"),
}


def _external_ids(stack: StackDriver) -> list[str]:
    """Those in the table: also the ones that Latchkey made."""
    return [item["external_id"] for item in stack.items() if item.get("external_id")]


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_writes_what_it_is_about(
    stack: StackDriver, written: Written, name: str
) -> None:
    operate, outcome = OPERATIONS[name]
    run = operate(stack)
    assert run.outcome == outcome
    assert written.lines
    assert_clean(written.text, *_external_ids(stack))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_line_says_which_run_and_which_grant(
    stack: StackDriver, written: Written, name: str
) -> None:
    operate, _ = OPERATIONS[name]
    operate(stack)
    named = name != "reject what is no JSON"
    for line in written.lines:
        assert line["execution"].startswith("run-")
        assert line.get("grant") == ("acme.main" if named else None)
        assert line["service"] == "latchkey"


def test_record_says_how_it_ended_and_where_to_read_on(
    stack: StackDriver, written: Written
) -> None:
    _foreign_role(stack)
    (line,) = written.of("recorded")
    found = (line["outcome"], line["error"], line["result"])
    assert found == ("failed", "RoleNotOwned", "partners/acme.result.json")
    assert "OutcomeFailed" in written.metrics()


def test_failed_step_says_so_with_the_run_and_the_class_of_the_error(
    stack: StackDriver, written: Written
) -> None:
    _foreign_role(stack)
    (line,) = written.of("failed")
    found = (line["level"], line["error"], line["execution"], line["grant"])
    assert found == ("ERROR", "RoleNotOwned", "run-1", "acme.main")


def test_sweep_says_which_grants_and_nothing_else(stack: StackDriver, written: Written) -> None:
    _create(stack)
    stack.invoke("sweep_grants", {"sentinel": EXTERNAL_ID}, EXPIRY)
    assert_clean(written.text)
    (line,) = written.of("swept")
    assert line["grants"]["due"] == ["acme.main"]
    assert "GrantsDue" in written.metrics()


def test_started_runs_are_named(stack: StackDriver, written: Written) -> None:
    where = {"bucket": {"name": "config-bucket"}, "object": {"key": "partners/acme.json"}}
    body = json.dumps({"Records": [{"s3": where}], "sentinel": EXTERNAL_ID})
    message = {"messageId": "message-1", "receiptHandle": "h", "body": body, "attributes": {}}
    stack.invoke("intake_config", {"Records": [{**message, "eventSource": "aws:sqs"}]})
    assert_clean(written.text)
    (line,) = written.of("runs started")
    assert line["message_id"] == "message-1"
    assert line["runs"] == list(stack.executions())


def test_nothing_secret_is_written_at_debug_either(
    stack: StackDriver, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lambda gives the root logger the level DEBUG then, and with it all libraries."""
    root, stream = logging.getLogger(), io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(root, "handlers", [logging.StreamHandler(stream)])
        before = root.level
        root.setLevel(logging.DEBUG)
        logger.setLevel(logging.DEBUG)
        try:
            _order("revoke")(stack)
        finally:
            root.setLevel(before)
            logger.setLevel(logging.INFO)
    assert stream.getvalue(), "libraries do write at DEBUG"
    assert_clean(stream.getvalue() + written.text, *_external_ids(stack))
