"""A grant's life by its file: granted, changed, suspended, revoked, and granted anew."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.kit.examples import BOUNDARY, s3_entry, secret_entry
from tests.kit.stack.aws import FILE, KEY, aws
from tests.kit.stack.driver import StackDriver


def test_new_grant_takes_two_iam_writes_and_a_schedule(stack: StackDriver) -> None:
    run = stack.granted(tags={"cost": "7"})
    assert run.iam_writes == ["CreateRole", "PutRolePolicy"]
    assert run.steps == ["plan_grant", "grant_access", "record_outcome", "notify_outcome"]
    role = stack.role()
    assert role is not None
    assert role["Path"] == "/partners/"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
    assert tags["latchkey:grant"] == "acme.main"
    assert tags["latchkey:stack"] == "latchkey"
    assert tags["cost"] == "7"
    assert stack.schedules() == ["acme.main"]


def test_unchanged_config_causes_no_iam_write(stack: StackDriver) -> None:
    stack.granted()
    assert stack.run(FILE).iam_writes == []
    stack.upload()
    again = stack.run(FILE)
    assert (again.outcome, again.iam_writes) == ("unchanged", [])


def test_duplicate_notification_writes_nothing_but_its_lease(stack: StackDriver) -> None:
    stack.granted()
    before = stack.items()
    assert stack.run(FILE).steps == ["plan_grant"]
    assert stack.items() == before


def test_changed_bucket_is_one_iam_write(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(access=[s3_entry(bucket="other-bucket")])
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("updated", ["PutRolePolicy"])
    assert "arn:aws:s3:::other-bucket/*" in stack.permissions()["Statement"][0]["Resource"]


CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"external_id": "another-12345"}, ["UpdateAssumeRolePolicy", "PutRolePolicy"]),
    ({"principals": ["111122223333"]}, ["UpdateAssumeRolePolicy", "PutRolePolicy"]),
    ({"principals": ["444455556666", "111122223333"]}, ["UpdateAssumeRolePolicy"]),
    ({"max_session_duration": 7200}, ["UpdateRole"]),
    ({"tags": {"team": "blue"}}, ["TagRole"]),
    ({"purpose": "Other"}, ["UpdateRole"]),
    ({"expires_at": "2031-01-01T00:00:00Z"}, ["PutRolePolicy", "UpdateAssumeRolePolicy"]),
]


@pytest.mark.parametrize(("change", "writes"), CHANGES, ids=lambda value: str(value)[:40])
def test_only_what_differs_is_written(
    stack: StackDriver, change: dict[str, Any], writes: list[str]
) -> None:
    stack.granted()
    stack.upload(**change)
    assert stack.run(FILE).iam_writes == writes


def test_suspend_and_resume_by_status_are_one_write_each_and_keep_the_role_id(
    stack: StackDriver,
) -> None:
    stack.granted()
    role = stack.role()
    stack.upload(status="suspended")
    suspended = stack.run(FILE)
    assert (suspended.outcome, suspended.iam_writes) == ("suspended", ["PutRolePolicy"])
    assert [s["Effect"] for s in stack.permissions()["Statement"]] == ["Deny"]
    assert stack.grant()["status"] == "suspended"
    stack.upload()
    resumed = stack.run(FILE)
    assert (resumed.outcome, resumed.iam_writes) == ("updated", ["PutRolePolicy"])
    after = stack.role()
    assert role and after and role["RoleId"] == after["RoleId"]


def test_status_revoked_removes_permissions_first_then_the_role(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(status="revoked")
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("revoked", ["DeleteRolePolicy", "DeleteRole"])
    assert run.result["verified"]["role"] == "absent"
    assert stack.role() is None
    assert stack.schedules() == []
    assert stack.grant()["status"] == "revoked"


def test_removing_the_file_revokes_and_uploading_it_grants_anew(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"
    assert stack.role() is None
    assert stack.granted().iam_writes == ["CreateRole", "PutRolePolicy"]


def test_renewal_moves_the_schedule(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2031-02-03T04:05:06+01:00")
    stack.run(FILE)
    found = aws("scheduler").get_schedule(Name="acme.main", GroupName="latchkey-grants")
    assert found["ScheduleExpression"] == "at(2031-02-03T03:05:06)"
    assert found["ActionAfterCompletion"] == "DELETE"


def test_schedule_that_fires_after_a_renewal_does_nothing(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2031-01-01T00:00:00Z")
    stack.run(FILE)
    check = {"action": "check", "partner": "acme", "grant": "main", "reason": "expiry schedule"}
    run = stack.run(check, datetime(2030, 1, 1, tzinfo=UTC))
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert stack.role() is not None


def test_grant_of_a_bucket_and_a_secret_names_the_secret_by_its_full_arn(
    stack: StackDriver,
) -> None:
    stack.granted(access=[s3_entry(prefix="in"), secret_entry()])
    arn = aws("secretsmanager").describe_secret(SecretId="acme/api")["ARN"]
    assert stack.permissions()["Statement"][-1]["Resource"] in (arn, [arn])


@pytest.mark.parametrize("key", ["partners/a b/Übung ß+%.json", "partners/日本.json"])
def test_keys_with_spaces_and_non_ascii_work(stack: StackDriver, key: str) -> None:
    stack.upload(None, key)
    run = stack.run({**FILE, "key": key})
    assert run.outcome == "created"
    result = stack.result(key.removesuffix(".json") + ".result.json")
    assert result["config_key"] == key
    stack.remove(key)
    assert stack.run({**FILE, "key": key}).outcome == "revoked"


def test_object_removed_before_it_was_read_is_recorded_as_unchanged(stack: StackDriver) -> None:
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert "removed before" in stack.result()["reason"]


def test_reordered_notifications_end_in_the_newest_state(stack: StackDriver) -> None:
    stack.upload()
    stack.upload(access=[s3_entry(bucket="other-bucket")])
    stack.remove()
    stack.upload(status="suspended")
    for _ in range(4):
        stack.run(FILE)
    assert stack.grant()["status"] == "suspended"
    assert stack.grant()["config_key"] == KEY


def test_config_that_is_revoked_from_the_start_makes_no_role(stack: StackDriver) -> None:
    stack.upload(status="revoked")
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes, stack.role()) == ("revoked", [], None)
    assert stack.grant()["status"] == "revoked"


def test_config_that_is_suspended_from_the_start_makes_a_role_that_may_nothing(
    stack: StackDriver,
) -> None:
    stack.upload(status="suspended")
    assert stack.run(FILE).outcome == "suspended"
    assert [s["Effect"] for s in stack.permissions()["Statement"]] == ["Deny"]
