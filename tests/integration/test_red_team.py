"""Attacks on files that come and go: no removal is lost, and no order is undone by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.preflight import deny
from tests.kit.examples import OTHER_ACCOUNT
from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

A, B = "partners/a.json", "partners/b.json"
NOW = datetime.now(UTC) + timedelta(minutes=1)
ENDS = {"expires_at": "2031-01-01T00:00:00Z"}
SUSPEND = {"action": "suspend", "partner": "acme", "grant": "main"}


def _run(stack: StackDriver, key: str, now: datetime = NOW) -> Run:
    return stack.run({"bucket": CONFIG_BUCKET, "key": key}, now)


def _granted(stack: StackDriver, key: str = A, **changes: Any) -> None:
    stack.upload(None, key, **{**ENDS, **changes})
    assert _run(stack, key).outcome == "created"


def _role(stack: StackDriver) -> Any:
    return stack.role("partner-acme.main")


def _settle(stack: StackDriver, now: datetime) -> None:
    done = set[str]()
    while waiting := [(n, g) for n, g in stack.executions().items() if n not in done]:
        for name, given in waiting:
            done.add(name)
            now += timedelta(seconds=1)
            stack.run(given, now)
            assert len(done) < 8, "runs start one another for ever"


def test_removal_is_not_lost_where_a_copy_was_rejected_since_it_was_heard_of(
    stack: StackDriver,
) -> None:
    """Its run waits for the lease, which the run of the copy has meanwhile."""
    _granted(stack)
    stack.remove(A)
    nowhere = [{"service": "s3", "bucket": "no-such-bucket", "allow": "read"}]
    stack.upload(None, B, **ENDS, access=nowhere)
    assert _run(stack, B, NOW + timedelta(seconds=5)).outcome == "rejected"

    def started(_: str, state: dict[str, Any]) -> None:
        state["execution"]["start_time"] = NOW.isoformat()

    removal = {"bucket": CONFIG_BUCKET, "key": A}
    assert stack.run(removal, NOW + timedelta(seconds=10), started).outcome == "revoked"
    assert _role(stack) is None


def test_copy_with_the_external_id_of_another_partner_keeps_nothing_alive(
    stack: StackDriver,
) -> None:
    _granted(stack, "partners/x.json", partner="beta", external_id="beta-7f3b2c91")
    _granted(stack)
    stack.upload(None, B, **ENDS, external_id="beta-7f3b2c91")
    stack.remove(A)
    assert _run(stack, A).outcome == "revoked"
    assert _role(stack) is None


def test_removal_ends_access_though_no_file_can_be_listed(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _granted(stack)
    stack.remove(A)
    deny(monkeypatch, "s3", {"ListObjectsV2"})
    assert _run(stack, A).outcome == "revoked"
    assert _role(stack) is None
    assert "files that wait for this grant could not be looked for: " in stack.grant()["reason"]


@pytest.mark.parametrize("end", ["removal", "expiry"])
def test_suspended_grant_is_not_active_again_by_a_file_that_waits(
    stack: StackDriver, end: str
) -> None:
    _granted(stack, A, expires_at=(NOW + timedelta(hours=1)).isoformat())
    assert stack.run(SUSPEND, NOW - timedelta(hours=1)).outcome == "suspended"
    stack.upload(None, B, **ENDS)  # after the order
    assert _run(stack, B).outcome == "rejected"
    if end == "removal":
        stack.remove(A)
        _run(stack, A)
        _settle(stack, NOW)
    else:
        later = NOW + timedelta(hours=2)
        check = {**SUSPEND, "action": "check", "by": "schedule"}
        assert stack.run(check, later).outcome == "expired"
        _settle(stack, later)
    assert _role(stack) is None


def test_copy_that_iam_refuses_keeps_nothing_alive(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names a role that is not there, say, or a policy that the policy check refuses."""
    _granted(stack)
    stack.upload(None, B, **ENDS, principals=[OTHER_ACCOUNT])
    _run(stack, B)
    stack.remove(A)
    deny(monkeypatch, "iam", {"UpdateAssumeRolePolicy"})
    assert _run(stack, A).outcome == "revoked"
    assert _role(stack) is None
