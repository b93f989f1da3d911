"""A version that cannot be granted changes nothing, whoever finds it; nor does resume widen."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.guardrail_faults import BREAK
from tests.kit.examples import secret_entry
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Taps

ORDER = {"partner": "acme", "grant": "main", "reason": "incident 7"}
CHECK = {**ORDER, "action": "check", "by": "drift"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
DENIED = {"Sid": "Suspended", "Effect": "Deny", "Action": "*", "Resource": "*"}


@pytest.fixture(autouse=True)
def _spoil_nothing_afterwards() -> Iterator[None]:
    """Taps are on clients, which outlive a test."""
    yield
    Taps()


def _closed(stack: StackDriver) -> bool:
    return bool(stack.permissions()["Statement"] == [DENIED])


def test_resume_gives_no_more_than_the_file_says(stack: StackDriver) -> None:
    stack.upload(status="suspended")
    stack.run(FILE)
    run = stack.run({**ORDER, "action": "resume"})
    assert (run.outcome, run.iam_writes, _closed(stack)) == ("unchanged", [], True)
    assert '"status": "suspended"' in run.result["reason"]
    assert stack.grant()["status"] == "suspended"


def test_resume_of_what_file_and_order_suspended_leaves_the_files_suspension(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(status="suspended")
    stack.run(FILE)
    stack.run({**ORDER, "action": "suspend"})
    run = stack.run({**ORDER, "action": "resume"})
    assert (run.outcome, _closed(stack)) == ("unchanged", True)
    assert "resume" in run.result["reason"]


def test_version_that_a_guardrail_refuses_is_not_granted_by_a_check(stack: StackDriver) -> None:
    stack.guard(allowed_services=["s3"])
    stack.granted()
    before = stack.permissions()
    stack.upload(access=[secret_entry()])
    assert stack.run(FILE).outcome == "rejected"
    for by in ("drift", "sweep", "schedule"):
        run = stack.run({**CHECK, "by": by})
        assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert stack.permissions() == before


def test_drift_is_repaired_beside_a_version_that_a_guardrail_refuses(stack: StackDriver) -> None:
    stack.guard(allowed_services=["s3"])
    stack.granted()
    before = stack.permissions()
    stack.upload(access=[secret_entry()])
    stack.run(FILE)
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    more = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam = aws("iam")
    iam.put_role_policy(RoleName="partner-acme.main", PolicyName="more", PolicyDocument=more)
    stack.run(CHECK)
    assert stack.permissions() == before
    names = iam.list_role_policies(RoleName="partner-acme.main")["PolicyNames"]
    assert names == ["latchkey-access"]


@pytest.mark.parametrize("spoil", [*BREAK.values(), None], ids=[*BREAK, "refused"])
def test_renewal_that_cannot_be_granted_does_not_prolong(
    stack: StackDriver, spoil: Callable[[], None] | None
) -> None:
    stack.granted()
    stack.upload(expires_at="2032-01-01T00:00:00Z")
    if spoil:
        spoil()
    else:
        stack.guard(allowed_services=["sqs"])
    state = {**stack.state(CHECK), "retries": 5}
    stack._patch.setattr(stack, "state", lambda _: state)
    run = stack.run(CHECK, EXPIRY + timedelta(seconds=1))
    assert (run.error, run.outcome, stack.role()) == (None, "expired", None)


def test_renewal_that_can_be_granted_prolongs(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2032-01-01T00:00:00Z")
    assert stack.run(CHECK, EXPIRY + timedelta(seconds=1)).outcome == "updated"
    assert stack.grant()["expires_at"] == "2032-01-01T00:00:00Z"
