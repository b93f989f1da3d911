"""A config on record that cannot be read as it was recorded grants nothing, and is in no way."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from latchkey.errors import Throttled
from tests.integration.inline_grants import (
    CHECK,
    EXPIRY,
    GRANT,
    KEY,
    LATER,
    inline,
    set_by_hand,
    versions,
    widen_by_hand,
)
from tests.kit.examples import config_document
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run
from tests.kit.stack.taps import Call, Killed, Taps, refusal


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    """A live grant by workflow input."""
    assert stack.run(inline()).outcome == "created"
    stack.rewritten = True  # by hand, which breaks the chain of its history
    return stack


@pytest.fixture(autouse=True)
def _spoil_nothing_afterwards() -> Iterator[None]:
    """Taps are on clients, which outlive a test."""
    yield
    Taps()


# ------------------------------------------------------------------ what cannot be read


def _deleted(stack: StackDriver) -> None:
    for version in versions():
        aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=KEY, VersionId=version)


def _refused(_: StackDriver) -> None:
    answer = refusal("AccessDenied", "no", 403)
    Taps().before = lambda call: answer if _reads_it(call) else None


def _slow(_: StackDriver) -> None:
    answer = refusal("SlowDown", "later", 503)
    Taps().before = lambda call: answer if _reads_it(call) else None


def _other_digest(stack: StackDriver) -> None:
    place = stack.grant()["config_object"]
    set_by_hand("GRANT#acme.main", config_object={**place, "digest": "0" * 64})


def _of_a_release_before(_: StackDriver) -> None:
    text = json.dumps(config_document())
    set_by_hand("GRANT#acme.main", config=text, config_object=None)


def _reads_it(call: Call) -> bool:
    return str(call) == "s3:GetObject" and call.parameters["Bucket"] == CONFIG_BUCKET


FAULTS: dict[str, tuple[Callable[[StackDriver], object], str]] = {
    "deleted": (_deleted, "cannot be read"),
    "refused": (_refused, "cannot be read"),
    "slow": (_slow, "SlowDown"),
    "another digest": (_other_digest, "SHA-256"),
    "of a release before": (_of_a_release_before, "Start the workflow with the config once more"),
}


def _at_last(stack: StackDriver, request: Any, now: datetime) -> Run:
    """A run at its last try: faults that pass were tried again before."""
    state = stack.state(request)
    stack._patch.setattr(stack, "state", lambda _: {**state, "retries": 5})
    return stack.run(request, now)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_grants_nothing_and_says_so(granted: StackDriver, fault: str) -> None:
    spoil, told = FAULTS[fault]
    granted.run({**GRANT, "action": "suspend"})
    spoil(granted)
    run = _at_last(granted, {**GRANT, "action": "resume"}, LATER)
    assert (run.outcome, run.iam_writes) == ("rejected", [])
    assert told in run.result["problems"][0]["message"]
    assert granted.grant()["status"] == "suspended"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_what_cannot_be_read_is_in_nobodys_way_who_takes_access_away(
    granted: StackDriver, fault: str, action: str
) -> None:
    FAULTS[fault][0](granted)
    with suppress(Throttled):  # of the sheet, for which the step is tried again
        granted.run({**GRANT, "action": action}, LATER)
    expected = "suspended" if action == "suspend" else "revoked"
    assert granted.grant()["status"] == expected
    assert granted.result("workflow/acme.main.result.json")["outcome"] == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_ends_on_time_by_the_record(granted: StackDriver, fault: str) -> None:
    FAULTS[fault][0](granted)
    with suppress(Throttled):
        _at_last(granted, CHECK, EXPIRY)
    assert (granted.grant()["status"], granted.role()) == ("expired", None)


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in ("refused", "slow")])
def test_sending_the_config_once_more_mends_it(granted: StackDriver, fault: str) -> None:
    FAULTS[fault][0](granted)
    before = granted.grant()["external_id"]
    run = granted.run(inline(), LATER)
    assert run.outcome in ("unchanged", "updated")
    state = granted.grant()
    assert (state["config"], state["external_id"]) == (None, before)
    assert state["config_object"]["version"] == versions()[0]
    assert granted.run(CHECK, LATER).iam_writes == []


def test_same_fault_found_again_is_recorded_once(granted: StackDriver) -> None:
    _deleted(granted)
    widen_by_hand()
    first = granted.run(CHECK, LATER)
    assert first.outcome == "rejected"
    facts = granted.history()
    assert granted.run(CHECK, LATER + timedelta(hours=1)).outcome == "rejected"
    assert granted.history() == facts
    assert "cannot be read" in granted.grant()["findings"][0]["message"]


def test_fault_that_passes_is_tried_again(granted: StackDriver) -> None:
    _slow(granted)
    run = granted.run(CHECK, LATER)
    assert type(run.error).__name__ == "Throttled"
    assert granted.grant()["status"] == "active"


# ------------------------------------------------------------------ crashes, and two at once


def _writes(call: Call) -> bool:
    service, operation = call.service, call.operation
    reads = ("Get", "List", "Describe", "BatchGet", "Head")
    return not operation.startswith(reads) and service in ("dynamodb", "iam", "s3", "scheduler")


@pytest.mark.parametrize("nth", range(1, 10))
def test_run_that_dies_after_any_write_leaves_what_the_next_one_completes(
    stack: StackDriver, nth: int
) -> None:
    taps, seen = Taps(), 0

    def kill(call: Call) -> None:
        nonlocal seen
        seen += _writes(call)
        if seen == nth and _writes(call):
            seen += 1
            raise Killed

    taps.after = kill
    with suppress(Killed):
        stack.run(inline())
    taps.disarm()
    run = stack.run(inline(), LATER)
    assert run.outcome in ("created", "updated", "unchanged"), run.result
    state = stack.grant()
    assert (state["status"], state["config"]) == ("active", None)
    assert state["config_object"]["version"] in versions()
    assert stack.run(CHECK, LATER).iam_writes == []


def test_two_runs_at_once_end_with_the_object_of_the_last(granted: StackDriver) -> None:
    slow = granted.state(inline(purpose="Slow"))
    slow["plan"] = granted.invoke("plan_grant", slow)
    assert type(granted.run(inline(purpose="Fast")).error).__name__ == "GrantBusy"
    run = granted.run(inline(purpose="Fast"), LATER)
    assert run.outcome in ("updated", "unchanged")
    with pytest.raises(Exception, match="lease"):
        granted.invoke("grant_access", slow, LATER)
    state = granted.grant()
    assert state["purpose"] == "Fast"
    assert state["config_object"]["version"] == versions()[0]
