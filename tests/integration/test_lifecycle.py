"""A grant's life by its file: granted, changed, suspended, revoked, and granted anew."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.kit.examples import BOUNDARY, s3_entry, secret_entry
from tests.kit.stack.aws import FILE, KEY, aws
from tests.kit.stack.driver import House


def test_new_grant_takes_two_iam_writes_and_a_schedule(house: House) -> None:
    run = house.granted(tags={"cost": "7"})
    assert run.iam_writes == ["CreateRole", "PutRolePolicy"]
    assert run.steps == ["plan_grant", "grant_access", "record_outcome", "notify_outcome"]
    role = house.role()
    assert role is not None
    assert role["Path"] == "/partners/"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
    assert tags["latchkey:grant"] == "acme.main"
    assert tags["latchkey:stack"] == "latchkey"
    assert tags["cost"] == "7"
    assert house.schedules() == ["acme.main"]


def test_unchanged_config_causes_no_iam_write(house: House) -> None:
    house.granted()
    assert house.run(FILE).iam_writes == []
    house.upload()
    again = house.run(FILE)
    assert (again.outcome, again.iam_writes) == ("unchanged", [])


def test_duplicate_notification_writes_nothing_but_its_lease(house: House) -> None:
    house.granted()
    before = house.items()
    assert house.run(FILE).steps == ["plan_grant"]
    assert house.items() == before


def test_changed_bucket_is_one_iam_write(house: House) -> None:
    house.granted()
    house.upload(access=[s3_entry(bucket="other-bucket")])
    run = house.run(FILE)
    assert (run.outcome, run.iam_writes) == ("updated", ["PutRolePolicy"])
    assert "arn:aws:s3:::other-bucket/*" in house.permissions()["Statement"][0]["Resource"]


CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"external_id": "another-12345"}, ["UpdateAssumeRolePolicy"]),
    ({"principals": ["111122223333"]}, ["UpdateAssumeRolePolicy"]),
    ({"max_session_duration": 7200}, ["UpdateRole"]),
    ({"tags": {"team": "blue"}}, ["TagRole"]),
    ({"purpose": "Other"}, ["UpdateRole"]),
    ({"expires_at": "2031-01-01T00:00:00Z"}, ["PutRolePolicy", "UpdateAssumeRolePolicy"]),
]


@pytest.mark.parametrize(("change", "writes"), CHANGES, ids=lambda value: str(value)[:40])
def test_only_what_differs_is_written(
    house: House, change: dict[str, Any], writes: list[str]
) -> None:
    house.granted()
    house.upload(**change)
    assert house.run(FILE).iam_writes == writes


def test_suspend_and_resume_by_status_are_one_write_each_and_keep_the_role_id(
    house: House,
) -> None:
    house.granted()
    role = house.role()
    house.upload(status="suspended")
    suspended = house.run(FILE)
    assert (suspended.outcome, suspended.iam_writes) == ("suspended", ["PutRolePolicy"])
    assert [s["Effect"] for s in house.permissions()["Statement"]] == ["Deny"]
    assert house.grant()["status"] == "suspended"
    house.upload()
    resumed = house.run(FILE)
    assert (resumed.outcome, resumed.iam_writes) == ("updated", ["PutRolePolicy"])
    after = house.role()
    assert role and after and role["RoleId"] == after["RoleId"]


def test_status_revoked_removes_permissions_first_then_the_role(house: House) -> None:
    house.granted()
    house.upload(status="revoked")
    run = house.run(FILE)
    assert (run.outcome, run.iam_writes) == ("revoked", ["DeleteRolePolicy", "DeleteRole"])
    assert run.result["verified"]["role"] == "absent"
    assert house.role() is None
    assert house.schedules() == []
    assert house.grant()["status"] == "revoked"


def test_removing_the_file_revokes_and_uploading_it_grants_anew(house: House) -> None:
    house.granted()
    house.remove()
    assert house.run(FILE).outcome == "revoked"
    assert house.role() is None
    assert house.granted().iam_writes == ["CreateRole", "PutRolePolicy"]


def test_renewal_moves_the_schedule(house: House) -> None:
    house.granted()
    house.upload(expires_at="2031-02-03T04:05:06+01:00")
    house.run(FILE)
    found = aws("scheduler").get_schedule(Name="acme.main", GroupName="latchkey-grants")
    assert found["ScheduleExpression"] == "at(2031-02-03T03:05:06)"
    assert found["ActionAfterCompletion"] == "DELETE"


def test_schedule_that_fires_after_a_renewal_does_nothing(house: House) -> None:
    house.granted()
    house.upload(expires_at="2031-01-01T00:00:00Z")
    house.run(FILE)
    check = {"action": "check", "partner": "acme", "grant": "main", "reason": "expiry schedule"}
    run = house.run(check, datetime(2030, 1, 1, tzinfo=UTC))
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert house.role() is not None


def test_grant_of_a_bucket_and_a_secret_names_the_secret_by_its_full_arn(house: House) -> None:
    house.granted(access=[s3_entry(prefix="in"), secret_entry()])
    arn = aws("secretsmanager").describe_secret(SecretId="acme/api")["ARN"]
    assert house.permissions()["Statement"][-1]["Resource"] in (arn, [arn])


@pytest.mark.parametrize("key", ["partners/a b/Übung ß+%.json", "partners/日本.json"])
def test_keys_with_spaces_and_non_ascii_work(house: House, key: str) -> None:
    house.upload(None, key)
    run = house.run({**FILE, "key": key})
    assert run.outcome == "created"
    result = house.result(key.removesuffix(".json") + ".result.json")
    assert result["config_key"] == key
    house.remove(key)
    assert house.run({**FILE, "key": key}).outcome == "revoked"


def test_object_removed_before_it_was_read_is_recorded_as_unchanged(house: House) -> None:
    run = house.run(FILE)
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert "removed before" in house.result()["reason"]


def test_reordered_notifications_end_in_the_newest_state(house: House) -> None:
    house.upload()
    house.upload(access=[s3_entry(bucket="other-bucket")])
    house.remove()
    house.upload(status="suspended")
    for _ in range(4):
        house.run(FILE)
    assert house.grant()["status"] == "suspended"
    assert house.grant()["config_key"] == KEY


def test_config_that_is_revoked_from_the_start_makes_no_role(house: House) -> None:
    house.upload(status="revoked")
    run = house.run(FILE)
    assert (run.outcome, run.iam_writes, house.role()) == ("revoked", [], None)
    assert house.grant()["status"] == "revoked"


def test_config_that_is_suspended_from_the_start_makes_a_role_that_may_nothing(
    house: House,
) -> None:
    house.upload(status="suspended")
    assert house.run(FILE).outcome == "suspended"
    assert [s["Effect"] for s in house.permissions()["Statement"]] == ["Deny"]
