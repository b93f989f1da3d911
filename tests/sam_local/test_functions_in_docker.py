"""Every function, built by `sam build` and run by `sam local invoke`, and what it did."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.samples import EVENTS
from tests.kit.outside import Outside
from tests.sam_local.conftest import Invoke

pytestmark = pytest.mark.sam_local

CONFIG: dict[str, Any] = json.loads((EVENTS / "configs/s3_folder_and_secret.json").read_text())


def _executions(outside: Outside) -> list[dict[str, Any]]:
    """The inputs of all executions so far, the newest first."""
    arn = outside.box.outputs["GrantWorkflowArn"]
    found = outside.states.list_executions(stateMachineArn=arn)["executions"]
    describe = outside.states.describe_execution
    return [json.loads(describe(executionArn=run["executionArn"])["input"]) for run in found]


def _grown(outside: Outside, call: Callable[[], Any]) -> list[dict[str, Any]]:
    """The inputs of the executions that `call` started."""
    before = _executions(outside)
    call()
    after = _executions(outside)
    return [given for given in after if given not in before]


def test_intake_starts_a_run_for_each_uploaded_file(outside: Outside, invoke: Invoke) -> None:
    started = _grown(outside, lambda: invoke("IntakeConfigFunction", "sqs__config_uploaded.json"))
    keys = {given["key"] for given in started}
    assert keys == {"partners/acme/reports.json", "partners/Zürich büro/acme.json"}


def test_intake_takes_a_removal_and_the_test_event(outside: Outside, invoke: Invoke) -> None:
    for sample in ("sqs__config_removed.json", "sqs__s3_test_event.json"):
        assert invoke("IntakeConfigFunction", sample) == {"batchItemFailures": []}


def test_plan_says_what_a_new_grant_needs(outside: Outside, invoke: Invoke) -> None:
    plan = invoke("PlanGrantFunction", "plan_grant__inline_config.json")
    assert (plan["step"], plan["outcome"]) == ("grant", "created")
    assert plan["changes"] == 3
    key = {"pk": {"S": "LEASE#acme.inline"}, "sk": {"S": "LEASE"}}
    table = outside.box.outputs["GrantTableName"]
    lease = outside.dynamodb.get_item(TableName=table, Key=key)["Item"]
    assert lease["lease_owner"]["S"].endswith(":sample-inline-config")


@pytest.mark.parametrize("sample", ["config_uploaded", "schedule_fired"])
def test_plan_reads_the_file_and_finds_nothing_to_do(
    outside: Outside, invoke: Invoke, sample: str
) -> None:
    key = "partners/acme/reports.json"
    result = outside.upload(key, CONFIG)
    assert result["outcome"] in ("created", "unchanged", "updated")
    plan = invoke("PlanGrantFunction", f"plan_grant__{sample}.json")
    assert (plan["step"], plan["changes"]) == ("done", 0)


def test_grant_creates_the_role_and_its_schedule(outside: Outside, invoke: Invoke) -> None:
    done = invoke("GrantAccessFunction", "grant_access__new_grant.json")
    role = outside.role("partner-acme.sample-new")
    assert role is not None
    assert role["RoleId"] == done["verified"]["role_id"]
    assert (
        role["PermissionsBoundary"]["PermissionsBoundaryArn"]
        == (outside.box.outputs["PermissionsBoundaryArn"])
    )
    schedules = outside.scheduler.list_schedules(NamePrefix="acme.sample-new")["Schedules"]
    assert len(schedules) == 1


def test_revoke_removes_the_role(outside: Outside, invoke: Invoke) -> None:
    plan = json.loads((EVENTS / "plans/sample-granted.json").read_text())
    role = "partner-acme.sample-old"
    trust = json.dumps(plan["desired"]["trust_policy"])
    tags = {**plan["desired"]["tags"], "latchkey:grant": "acme.sample-old"}
    outside.iam.create_role(
        RoleName=role,
        Path="/partners/",
        AssumeRolePolicyDocument=trust,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    outside.iam.put_role_policy(
        RoleName=role,
        PolicyName="latchkey-access",
        PolicyDocument=json.dumps(plan["desired"]["permissions_policy"]),
    )
    done = invoke("RevokeAccessFunction", "revoke_access__expired_grant.json")
    assert done["verified"]["role"] == "absent"
    assert outside.role(role) is None


def test_record_writes_result_state_and_history(outside: Outside, invoke: Invoke) -> None:
    result = invoke("RecordOutcomeFunction", "record_outcome__access_granted.json")
    assert result["outcome"] == "created"
    assert outside.state("acme", "sample-new")["status"] == "active"
    assert outside.events("acme", "sample-new") == ["AccessGranted"]
    file = outside.result("partners/acme/sample-new.json", bool)
    assert (file["outcome"], file["recorded_at"]) == ("created", result["recorded_at"])


def test_record_writes_down_a_failed_step_with_its_cause(outside: Outside, invoke: Invoke) -> None:
    result = invoke("RecordOutcomeFunction", "record_outcome__step_failed.json")
    assert result["outcome"] == "failed"
    assert "AccessDenied" in result["reason"]
    assert outside.state("acme", "sample-failed")["status"] == "failed"
    assert outside.events("acme", "sample-failed") == ["GrantFailed"]


def test_notify_writes_the_sheet_and_sends_event_and_message(
    outside: Outside, invoke: Invoke
) -> None:
    told = invoke("NotifyOutcomeFunction", "notify_outcome__access_granted.json")
    assert told == {"fact": "AccessGranted"}
    bucket = outside.box.outputs["ResultsBucketName"]
    sheet = outside.s3.get_object(Bucket=bucket, Key="partners/acme/sample-told.handoff.md")
    assert b"# Access for acme: sample-told" in sheet["Body"].read()


def test_digest_is_sent_of_nothing_where_nothing_expires(invoke: Invoke) -> None:
    assert invoke("SendDigestFunction", "scheduler__digest.json") == {"named": []}


def test_sweep_has_what_is_due_looked_at(outside: Outside, invoke: Invoke) -> None:
    """The container's clock is the real one, so the table is made to say that a grant is due."""
    outside.upload("partners/acme/overdue.json", {**CONFIG, "grant": "overdue"})
    outside.dynamodb.update_item(
        TableName=outside.box.outputs["GrantTableName"],
        Key={"pk": {"S": "GRANT#acme.overdue"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00Z"}},
    )
    started = _grown(outside, lambda: invoke("SweepGrantsFunction", "scheduler__sweep.json"))
    assert [(given["action"], given["grant"]) for given in started] == [("check", "overdue")]


def test_file_that_is_gone_is_reconciled(outside: Outside, invoke: Invoke) -> None:
    outside.upload("partners/acme/gone.json", {**CONFIG, "grant": "gone"})
    outside.dynamodb.update_item(
        TableName=outside.box.outputs["GrantTableName"],
        Key={"pk": {"S": "GRANT#acme.gone"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET config_key = :gone",
        ExpressionAttributeValues={":gone": {"S": "partners/acme/not-there.json"}},
    )
    started = _grown(outside, lambda: invoke("CheckFilesFunction", "scheduler__sweep.json"))
    assert "partners/acme/not-there.json" in {given["key"] for given in started}


def test_change_of_a_role_that_cloudtrail_reports_starts_a_check(
    outside: Outside, invoke: Invoke
) -> None:
    sample = "cloudtrail__policy_attached.json"
    started = _grown(outside, lambda: invoke("CheckDriftFunction", sample))
    assert [(given["action"], given["grant"]) for given in started] == [("check", "overdue")]
    assert "called AttachRolePolicy" in started[0]["reason"]


def test_register_shows_a_grant_and_not_its_external_id(outside: Outside, invoke: Invoke) -> None:
    outside.upload("partners/acme/shown.json", {**CONFIG, "grant": "shown"})
    said = invoke("PublishRegisterFunction", "sqs_register__outcomes_recorded.json")
    assert said == {"register": "register.html", "changed": 2}
    bucket = outside.box.outputs["ResultsBucketName"]
    page = outside.s3.get_object(Bucket=bucket, Key="register.html")["Body"].read().decode()
    assert '"id":"acme.shown"' in page
    assert CONFIG["external_id"] not in page


def test_find_grants_lists_what_an_order_for_many_is_for(outside: Outside, invoke: Invoke) -> None:
    outside.upload("partners/acme/ordered.json", {**CONFIG, "grant": "ordered"})
    found = invoke("FindGrantsFunction", "find_grants__suspend_partner.json")
    assert found["step"] == "order"
    assert "acme.ordered" in found["grants"]
