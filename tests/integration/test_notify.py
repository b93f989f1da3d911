"""The last step: files for people, an event and a message, of what was recorded."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from jsonschema import Draft202012Validator

from latchkey.errors import PermissionDenied, ServiceUnavailable
from latchkey.runtime import clients
from tests.kit.examples import NOW
from tests.kit.repository import ROOT
from tests.kit.stack.aws import FILE, KEY, RESULTS_BUCKET, aws
from tests.kit.stack.driver import StackDriver

SHEET = "partners/acme.handoff.md"
PAGE = "partners/acme.handoff.html"
PEOPLE = "partners/acme.result.md"
ORDER = {"partner": "acme", "grant": "main"}
EXTERNAL_ID = "acme-7f3b2c91"
_SCHEMA = json.loads((ROOT / "schema/outcome-event.schema.json").read_text())


def test_new_grant_has_its_result_for_people_and_a_sheet_to_hand_out(stack: StackDriver) -> None:
    stack.granted()
    sheet, page = stack.text(SHEET), stack.text(PAGE)
    assert "created" in (stack.text(PEOPLE) or "")
    assert sheet and page
    assert sheet.startswith("# Access for acme: main")
    assert EXTERNAL_ID in sheet
    assert EXTERNAL_ID in page
    kind = aws("s3").head_object(Bucket=RESULTS_BUCKET, Key=PAGE)["ContentType"]
    assert kind == "text/html; charset=utf-8"


def test_outcome_is_one_event_and_one_message(stack: StackDriver) -> None:
    stack.granted()
    (event,), (message,) = stack.events(), stack.notices()
    assert (event["source"], event["detail-type"]) == ("latchkey", "AccessGranted")
    assert event["resources"] == [event["detail"]["role_arn"]]
    assert event["detail"]["owner"] == "data-platform"
    assert event["detail"]["result_key"] == "partners/acme.result.json"
    assert message["Subject"] == "Latchkey: acme.main: access granted"
    attributes = {name: given["Value"] for name, given in message["MessageAttributes"].items()}
    assert attributes == {
        "outcome": "created",
        "partner": "acme",
        "grant": "main",
        "owner": "data-platform",
    }


def _event_types(stack: StackDriver) -> list[str]:
    return [event["detail-type"] for event in stack.events()]


def test_history_and_event_bus_get_the_same_events(stack: StackDriver) -> None:
    stack.granted()
    stack.run({**ORDER, "action": "suspend", "reason": "incident"})
    stack.run({**ORDER, "action": "resume"})
    stack.upload(principals=["*"])
    stack.run(FILE)
    stack.remove()
    stack.run(FILE)
    published = _event_types(stack)
    assert published == stack.history()
    assert published == [
        "AccessGranted",
        "AccessSuspended",
        "AccessUpdated",
        "ConfigRejected",
        "AccessRevoked",
    ]


def test_every_event_is_as_its_schema_says_and_holds_no_external_id(stack: StackDriver) -> None:
    stack.granted()
    stack.run({**ORDER, "action": "suspend", "reason": f"they wrote {EXTERNAL_ID}"})
    stack.upload(external_id=EXTERNAL_ID, principals=["*"])
    stack.run(FILE)
    stack.upload(b"{")
    stack.run(FILE)
    events = stack.events()
    assert len(events) == 4
    for event in events:
        Draft202012Validator(_SCHEMA).validate(event["detail"])
    assert EXTERNAL_ID not in json.dumps(events)
    assert EXTERNAL_ID not in json.dumps(stack.notices())


def test_failed_run_is_notified_with_its_cause(stack: StackDriver) -> None:
    aws("iam").create_role(RoleName="partner-acme.main", AssumeRolePolicyDocument="{}")
    stack.upload()
    stack.run(FILE)
    (event,) = stack.events()
    assert event["detail-type"] == "GrantFailed"
    assert event["detail"]["reason"].startswith("RoleNotOwned")
    assert "docs/runbook.md#failed-runs" in stack.notices()[0]["Message"]
    assert stack.text(SHEET) is None


def test_rejection_of_a_live_grant_notifies_its_owner(stack: StackDriver) -> None:
    stack.granted()
    before = stack.text(SHEET)
    stack.upload(principals=["*"], owner="somebody-else")
    stack.run(FILE)
    _, event = stack.events()
    assert event["detail"]["owner"] == "data-platform"
    assert stack.text(SHEET) == before
    assert "rejected" in (stack.text(PEOPLE) or "")


def test_dry_run_writes_the_result_for_people_and_notifies_nobody(stack: StackDriver) -> None:
    stack.upload()
    stack.run({**FILE, "dry_run": True})
    assert "planned" in (stack.text(PEOPLE) or "")
    assert stack.text(SHEET) is None
    assert (stack.events(), stack.notices()) == ([], [])


def test_unchanged_grant_notifies_nobody_and_gets_a_lost_sheet_back(stack: StackDriver) -> None:
    stack.granted()
    aws("s3").delete_object(Bucket=RESULTS_BUCKET, Key=SHEET)
    stack.events(), stack.notices()
    stack.upload()
    assert stack.run(FILE).outcome == "unchanged"
    assert "# Access for acme" in (stack.text(SHEET) or "")
    assert (stack.events(), stack.notices()) == ([], [])


@pytest.mark.parametrize(
    ("action", "first"), [("suspend", "> **This access is suspended"), ("revoke", "> **This acc")]
)
def test_sheet_says_first_when_access_does_not_work(
    stack: StackDriver, action: str, first: str
) -> None:
    stack.granted()
    stack.run({**ORDER, "action": action, "reason": "incident at another partner"})
    sheet = stack.text(SHEET) or ""
    assert sheet.split("\n\n")[1].startswith(first)
    assert "incident" not in sheet
    assert "incident" in stack.events()[-1]["detail"]["reason"]


def test_renewal_is_on_the_sheet(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2031-02-03T04:05:06Z")
    stack.run(FILE)
    assert "2031-02-03T04:05:06Z" in (stack.text(SHEET) or "")


def test_grant_that_never_was_has_no_sheet_when_it_ends(stack: StackDriver) -> None:
    stack.upload(status="revoked")
    stack.run(FILE)
    assert stack.text(SHEET) is None


def test_end_of_a_grant_leaves_the_sheet_of_its_files_new_grant(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(grant="other")
    stack.run(FILE)
    stack.run({**ORDER, "action": "check", "reason": "its file names another"})
    assert stack.grant()["status"] == "revoked"
    assert (stack.text(SHEET) or "").startswith("# Access for acme: other\n\ndata-platform")


def test_late_run_does_not_hide_the_notices_of_a_newer_one(stack: StackDriver) -> None:
    """Its lease is free when it notifies, so another run may have recorded and notified since."""
    stack.upload()
    late: dict[str, Any] = {}

    def overtaken(step: str, state: dict[str, Any]) -> None:
        if step == "notify_outcome" and not late:
            late.update(json.loads(json.dumps(state)))

    stack.run(FILE, before=overtaken)
    stack.run({**ORDER, "action": "suspend"}, NOW + timedelta(seconds=1))
    stack.invoke("notify_outcome", late)
    assert "This access is suspended" in (stack.text(SHEET) or "")
    assert "This access is suspended" in (stack.text(PAGE) or "")
    assert "suspended" in (stack.text(PEOPLE) or "")


def test_calls_are_few_and_one_more_round_compares(stack: StackDriver) -> None:
    stack.upload()
    made = stack.run(FILE).notify_calls
    assert sorted(made) == [
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "events:PutEvents",
        "s3:GetObject",
        "s3:PutObject",
        "s3:PutObject",
        "s3:PutObject",
        "sns:Publish",
    ]
    assert made[-1] == "s3:GetObject"


def test_other_channels_are_notified_when_one_fails_and_the_error_says_which(
    stack: StackDriver,
) -> None:
    late: dict[str, Any] = {}
    stack.upload()
    stack.run(FILE, before=lambda _, state: late.update(json.loads(json.dumps(state))))
    stack.events()
    aws("s3").delete_object(Bucket=RESULTS_BUCKET, Key=SHEET)
    refuse = {"Error": {"Code": "AuthorizationError", "Message": "no"}, "ResponseMetadata": {}}

    def refused(**_: Any) -> None:
        raise ClientError(refuse, "Publish")  # type: ignore[arg-type]

    events = clients.client("sns").meta.events
    events.register("before-call.sns.Publish", refused, unique_id="refused")
    try:
        with pytest.raises(PermissionDenied, match="publish to arn:aws:sns"):
            stack.invoke("notify_outcome", late)
    finally:
        events.unregister("before-call.sns.Publish", unique_id="refused")
    assert _event_types(stack) == ["AccessGranted"]
    assert stack.text(SHEET)


def test_events_that_the_bus_does_not_take_are_tried_again(stack: StackDriver) -> None:
    entry = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}
    answer = {"FailedEntryCount": 1, "Entries": [entry]}
    late: dict[str, Any] = {}
    stack.upload()
    stack.run(FILE, before=lambda _, state: late.update(json.loads(json.dumps(state))))
    events = clients.client("events").meta.events

    def not_taken(parsed: dict[str, Any], **_: Any) -> None:
        parsed.update(answer)

    events.register("after-call.events.PutEvents", not_taken, unique_id="not-taken")
    try:
        with pytest.raises(ServiceUnavailable, match="ThrottlingException"):
            stack.invoke("notify_outcome", late)
    finally:
        events.unregister("after-call.events.PutEvents", unique_id="not-taken")


def test_results_of_inline_configs_have_their_sheet_beside_them(stack: StackDriver) -> None:
    stack.upload()
    body = aws("s3").get_object(Bucket="config-bucket", Key=KEY)["Body"].read()
    stack.remove()
    stack.run({"config": json.loads(body)})
    assert stack.text("workflow/acme.main.handoff.md")
