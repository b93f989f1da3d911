"""Taking access away needs nothing but the table and the role."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from latchkey.runtime.wiring import steps as wiring
from tests.integration.guardrail_faults import BREAK, make_invalid
from tests.kit.examples import OTHER_ACCOUNT, secret_entry
from tests.kit.stack.aws import FILE, RESULTS_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Call, Taps, refusal
from tests.kit.stack.world import World

ORDER = {"partner": "acme", "grant": "main", "reason": "incident 7"}
CHECK = {**ORDER, "action": "check", "by": "drift"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
DENIED = {"Sid": "Suspended", "Effect": "Deny", "Action": "*", "Resource": "*"}
ENDS = {"suspend": "suspended", "revoke": "revoked"}


@pytest.fixture(autouse=True)
def _spoil_nothing_afterwards() -> Iterator[None]:
    """Taps are on clients, which outlive a test."""
    yield
    Taps()


@pytest.fixture(params=[*BREAK.values()], ids=[*BREAK])
def broken(request: pytest.FixtureRequest, stack: StackDriver) -> StackDriver:
    """A live grant in a stack whose guardrails nobody can read."""
    stack.granted()
    request.param()
    return stack


def _closed(stack: StackDriver) -> bool:
    return bool(stack.permissions()["Statement"] == [DENIED])


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_order_needs_no_guardrails(broken: StackDriver, action: str) -> None:
    run = broken.run({**ORDER, "action": action})
    assert (run.error, broken.grant()["status"]) == (None, ENDS[action])
    assert broken.role() is None or _closed(broken)


def test_file_that_suspends_needs_no_guardrails(broken: StackDriver) -> None:
    broken.upload(status="suspended")
    run = broken.run(FILE)
    assert (run.error, run.outcome) == (None, "suspended")
    assert (broken.grant()["status"], _closed(broken)) == ("suspended", True)


def test_suspended_grant_stays_so_when_it_is_looked_at(broken: StackDriver) -> None:
    broken.upload(status="suspended")
    broken.run(FILE)
    for request in (FILE, CHECK):
        assert broken.run(request).iam_writes == []
    assert (broken.grant()["status"], _closed(broken)) == ("suspended", True)


def test_removed_file_and_revoking_file_need_no_guardrails(broken: StackDriver) -> None:
    broken.upload(status="revoked")
    assert broken.run(FILE).outcome == "revoked"
    assert broken.role() is None


def test_expiry_needs_no_guardrails(broken: StackDriver) -> None:
    assert broken.run(CHECK, EXPIRY).outcome == "expired"


def test_new_grant_is_not_made_without_guardrails_even_suspended(stack: StackDriver) -> None:
    make_invalid()
    stack.upload(status="suspended")
    assert (stack.run(FILE).outcome, stack.role()) == ("failed", None)


def test_resume_needs_guardrails(stack: StackDriver) -> None:
    stack.granted()
    stack.run({**ORDER, "action": "suspend"})
    make_invalid()
    assert stack.run({**ORDER, "action": "resume"}).outcome == "failed"
    assert _closed(stack)


def test_file_that_suspends_and_breaks_a_guardrail_suspends_and_trusts_nobody_new(
    stack: StackDriver,
) -> None:
    stack.granted()
    role = stack.role()
    stack.guard(allowed_partner_accounts=["444455556666"])
    stack.upload(status="suspended", principals=[OTHER_ACCOUNT])
    run = stack.run(FILE)
    assert (run.outcome, run.paths, _closed(stack)) == ("suspended", ["/principals/0"], True)
    after = stack.role()
    assert role and after
    assert after["AssumeRolePolicyDocument"] == role["AssumeRolePolicyDocument"]
    assert stack.run(CHECK).iam_writes == []
    assert stack.run({**ORDER, "action": "resume"}).outcome == "unchanged"
    stack.upload(status="active", principals=[OTHER_ACCOUNT])
    assert stack.run(FILE).outcome == "rejected"
    assert _closed(stack)


NEEDLESS = ("s3:GetObject", "s3:HeadObject", "s3:ListObjectVersions")


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_order_reads_the_table_and_the_role_and_nothing_else(
    stack: StackDriver, action: str
) -> None:
    stack.granted(access=[secret_entry()])
    run = stack.run({**ORDER, "action": action})
    read = {call.split(":")[0] for call in run.calls if call not in run.writes}
    assert read <= {"dynamodb", "iam"}
    assert not {*NEEDLESS} & {*run.calls}


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_order_is_carried_out_whatever_else_fails(stack: StackDriver, action: str) -> None:
    stack.granted()
    answer = refusal("InternalError", "down", 500)
    needed = ("dynamodb:", "iam:", "s3:PutObject", "scheduler:Delete", "events:", "sns:")

    def down(call: Call) -> Any:
        ours = call.parameters.get("Bucket") == RESULTS_BUCKET
        return None if ours or str(call).startswith(needed) else answer

    Taps().before = down
    run = stack.run({**ORDER, "action": action})
    assert (run.error, stack.grant()["status"]) == (None, ENDS[action])


def test_config_that_would_not_be_accepted_today_can_be_suspended(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST_PARTY_ACCOUNTS", "444455556666")
    stack.granted(external_id=None)
    monkeypatch.setenv("FIRST_PARTY_ACCOUNTS", "")
    wiring.planner.cache_clear()
    assert stack.run({**ORDER, "action": "suspend"}).outcome == "suspended"
    assert _closed(stack)


def test_suspending_takes_off_what_was_put_on_by_hand(stack: StackDriver) -> None:
    stack.granted()
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    more = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    aws("iam").put_role_policy(RoleName="partner-acme.main", PolicyName="more", PolicyDocument=more)
    stack.run({**ORDER, "action": "suspend"})
    names = aws("iam").list_role_policies(RoleName="partner-acme.main")["PolicyNames"]
    assert (names, _closed(stack)) == (["latchkey-access"], True)


def test_role_that_is_changed_while_it_is_suspended_is_closed_and_else_left_as_it_is(
    stack: StackDriver,
) -> None:
    """So suspending needs to write nothing but what closes the role."""
    stack.granted()
    role = {"RoleName": "partner-acme.main"}
    nobody = {"Effect": "Deny", "Principal": {"AWS": OTHER_ACCOUNT}, "Action": "sts:AssumeRole"}

    def change(step: str, _: Any) -> None:
        if step == "grant_access":
            trust = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
            aws("iam").update_assume_role_policy(**role, PolicyDocument=trust)
            aws("iam").update_role(**role, Description="x", MaxSessionDuration=7200)
            aws("iam").tag_role(**role, Tags=[{"Key": "Team", "Value": "x"}])

    run = stack.run({**ORDER, "action": "suspend"}, before=change)
    ours = [c["action"] for c in run.result["changes"]]
    assert (run.error, run.outcome, ours) == (None, "suspended", ["PutRolePolicy"])
    found = stack.role()
    assert found and _closed(stack)
    assert found["AssumeRolePolicyDocument"]["Statement"] == [nobody]


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_upload_that_came_before_an_order_and_is_looked_at_after_it_does_not_end_it(
    stack: StackDriver, action: str
) -> None:
    world = World(stack)
    world.upload()
    world.settle()
    world.upload(purpose="Before the order")
    waiting, world.queue = world.queue, []
    world.wait(10)
    world.order({**ORDER, "action": action})
    world.settle()
    world.queue = waiting
    world.settle()
    assert stack.grant()["status"] == ENDS[action]
    world.wait(10)
    world.upload(purpose="After the order")
    world.settle()
    assert stack.grant()["status"] == "active"
