"""The workflow started directly: inline configs, orders, dry runs, nonsense."""

import json
import time

import pytest
from botocore.exceptions import ClientError

from tests.e2e.conftest import Case
from tests.kit.outside import Outside, as_granted

pytestmark = pytest.mark.e2e


def test_an_inline_config_grants_and_an_order_revokes(outside: Outside, case: Case) -> None:
    granted = outside.start({"config": case.config()})
    assert granted["status"] == "SUCCEEDED"
    assert granted["output"]["outcome"] == "created"
    assert outside.role(case.role) is not None
    order = {
        "action": "revoke",
        "partner": case.partner,
        "grant": "main",
        "reason": "over",
    }
    revoked = outside.start(order)
    assert revoked["output"]["outcome"] == "revoked"
    assert outside.role(case.role) is None
    state = outside.state(case.partner)
    assert (state["status"], state["reason"]) == ("revoked", "over")


def test_inline_grant_is_held_to_an_object_that_planning_alone_writes(
    outside: Outside, case: Case
) -> None:
    assert outside.start({"config": case.config()})["output"]["outcome"] == "created"
    before, state = outside.role(case.role), outside.state(case.partner)
    place = state["config_object"]
    assert (state["config"], place["key"]) == (None, f"inline/{case.partner}.main.json")
    wide = json.dumps(case.config(principals=["111122223333"]))
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        outside.box.client("s3").put_object(
            Bucket=outside.box.outputs["ConfigBucketName"], Key=place["key"], Body=wide.encode()
        )
    outside.box.client("dynamodb").update_item(
        TableName=outside.box.outputs["GrantTableName"],
        Key={"pk": {"S": f"GRANT#{case.partner}.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET config = :wide",
        ExpressionAttributeValues={":wide": {"S": wide}},
    )
    order = {"partner": case.partner, "reason": "incident"}
    for action, outcome in (("suspend", "suspended"), ("resume", "updated")):
        assert outside.start({"action": action, **order})["output"]["outcome"] == outcome
    assert as_granted(outside.role(case.role)) == before
    assert outside.state(case.partner)["config_object"] == place
    assert outside.start({"action": "revoke", **order})["output"]["outcome"] == "revoked"


def test_suspend_and_resume_put_the_exact_grant_back(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    before = outside.role(case.role)
    order = {"partner": case.partner, "reason": "incident"}
    suspend = outside.iam_writes(lambda: outside.start({"action": "suspend", **order}))
    assert outside.state(case.partner)["status"] == "suspended"
    resume = outside.iam_writes(lambda: outside.start({"action": "resume", **order}))
    assert suspend == resume == ["PutRolePolicy"]
    assert as_granted(outside.role(case.role)) == before
    assert outside.state(case.partner)["status"] == "active"


def test_a_suspended_grant_stays_so_until_the_next_upload(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    outside.start({"action": "suspend", "partner": case.partner, "reason": "incident"})
    file = {"bucket": outside.box.outputs["ConfigBucketName"], "key": case.key}
    assert outside.start(file)["status"] == "SUCCEEDED"
    assert outside.state(case.partner)["status"] == "suspended"
    time.sleep(1.1)  # S3 tells seconds only: what comes in the second of the order is before it
    outside.upload(case.key, case.config())
    assert outside.state(case.partner)["status"] == "active"


@pytest.mark.parametrize("form", ["inline", "order"])
def test_a_dry_run_reports_the_plan_and_changes_nothing(
    outside: Outside, case: Case, form: str
) -> None:
    request = {"config": case.config(), "dry_run": True}
    if form == "order":
        outside.upload(case.key, case.config())
        request = {"action": "revoke", "partner": case.partner, "dry_run": True}
    before = outside.role(case.role), outside.history(f"{case.partner}.main")
    planned = outside.start(request)["output"]
    assert planned["outcome"] == "planned"
    expected = ["DeleteRolePolicy", "DeleteRole"] if form == "order" else ["CreateRole", "PutRole"]
    actions = " ".join(change["action"] for change in planned["changes"])
    assert all(action in actions for action in expected)
    told = [line["text"] for line in planned["summary"]]
    adds = f"adds LIST, READ, PUT, DELETE on bucket {case.bucket}, folder in/"
    ends = "ends: the role is deleted, and all access with it"
    assert (ends if form == "order" else adds) in told
    assert planned["widens"] is (form == "inline")
    assert (outside.role(case.role), outside.history(f"{case.partner}.main")) == before


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        ({}, ""),
        ({"action": "destroy", "partner": "nobody"}, "/action"),
        ({"action": "revoke", "partner": "nobody-known"}, "/partner"),
        ({"bucket": "some-other-bucket", "key": "partners/a.json"}, "/bucket"),
        ({"config": {"version": 1}}, "/partner"),
    ],
)
def test_nonsense_is_rejected_with_a_pointer(
    outside: Outside, request_: dict[str, object], pointer: str
) -> None:
    output = outside.start(request_)["output"]
    assert output["outcome"] == "rejected"
    assert pointer in [problem["path"] for problem in output["problems"]]
