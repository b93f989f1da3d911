"""The name that a partner demands for its role, from its claim to its release."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import ACCOUNT, NOW, OTHER_ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

LATER = NOW + timedelta(minutes=4)
NAME = "AcmeReader"
CLAIM = f"ROLE_NAME#{ACCOUNT}#acmereader"
THEIRS = {"bucket": FILE["bucket"], "key": "partners/other.json"}
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
}


def _holder(stack: StackDriver) -> set[str]:
    """The grants that have a claim on the name."""
    return {
        grant for item in stack.items() if item["pk"] == CLAIM for grant in item.get("grants", ())
    }


def _theirs(stack: StackDriver, **changes: Any) -> Any:
    other = {"partner": "other", "external_id": "other-7f3b2c91", "principals": [OTHER_ACCOUNT]}
    stack.upload(None, THEIRS["key"], **{**other, **changes})
    return stack.run(THEIRS)


def _names() -> set[str]:
    return {role["RoleName"] for role in aws("iam").list_roles()["Roles"]}


def test_grant_lives_and_ends_under_the_name_that_its_partner_demands(stack: StackDriver) -> None:
    run = stack.granted(role_name=NAME)
    assert run.result["role_arn"] == f"arn:aws:iam::{ACCOUNT}:role/partners/{NAME}"
    assert _names() == {NAME}
    assert _holder(stack) == {"acme.main"}
    stack.upload(role_name=NAME, max_session_duration=7200)
    changed = stack.run(FILE)
    assert (changed.outcome, changed.iam_writes) == ("updated", ["UpdateRole"])
    aws("iam").update_role(RoleName=NAME, Description="by hand", MaxSessionDuration=7200)
    assert stack.run(CHECK, LATER).outcome == "updated"
    order = {"action": "suspend", "partner": "acme", "grant": "main"}
    assert stack.run(order).outcome == "suspended"
    assert stack.run({**order, "action": "resume"}).outcome == "updated"
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"
    assert _names() == set()
    assert _holder(stack) == set()
    assert _theirs(stack, role_name=NAME.upper()).outcome == "created"
    assert _holder(stack) == {"other.main"}


@pytest.mark.parametrize("dry_run", [False, True])
def test_name_is_one_grants_in_any_case(stack: StackDriver, dry_run: bool) -> None:
    stack.granted(role_name=NAME)
    other = {"partner": "other", "external_id": "other-7f3b2c91", "role_name": "ACMEreader"}
    stack.upload(None, THEIRS["key"], **other)
    found = stack.run({**THEIRS, "dry_run": dry_run})
    assert found.outcome == "rejected"
    assert [problem["path"] for problem in found.result["problems"]] == ["/role_name"]
    assert (_names(), _holder(stack)) == ({NAME}, {"acme.main"})


@pytest.mark.parametrize("name", [None, "AnotherName", "acmereader"])
def test_name_is_fixed_while_the_grant_lives(stack: StackDriver, name: str | None) -> None:
    stack.granted(role_name=NAME)
    stack.upload(role_name=name, max_session_duration=7200)
    found = stack.run(FILE)
    assert found.outcome == "rejected"
    assert [problem["path"] for problem in found.result["problems"]] == ["/role_name"]
    assert found.iam_writes == []
    assert stack.run({"action": "revoke", "partner": "acme", "grant": "main"}).outcome == "revoked"
    assert _names() == set()


@pytest.mark.parametrize("path", ["/", "/service/", "/partners/"])
def test_role_of_somebody_else_is_left_as_it_is(stack: StackDriver, path: str) -> None:
    iam = aws("iam")
    iam.create_role(RoleName=NAME, Path=path, AssumeRolePolicyDocument=json.dumps(TRUST))
    before = iam.get_role(RoleName=NAME)["Role"]
    stack.upload(role_name=NAME)
    found = stack.run(FILE)
    assert (found.outcome, type(found.error).__name__) == ("failed", "RoleNotOwned")
    assert iam.get_role(RoleName=NAME)["Role"] == before
    assert _holder(stack) == set(), "whoever takes it away may have the name"
    stack.upload(role_name="OfItsOwn")
    assert stack.run(FILE).outcome == "created"
    assert _names() == {NAME, "OfItsOwn"}


def test_role_without_tags_is_known_by_its_id(stack: StackDriver) -> None:
    stack.granted(role_name=NAME)
    aws("iam").untag_role(RoleName=NAME, TagKeys=["latchkey:grant", "latchkey:stack"])
    assert stack.run(CHECK, LATER).outcome == "updated"
    tags = {tag["Key"] for tag in aws("iam").get_role(RoleName=NAME)["Role"]["Tags"]}
    assert {"latchkey:grant", "latchkey:stack"} <= tags


def test_a_version_that_asks_for_another_name_keeps_nobody_from_ending_the_grant(
    stack: StackDriver,
) -> None:
    """Nor from repairing its role: who looks again goes by the version before."""
    stack.granted(expires_at="2026-03-01T00:00:00Z")
    stack.upload(expires_at="2026-03-01T00:00:00Z", role_name=NAME)
    assert stack.run(FILE, LATER).paths == ["/role_name"]
    anything = {**TRUST, "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    more = {"RoleName": "partner-acme.main", "PolicyName": "more"}
    aws("iam").put_role_policy(**more, PolicyDocument=json.dumps(anything))
    assert stack.run({**CHECK, "by": "drift"}, LATER).outcome == "updated"
    ended = stack.run({**CHECK, "by": "schedule"}, NOW + timedelta(days=60))
    assert (ended.outcome, stack.role()) == ("expired", None)


def test_a_version_that_asks_for_another_name_is_not_called_invalid_before_it_is_planned(
    stack: StackDriver,
) -> None:
    stack.granted(expires_at="2026-03-01T00:00:00Z")
    stack.upload(role_name=NAME)
    ended = stack.run({**CHECK, "by": "schedule"}, NOW + timedelta(days=60))
    assert (ended.outcome, stack.role()) == ("expired", None)
    assert "asks for another role, which a live grant cannot have" in ended.result["reason"]


@pytest.mark.parametrize("way", ["file", "check"])
@pytest.mark.parametrize(
    "unlike",
    [
        {"role_name": NAME},
        {"role_name": "partner-other.main"},
        {"account": OTHER_ACCOUNT},
        {"access": [{"service": "account", "allow": "audit"}]},
    ],
    ids=["name", "name of another", "account", "kind"],
)
def test_a_file_that_revokes_takes_the_role_away_whatever_role_it_names(
    stack: StackDriver, unlike: dict[str, Any], way: str
) -> None:
    """Whose it is, is on record; what the file asks for beside is asked for by nobody now."""
    stack.granted()
    stack.upload(status="revoked", **unlike)
    ended = stack.run(FILE if way == "file" else {**CHECK, "by": "schedule"}, LATER)
    assert (ended.outcome, stack.role()) == ("revoked", None)
    assert _holder(stack) == set()
    stack.upload()
    assert stack.run(FILE, LATER).outcome == "created"
