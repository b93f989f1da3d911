"""A config file from upload to removal, seen by an outside client."""

import json

import pytest

from tests.e2e.conftest import Case
from tests.kit.outside import Outside, as_granted, eventually

pytestmark = pytest.mark.e2e


def test_an_upload_becomes_a_role_under_the_path_with_boundary_and_tags(
    outside: Outside, case: Case
) -> None:
    result = outside.upload(case.key, case.config())
    role = outside.role(case.role)
    assert result["outcome"] == "created"
    assert role is not None
    assert role["Arn"] == result["role_arn"]
    assert role["Path"] == "/partners/"
    boundary = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert boundary == outside.box.outputs["PermissionsBoundaryArn"]
    tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
    assert tags["latchkey:grant"] == f"{case.partner}.main"
    assert tags["latchkey:stack"] == "latchkey"
    assert list(role["InlinePolicies"]) == ["latchkey-access"]


def test_the_state_says_what_the_contract_promises(outside: Outside, case: Case) -> None:
    result = outside.upload(case.key, case.config())
    state = outside.state(case.partner)
    assert state["partner"] == case.partner
    assert state["grant"] == "main"
    assert state["status"] == "active"
    assert state["role_arn"] == result["role_arn"]
    assert state["external_id"] == f"external-{case.partner}"
    assert state["expires_at"] == case.expires_at
    assert state["config_bucket"] == outside.box.outputs["ConfigBucketName"]
    assert state["config_key"] == case.key
    assert state["config_version"] == result["config_version"]
    assert {"starts_at", "updated_at", "reason"} <= state.keys()
    assert outside.events(case.partner) == ["AccessGranted"]


def test_a_new_grant_is_two_iam_writes_an_unchanged_one_none_a_changed_bucket_one(
    outside: Outside, case: Case
) -> None:
    config = case.config()
    created = outside.iam_writes(lambda: outside.upload(case.key, config))
    unchanged = outside.iam_writes(lambda: outside.upload(case.key, config))
    other = f"{case.bucket}-other"
    outside.s3.create_bucket(Bucket=other)
    config["access"][0]["bucket"] = other
    changed = outside.iam_writes(lambda: outside.upload(case.key, config))
    assert created == ["CreateRole", "PutRolePolicy"]
    assert unchanged == []
    assert changed == ["PutRolePolicy"]
    assert outside.events(case.partner) == ["AccessGranted", "AccessUpdated"]


def test_removing_the_file_removes_permissions_then_role_and_records_the_evidence(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    writes = outside.iam_writes(lambda: outside.remove(case.key))
    assert writes == ["DeleteRolePolicy", "DeleteRole"]
    assert outside.role(case.role) is None
    assert outside.state(case.partner)["status"] == "revoked"
    assert outside.events(case.partner) == ["AccessGranted", "AccessRevoked"]
    assert outside.scheduler.list_schedules(NamePrefix=case.partner)["Schedules"] == []


def test_uploading_it_again_grants_it_anew(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    outside.remove(case.key)
    assert outside.upload(case.key, case.config())["outcome"] == "created"
    assert outside.role(case.role) is not None


def test_status_suspends_resumes_and_revokes_with_one_write_each_way(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    before = outside.role(case.role)
    suspended = outside.iam_writes(
        lambda: outside.upload(case.key, case.config(status="suspended"))
    )
    during = outside.role(case.role)
    resumed = outside.iam_writes(lambda: outside.upload(case.key, case.config()))
    assert before and during
    assert suspended == resumed == ["PutRolePolicy"]
    assert during["RoleId"] == before["RoleId"]
    assert during["InlinePolicies"]["latchkey-access"]["Statement"][0]["Effect"] == "Deny"
    assert as_granted(outside.role(case.role)) == before
    assert outside.upload(case.key, case.config(status="revoked"))["outcome"] == "revoked"
    assert outside.role(case.role) is None


def test_a_key_with_spaces_and_other_alphabets_is_found_again(outside: Outside, case: Case) -> None:
    key = f"partners/Zürich büro/{case.partner} + 50% (新).json"
    assert outside.upload(key, case.config())["outcome"] == "created"
    assert outside.state(case.partner)["config_key"] == key
    assert outside.remove(key)["outcome"] == "revoked"


def test_a_file_that_begins_to_name_another_grant_takes_the_old_one_away(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    outside.upload(case.key, case.config(grant="second"))
    eventually(lambda: outside.state(case.partner)["status"], lambda status: status == "revoked")
    assert outside.role(case.role) is None
    assert outside.role(f"partner-{case.partner}.second") is not None


def test_the_schedule_fires_at_expiry_and_only_asks_to_look_again(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    found = outside.scheduler.list_schedules(NamePrefix=f"{case.partner}.")["Schedules"]
    assert [schedule["Name"] for schedule in found] == [f"{case.partner}.main"]
    schedule = outside.scheduler.get_schedule(
        Name=found[0]["Name"], GroupName=found[0]["GroupName"]
    )
    assert schedule["ScheduleExpression"] == f"at({case.expires_at.removesuffix('Z')})"
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert json.loads(schedule["Target"]["Input"])["action"] == "check"
