"""What IAM has and the table does not know is named; what was begun is shown."""

import json

import pytest

from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import FILE, aws

_TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}]}'
)


def _role(name: str, path: str = "/partners/", **tags: str) -> None:
    found = [{"Key": key.replace("_", ":"), "Value": value} for key, value in tags.items()]
    aws("iam").create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_TRUST, Tags=found)


@pytest.fixture
def orphan(desk: Desk) -> Desk:
    """The first run of a grant made everything and recorded nothing."""
    stack = desk.stack
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    stack.invoke("grant_access", state)
    return desk


def _doctor(desk: Desk) -> dict[str, str]:
    found = json.loads(desk("doctor", "--json").stdout)
    return {line["check"]: f"{line['status']}: {line['text']}" for line in found}


@pytest.mark.parametrize(
    ("name", "path", "tags"),
    [
        ("partner-old.main", "/partners/", {}),
        ("by-hand", "/partners/", {}),
        ("partner-far.main", "/", {"latchkey_stack": "latchkey", "latchkey_grant": "far.main"}),
        ("partner-sub.main", "/partners/sub/", {"latchkey_stack": "latchkey"}),
    ],
)
def test_doctor_names_a_role_that_no_live_grant_has(
    desk: Desk, name: str, path: str, tags: dict[str, str]
) -> None:
    desk.stack.granted()
    assert _doctor(desk)["roles"].startswith("ok: 1 partner role")
    _role(name, path, **tags)
    assert _doctor(desk)["roles"].startswith(f"fail: {name}: no live grant of the table has")


@pytest.mark.parametrize(
    ("names", "region"), [("latchkey", "eu-west-1"), ("latchkey-dev", "us-east-1")]
)
def test_roles_of_another_stack_are_named_by_no_command(
    desk: Desk, names: str, region: str
) -> None:
    """Of one of the same name in another region too, whose roles have the same tags."""
    desk.stack.granted()
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/{names}-partner-boundary-{region}"
    tags = {"latchkey:stack": "latchkey", "latchkey:grant": "far.main"}
    aws("iam").create_role(
        RoleName="partner-far.main",
        Path="/partners/",
        AssumeRolePolicyDocument=_TRUST,
        PermissionsBoundary=boundary,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    assert _doctor(desk)["roles"].startswith("ok: 1 partner role")
    audited = {role["role"]: role["findings"] for role in desk.json("audit")}
    rules = {finding["rule"] for finding in audited["partner-far.main"]}
    assert not rules & {"not-on-record", "not-ours"}
    left = desk("teardown", "--reason", "we leave", "--confirm", "latchkey")
    assert "partner-far.main" not in left.stdout


def test_doctor_names_the_role_of_a_grant_that_ended(desk: Desk) -> None:
    desk.stack.granted()
    desk.stack.remove()
    desk.stack.run(FILE)
    assert _doctor(desk)["roles"].startswith("ok")
    _role("partner-acme.main", latchkey_stack="latchkey", latchkey_grant="acme.main")
    assert _doctor(desk)["roles"].startswith("fail: partner-acme.main")


def test_doctor_tells_of_what_was_begun_and_not_recorded(orphan: Desk) -> None:
    assert _doctor(orphan)["roles"].startswith("warn: acme.main: a run began changes")


def test_audit_names_it_too(desk: Desk) -> None:
    desk.stack.granted()
    _role("partner-old.main", latchkey_stack="latchkey", latchkey_grant="old.main")
    rules = {
        role["role"]: [finding["rule"] for finding in role["findings"]]
        for role in desk.json("audit")
    }
    assert "not-on-record" in rules["partner-old.main"]
    assert "not-on-record" not in rules.get("partner-acme.main", [])


def test_show_and_grants_have_what_was_begun(orphan: Desk) -> None:
    shown = orphan.json("show", "acme")
    assert (shown["status"], shown["config_key"]) == ("failed", "partners/acme.json")
    (listed,) = orphan.json("grants")
    assert (listed["partner"], listed["status"]) == ("acme", "failed")
