"""The command line as it is installed, against the sandbox, from a file to its end."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.e2e.conftest import Case
from tests.e2e.terminal import ENTRY_POINT, Terminal
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e

WHY = "--reason 'incident 7'"


@pytest.fixture
def terminal(box: Sandbox, tmp_path: Path) -> Terminal:
    """A terminal in a folder of the test's own."""
    return Terminal(box, tmp_path)


def _trust(account: str) -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_entry_point_is_installed(terminal: Terminal) -> None:
    assert ENTRY_POINT.exists(), "make cli makes it"
    assert terminal.ok("latchkey --version").startswith("latchkey ")
    assert "validate" in terminal.ok("latchkey --help")


def test_from_nothing_to_a_renewed_grant_without_an_editor(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    terminal.ok(
        f"latchkey new {case.partner} --purpose 'Nightly export' --owner data-platform "
        "--principal 444455556666 --generate-external-id --for 30d "
        f"--access s3:{case.bucket}/in:read -o new.json"
    )
    assert "would be made" in terminal.ok("latchkey plan new.json")
    terminal.ok("latchkey apply new.json --yes")
    first = (terminal.folder / "new.json").read_text(encoding="utf-8")
    assert terminal.ok(f"latchkey get {case.partner}") == first
    assert "is the same as" in terminal.ok("latchkey diff new.json")
    assert terminal(f"latchkey renew {case.partner} --for 60d").status == 2, "nobody to ask"
    renewed = terminal.ok(f"latchkey renew {case.partner} --for 60d --yes")
    assert f"{case.partner}.main: updated" in renewed
    second = terminal.ok(f"latchkey get {case.partner}")
    before, after = json.loads(first), json.loads(second)
    assert after["expires_at"] > before["expires_at"]
    assert second == first.replace(before["expires_at"], after["expires_at"])
    assert outside.state(case.partner)["expires_at"] == after["expires_at"]
    assert '-  "expires_at"' in terminal("latchkey diff new.json").out


def test_a_grant_lives_its_whole_life_at_a_terminal(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    terminal.write("acme.json", case.config())
    assert "would be made" in terminal.ok("latchkey plan acme.json")
    assert outside.role(case.role) is None
    assert terminal("latchkey apply acme.json", "y\n").status == 2
    applied = terminal("latchkey apply acme.json --yes")
    assert (applied.status, f"{case.partner}.main: created" in applied.out) == (0, True)
    assert (
        "recording" in applied.err or "writing the role" in applied.err or "planning" in applied.err
    )
    (listed,) = terminal.json(f"latchkey grants --partner {case.partner}")
    assert (listed["status"], listed["config_key"]) == (
        "active",
        f"partners/{case.partner}/main.json",
    )
    shown = terminal.ok(f"latchkey show {case.partner}")
    assert f"by schedule at {case.expires_at}" in shown
    for order, status in (("suspend", "suspended"), ("resume", "active"), ("revoke", "revoked")):
        terminal.ok(f"latchkey {order} {case.partner} {WHY}")
        assert outside.state(case.partner)["status"] == status
    found = terminal.json(f"latchkey show {case.partner}")
    assert [event["event"] for event in found["history"]] == [
        "AccessGranted",
        "AccessSuspended",
        "AccessUpdated",
        "AccessRevoked",
    ]
    assert found["history"][-1]["requested_by"].startswith("arn:aws:sts::123456789012:")
    assert case.config()["external_id"] not in json.dumps(found)


def test_a_change_is_planned_as_its_file_and_applied_over_it(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    terminal.write("acme.json", case.config(require_mfa=True))
    assert terminal("latchkey plan acme.json --detailed-exitcode").status == 2
    result = terminal.json("latchkey plan acme.json")
    actions = [change["action"] for change in result["changes"]]
    assert (result["outcome"], actions) == (
        "planned",
        ["UpdateAssumeRolePolicy", "PutRolePolicy"],
    )
    assert terminal.json("latchkey apply acme.json --yes")["outcome"] == "updated"
    assert outside.state(case.partner)["config_key"] == case.key
    again = terminal("latchkey apply acme.json")
    assert (again.status, "is already uploaded" in again.err) == (0, True)


def test_every_problem_of_a_file_is_reported_where_it_stands_and_nothing_is_uploaded(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    access = [{"service": "s3", "bucket": f"{case.bucket}-x", "allow": "everything"}]
    terminal.write("acme.json", case.config(access=access, principals=["123456789012"], owner=""))
    offline = terminal("latchkey validate acme.json")
    online = terminal("latchkey apply acme.json --yes")
    assert (offline.status, online.status) == (1, 1)
    assert {"/access/0/allow:", "/owner:"} <= set(offline.out.split())
    assert {"/access/0/allow:", "/owner:", "/principals/0:"} <= set(online.out.split())
    assert outside.state(case.partner) == {}


def test_all_grants_of_a_partner_are_ordered_at_once(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    for grant in ("one", "two"):
        outside.upload(f"partners/{case.partner}/{grant}.json", case.config(grant=grant))
    assert terminal(f"latchkey suspend '{case.partner}.*' {WHY}").status == 2
    report = terminal.json(f"latchkey suspend '{case.partner}.*' {WHY} --yes")
    assert report["outcomes"] == {"suspended": 2}
    dry = terminal.json(f"latchkey revoke {case.partner} --all-grants {WHY} --dry-run")
    assert dry["outcomes"] == {"planned": 2}
    assert outside.state(case.partner, "one")["status"] == "suspended"
    several = terminal(f"latchkey show {case.partner}")
    assert (several.status, f"{case.partner}.one, {case.partner}.two" in several.err) == (2, True)


def test_a_hand_made_role_is_found_described_and_granted_anew(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    name = f"vendor-{case.partner}"
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": [f"arn:aws:s3:::{case.bucket}", f"arn:aws:s3:::{case.bucket}/*"],
            }
        ],
    }
    trust = json.dumps(_trust("444455556666"))
    outside.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    outside.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    audited = {role["role"]: role["findings"] for role in terminal.json("latchkey audit")}
    rules = {finding["rule"] for finding in audited[name]}
    assert rules == {"no-external-id", "never-expires", "not-ours"}
    assert terminal("latchkey audit --strict").status == 1
    words = f"--partner {case.partner} --owner ops --expires-at {case.expires_at}"
    terminal.ok(f"latchkey import {name} {words} -o vendor.json")
    terminal.ok("latchkey validate vendor.json")
    assert terminal.json("latchkey apply vendor.json --yes")["outcome"] == "created"
    outside.iam.delete_role_policy(RoleName=name, PolicyName="p")
    outside.iam.delete_role(RoleName=name)


def test_doctor_looks_at_everything_and_calls_nothing_well_that_it_did_not_see(
    terminal: Terminal, outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    done = terminal("latchkey doctor --json")
    found = {check["check"]: check["status"] for check in json.loads(done.out)}
    for check in ("stack", "intake", "guardrails", "quota"):
        assert found[check] == "ok", done.out
    assert {found["sweep"], found["drift check"], found["alarms"]} == {"skipped"}
    outside.scheduler.delete_schedule(Name=f"{case.partner}.main", GroupName="latchkey-grants")
    done = terminal("latchkey doctor")
    assert done.status == 1
    assert f"{case.partner}.main" in done.out
    terminal.ok(f"latchkey revoke {case.partner} {WHY}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("latchkey grants --stack nowhere", "there is no stack 'nowhere' in us-east-1"),
        ("latchkey grants --endpoint-url http://127.0.0.1:9", "no answer from AWS"),
        ("latchkey show nobody-knows", "there is no grant nobody-knows.main"),
    ],
)
def test_what_goes_wrong_is_one_line(terminal: Terminal, line: str, expected: str) -> None:
    done = terminal(line)
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert expected in done.err
