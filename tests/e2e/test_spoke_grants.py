"""Grants in other accounts, from outside: made, used, changed, ended and repaired there alone."""

import itertools
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from latchkey.iam.spoke import SpokeRole
from sandbox import Sandbox
from sandbox.account import ACCOUNT
from sandbox.demo.people import refusal
from tests.e2e.conftest import GUARDRAILS, new_partner
from tests.e2e.partner_elsewhere import There
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside, eventually
from tests.kit.spoke_account import SpokeAccount

pytestmark = pytest.mark.e2e

A, B = "222233334444", "555566667777"
HOUR = 3600
BOUNDARY = "arn:aws:iam::{}:policy/latchkey-partner-boundary-us-east-1"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def spokes(box: Sandbox) -> Iterator[dict[str, SpokeAccount]]:
    """Two accounts that are enrolled, and that the hub's guardrails list."""
    found = {account: SpokeAccount(box, account) for account in (A, B)}
    for spoke in found.values():
        spoke.enrol()
    ssm = box.client("ssm")
    before = ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    rules = json.dumps({**json.loads(before), "allowed_accounts": [A, B]})
    ssm.put_parameter(Name=GUARDRAILS, Value=rules, Type="String", Overwrite=True)
    yield found
    ssm.put_parameter(Name=GUARDRAILS, Value=before, Type="String", Overwrite=True)
    for spoke in found.values():
        spoke.leave()


@pytest.fixture
def new(
    box: Sandbox, outside: Outside, spokes: dict[str, SpokeAccount]
) -> Iterator[Callable[..., There]]:
    """Makes partners with resources in an account; in the end their files are removed."""
    made: list[There] = []

    def partner(account: str = A, **ends: float) -> There:
        name = f"spoke-{next(_numbers)}"
        until = outside.in_(**(ends or {"hours": 24 * 365}))
        one = There(name, name, f"{name}/key", until, box, spokes[account])
        one.spoke.make(one.bucket, one.secret)
        made.append(one)
        return one

    yield partner
    for one in made:
        outside.s3.delete_object(Bucket=box.outputs["ConfigBucketName"], Key=one.key)


def _order(outside: Outside, one: There, action: str) -> dict[str, Any]:
    why = {"reason": "incident 7", "requested_by": "security on call"}
    return outside.start({"action": action, "partner": one.partner, "grant": "main", **why})


def _widen(one: There) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    one.spoke.iam.put_role_policy(RoleName=one.role, PolicyName="more", PolicyDocument=text)


def _policies(one: There) -> Any:
    return one.spoke.iam.list_role_policies(RoleName=one.role)["PolicyNames"]


def test_a_grant_lives_and_ends_in_its_account_and_nowhere_else(
    outside: Outside, spokes: dict[str, SpokeAccount], new: Callable[..., There]
) -> None:
    one = new()
    made = outside.upload(one.key, one.config())
    assert made["outcome"] == "created", made["problems"]
    role = one.spoke.role(one.role)
    assert role
    assert made["role_arn"] == role["Arn"] == f"arn:aws:iam::{A}:role/partners/{one.role}"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY.format(A)
    assert outside.role(one.role) is None
    assert one.role not in spokes[B].partner_roles()
    session = one.assume()
    one.works(session)
    changed = outside.upload(one.key, one.config(purpose="Another purpose"))
    assert changed["outcome"] == "updated"
    assert "Another purpose" in one.spoke.role(one.role)["Description"]  # type: ignore[index]
    assert _order(outside, one, "suspend")["output"]["outcome"] == "suspended"
    assert one.dead(session)
    assert one.dead(one.assume())
    assert _order(outside, one, "resume")["output"]["outcome"] == "updated"
    outside.box.advance(61)
    one.works(one.assume())
    assert outside.remove(one.key)["outcome"] == "revoked"
    assert one.spoke.role(one.role) is None
    assert refusal(one.assume) == "AccessDenied"
    assert outside.state(one.partner)["status"] == "revoked"


def test_what_somebody_changes_there_is_repaired_at_once(
    outside: Outside, new: Callable[..., There]
) -> None:
    """The account's rule forwards the change; the clock is not moved."""
    one = new()
    outside.upload(one.key, one.config())
    _widen(one)
    eventually(partial(_policies, one), lambda found: found == ["latchkey-access"])
    eventually(lambda: outside.events(one.partner)[-1], lambda last: last == "DriftRepaired")


def test_expiry_ends_it_there_while_another_account_keeps_its_own(
    outside: Outside, new: Callable[..., There]
) -> None:
    short, long = new(hours=2), new(B)
    for one in (short, long):
        assert outside.upload(one.key, one.config())["outcome"] == "created"
    session = short.assume()
    outside.box.advance(2.1 * HOUR)
    assert short.dead(session)
    eventually(lambda: short.spoke.role(short.role), lambda role: role is None)
    eventually(lambda: outside.state(short.partner)["status"], lambda found: found == "expired")
    long.works(long.assume())


def test_drift_that_nobody_reported_is_repaired_within_the_hour_in_every_account(
    outside: Outside, new: Callable[..., There]
) -> None:
    both = new(A), new(B)
    for one in both:
        outside.upload(one.key, one.config())
        events = one.spoke.client("events")
        (rule,) = events.list_rules(NamePrefix="latchkey-spoke")["Rules"]
        events.disable_rule(Name=rule["Name"])
        _widen(one)
        events.enable_rule(Name=rule["Name"])
        assert "more" in _policies(one)
    outside.box.advance(1.1 * HOUR)
    for one in both:
        eventually(partial(_policies, one), lambda found: found == ["latchkey-access"])
        one.works(one.assume())


def test_an_account_that_lets_nobody_in_fails_alone_and_is_told(
    outside: Outside, new: Callable[..., There], tmp_path: Path
) -> None:
    gone, there = new(A, hours=2), new(B)
    for one in (gone, there):
        assert outside.upload(one.key, one.config())["outcome"] == "created"
    reopen = gone.spoke.shut(*SpokeRole)
    try:
        refused = outside.upload(gone.key, gone.config(purpose="Another"))
        assert refused["outcome"] in ("rejected", "failed")
        assert A in json.dumps(refused)
        assert outside.upload(there.key, there.config(purpose="Another"))["outcome"] == "updated"
        revoking = _order(outside, gone, "revoke")
        assert (revoking["output"] or {}).get("outcome") != "revoked"
        assert outside.state(gone.partner)["status"] != "revoked"
        outside.box.advance(2.1 * HOUR)
        assert gone.spoke.role(gone.role), "nobody could take it away"
        assert refusal(gone.assume) == "AccessDenied", "its dates end it all the same"
        state = eventually(
            lambda: outside.state(gone.partner), lambda found: "remains" in str(found)
        )
        assert "absent" not in json.dumps(state, default=str)
        told = Terminal(outside.box, tmp_path)("latchkey doctor")
        assert told.status
        assert A in told.out
        assert B not in "".join(line for line in told.out.splitlines() if "FAIL" in line)
        there.works(there.assume())
    finally:
        reopen()
    outside.box.advance(1.1 * HOUR)
    eventually(lambda: gone.spoke.role(gone.role), lambda role: role is None)


def test_an_accounts_own_guardrails_can_only_take_from_the_hubs(
    outside: Outside, spokes: dict[str, SpokeAccount], new: Callable[..., There]
) -> None:
    one, other = new(A), new(B)
    narrow: dict[str, Any] = {"allowed_services": ["sqs"]}
    spokes[A].guard(**narrow)
    refused = outside.upload(one.key, one.config())
    assert refused["outcome"] == "rejected"
    assert all(A in problem["message"] for problem in refused["problems"])
    assert outside.upload(other.key, other.config())["outcome"] == "created"
    spokes[A].guard(allow_custom=True, allowed_accounts=["444455556666"])
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:x"}
    wide = one.config(access=[{"service": "custom", "statements": [statement]}])
    refused = outside.upload(one.key, wide)
    assert refused["outcome"] == "rejected", (
        "the account's owner cannot allow what the hub does not"
    )
    spokes[A].guard()
    assert one.role not in spokes[A].partner_roles()


def test_only_listed_accounts_are_granted_in_and_a_live_grant_stays_where_it_is(
    outside: Outside, new: Callable[..., There]
) -> None:
    one = new(A)
    for account in ("999988887777", "111122223333"):
        refused = outside.upload(one.key, one.config(account=account))
        assert refused["outcome"] == "rejected"
        assert "/account" in {problem["path"] for problem in refused["problems"]}
    made = outside.upload(one.key, one.config())
    assert made["outcome"] == "created", made["problems"]
    before = one.spoke.role(one.role)
    for account in (B, ACCOUNT):
        refused = outside.upload(one.key, one.config(account=account))
        assert refused["outcome"] == "rejected"
        assert "/account" in {problem["path"] for problem in refused["problems"]}
        assert one.spoke.role(one.role) == before
    one.works(one.assume())


def test_roles_of_the_same_name_in_two_accounts_are_two_grants_in_turn(
    outside: Outside, spokes: dict[str, SpokeAccount], new: Callable[..., There]
) -> None:
    """A grant whose file was removed may be granted anew elsewhere; nothing is left behind."""
    one = new(A)
    outside.upload(one.key, one.config())
    outside.remove(one.key)
    assert one.role not in spokes[A].partner_roles()
    spokes[B].client("s3").create_bucket(Bucket=f"{one.partner}-b")
    access = [{"service": "s3", "bucket": f"{one.partner}-b", "allow": "read"}]
    made = outside.upload(one.key, one.config(account=B, access=access))
    assert made["outcome"] == "created", made["problems"]
    assert one.role in spokes[B].partner_roles()
    assert one.role not in spokes[A].partner_roles()


def test_a_grant_of_the_stacks_own_account_is_what_it_was(
    outside: Outside, spokes: dict[str, SpokeAccount]
) -> None:
    case = new_partner(outside)
    made = outside.upload(case.key, case.config())
    assert made["role_arn"] == f"arn:aws:iam::{ACCOUNT}:role/partners/{case.role}"
    for spoke in spokes.values():
        assert case.role not in spoke.partner_roles()
