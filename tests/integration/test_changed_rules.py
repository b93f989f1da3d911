"""A config that was accepted once, in a stack whose rules have changed since."""

from datetime import UTC, datetime

import pytest

from latchkey.runtime.wiring import steps as wiring
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

CHECK = {"action": "check", "partner": "acme", "grant": "main"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def stranger(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> StackDriver:
    """A grant without an external ID to an account that is no longer a first party."""
    monkeypatch.setenv("FIRST_PARTY_ACCOUNTS", "444455556666")
    stack.granted(external_id=None)
    monkeypatch.setenv("FIRST_PARTY_ACCOUNTS", "")
    wiring.planner.cache_clear()
    return stack


def test_check_reports_it_and_leaves_the_grant(stranger: StackDriver) -> None:
    run = stranger.run(CHECK)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/external_id"], [])
    assert stranger.grant()["status"] == "active"


def test_it_expires_all_the_same(stranger: StackDriver) -> None:
    assert stranger.run(CHECK, EXPIRY).outcome == "expired"
    assert stranger.role() is None


def test_it_can_be_revoked_by_order(stranger: StackDriver) -> None:
    run = stranger.run({**CHECK, "action": "revoke", "reason": "rules changed"})
    assert (run.outcome, stranger.grant()["reason"]) == ("revoked", "rules changed")


def test_it_can_be_revoked_by_removing_the_file(stranger: StackDriver) -> None:
    stranger.remove()
    assert stranger.run(FILE).outcome == "revoked"
