"""The transition table: what a config, an operator's order and the time ask for."""

from copy import replace
from datetime import UTC, datetime

import pytest

from latchkey.grants.lifecycle import Decision, Target, decide, outcome_of
from latchkey.grants.record import GrantRecord, Instruction, Outcome, Status
from tests.kit.examples import config

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
BEFORE = datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)
AFTER = datetime(2031, 1, 1, tzinfo=UTC)

TABLE: list[tuple[str, Instruction | None, datetime, Target, Status]] = [
    # the config's status, an order, the time: what the grant is to be, and its status
    ("active", None, BEFORE, "present", "active"),
    ("active", None, EXPIRY, "absent", "expired"),
    ("active", None, AFTER, "absent", "expired"),
    ("active", "suspend", BEFORE, "suspended", "suspended"),
    ("active", "suspend", EXPIRY, "absent", "expired"),
    ("active", "revoke", BEFORE, "absent", "revoked"),
    ("active", "revoke", AFTER, "absent", "revoked"),
    ("active", "resume", BEFORE, "present", "active"),
    ("active", "resume", EXPIRY, "absent", "expired"),
    ("suspended", None, BEFORE, "suspended", "suspended"),
    ("suspended", None, EXPIRY, "absent", "expired"),
    ("suspended", "suspend", BEFORE, "suspended", "suspended"),
    ("suspended", "resume", BEFORE, "suspended", "suspended"),
    ("suspended", "resume", AFTER, "absent", "expired"),
    ("suspended", "revoke", BEFORE, "absent", "revoked"),
    ("revoked", None, BEFORE, "absent", "revoked"),
    ("revoked", None, AFTER, "absent", "revoked"),
    ("revoked", "suspend", BEFORE, "absent", "revoked"),
    ("revoked", "resume", BEFORE, "absent", "revoked"),
    ("revoked", "revoke", BEFORE, "absent", "revoked"),
]


@pytest.mark.parametrize(("status", "order", "now", "target", "becomes"), TABLE)
def test_transition(
    status: str, order: Instruction | None, now: datetime, target: Target, becomes: Status
) -> None:
    found = decide(config(status=status), order, now)
    assert (found.target, found.status) == (target, becomes)
    assert found.reason


@pytest.mark.parametrize("starts_at", [None, "2027-01-01T00:00:00Z", "2029-12-31T23:59:59Z"])
def test_start_in_the_future_does_not_delay_the_role_itself(starts_at: str | None) -> None:
    found = decide(config(starts_at=starts_at), None, datetime(2026, 1, 1, tzinfo=UTC))
    assert found.target == "present"


REASONS: list[tuple[str, Instruction | None, str, str]] = [
    ("active", "suspend", "incident 7", "incident 7"),
    ("active", "suspend", "", "suspended by workflow input"),
    ("active", "revoke", "", "revoked by workflow input"),
    ("active", None, "", "the config asks for it"),
    ("suspended", None, "expiry schedule", 'the config says "status": "suspended"'),
    ("revoked", None, "", 'the config says "status": "revoked"'),
    (
        "suspended",
        "resume",
        "",
        'the config says "status": "suspended"; resume gives no more than that',
    ),
]


@pytest.mark.parametrize(("status", "order", "given", "reason"), REASONS)
def test_reason_says_who_asked_for_it(
    status: str, order: Instruction | None, given: str, reason: str
) -> None:
    assert decide(config(status=status), order, BEFORE, given).reason == reason


def test_expiry_is_the_reason_whatever_set_the_run_off() -> None:
    found = decide(config(), "suspend", EXPIRY, "incident 7")
    assert found.reason == "expired at 2030-01-01T00:00:00Z"
    assert found.instruction is None


@pytest.mark.parametrize("order", ["suspend", "resume", "revoke"])
def test_order_is_remembered(order: Instruction) -> None:
    assert decide(config(), order, BEFORE).instruction == order


RECORD = GrantRecord("acme", "main", "active")

OUTCOMES: list[tuple[Status | None, Status, bool, bool, Outcome]] = [
    # status before, status after, anything to change, a new role: the outcome
    (None, "active", True, True, "created"),
    ("rejected", "active", True, True, "created"),
    ("revoked", "active", True, True, "created"),
    ("active", "active", True, True, "created"),
    ("active", "active", True, False, "updated"),
    ("active", "active", False, False, "unchanged"),
    ("failed", "active", False, False, "updated"),
    ("suspended", "active", True, False, "updated"),
    ("active", "suspended", True, False, "suspended"),
    ("suspended", "suspended", False, False, "unchanged"),
    (None, "suspended", True, True, "suspended"),
    ("active", "revoked", True, False, "revoked"),
    ("revoked", "revoked", False, False, "unchanged"),
    (None, "revoked", False, False, "revoked"),
    ("active", "expired", True, False, "expired"),
    ("expired", "expired", False, False, "unchanged"),
    ("failed", "expired", True, False, "expired"),
]


@pytest.mark.parametrize(("before", "after", "changed", "creates", "outcome"), OUTCOMES)
def test_outcome(
    before: Status | None, after: Status, changed: bool, creates: bool, outcome: Outcome
) -> None:
    record = replace(RECORD, status=before) if before else None
    decision = Decision("present", after, "reason")
    assert outcome_of(decision, record, changed=changed, creates=creates) == outcome


@pytest.mark.parametrize("impossible", ["failed", "rejected"])
def test_no_decision_leads_to_a_failure_or_a_rejection(impossible: Status) -> None:
    with pytest.raises(AssertionError):
        outcome_of(Decision("present", impossible, ""), None, changed=True, creates=True)
