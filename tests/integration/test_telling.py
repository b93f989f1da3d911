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
from tests.kit.stack.driver import House

SHEET = "partners/acme.handoff.md"
PAGE = "partners/acme.handoff.html"
PEOPLE = "partners/acme.result.md"
ORDER = {"partner": "acme", "grant": "main"}
EXTERNAL_ID = "acme-7f3b2c91"
_SCHEMA = json.loads((ROOT / "schema/outcome-event.schema.json").read_text())


def test_new_grant_has_its_result_for_people_and_a_sheet_to_hand_out(house: House) -> None:
    house.granted()
    sheet, page = house.text(SHEET), house.text(PAGE)
    assert "created" in (house.text(PEOPLE) or "")
    assert sheet
    assert page
    assert sheet.startswith("# Access for acme: main")
    assert EXTERNAL_ID in sheet
    assert EXTERNAL_ID in page
    kind = aws("s3").head_object(Bucket=RESULTS_BUCKET, Key=PAGE)["ContentType"]
    assert kind == "text/html; charset=utf-8"


def test_outcome_is_one_event_and_one_message(house: House) -> None:
    house.granted()
    (event,), (message,) = house.events(), house.notices()
    assert (event["source"], event["detail-type"]) == ("latchkey", "AccessGranted")
    assert event["resources"] == [event["detail"]["role_arn"]]
    assert event["detail"]["owner"] == "data-platform"
    assert event["detail"]["result_key"] == "partners/acme.result.json"
    assert message["Subject"] == "Latchkey: acme.main: access granted"
    told = {name: given["Value"] for name, given in message["MessageAttributes"].items()}
    assert told == {
        "outcome": "created",
        "partner": "acme",
        "grant": "main",
        "owner": "data-platform",
    }


def _facts(house: House) -> list[str]:
    return [event["detail-type"] for event in house.events()]


def test_what_history_is_told_is_what_the_bus_is_told(house: House) -> None:
    house.granted()
    house.run({**ORDER, "action": "suspend", "reason": "incident"})
    house.run({**ORDER, "action": "resume"})
    house.upload(principals=["*"])
    house.run(FILE)
    house.remove()
    house.run(FILE)
    told = _facts(house)
    assert told == house.history()
    assert told == [
        "AccessGranted",
        "AccessSuspended",
        "AccessUpdated",
        "ConfigRejected",
        "AccessRevoked",
    ]


def test_every_event_is_as_its_schema_says_and_holds_no_external_id(house: House) -> None:
    house.granted()
    house.run({**ORDER, "action": "suspend", "reason": f"they wrote {EXTERNAL_ID}"})
    house.upload(external_id=EXTERNAL_ID, principals=["*"])
    house.run(FILE)
    house.upload(b"{")
    house.run(FILE)
    events = house.events()
    assert len(events) == 4
    for event in events:
        Draft202012Validator(_SCHEMA).validate(event["detail"])
    assert EXTERNAL_ID not in json.dumps(events)
    assert EXTERNAL_ID not in json.dumps(house.notices())


def test_failed_run_is_told_with_its_cause(house: House) -> None:
    aws("iam").create_role(RoleName="partner-acme.main", AssumeRolePolicyDocument="{}")
    house.upload()
    house.run(FILE)
    (event,) = house.events()
    assert event["detail-type"] == "GrantFailed"
    assert event["detail"]["reason"].startswith("RoleNotOwned")
    assert "docs/runbook.md#failed-runs" in house.notices()[0]["Message"]
    assert house.text(SHEET) is None


def test_rejection_of_a_live_grant_is_told_to_its_owner_and_leaves_the_sheet(house: House) -> None:
    house.granted()
    before = house.text(SHEET)
    house.upload(principals=["*"], owner="somebody-else")
    house.run(FILE)
    _, event = house.events()
    assert event["detail"]["owner"] == "data-platform"
    assert house.text(SHEET) == before
    assert "rejected" in (house.text(PEOPLE) or "")


def test_dry_run_writes_the_result_for_people_and_tells_nobody(house: House) -> None:
    house.upload()
    house.run({**FILE, "dry_run": True})
    assert "planned" in (house.text(PEOPLE) or "")
    assert house.text(SHEET) is None
    assert (house.events(), house.notices()) == ([], [])


def test_unchanged_grant_tells_nobody_and_gets_a_lost_sheet_back(house: House) -> None:
    house.granted()
    aws("s3").delete_object(Bucket=RESULTS_BUCKET, Key=SHEET)
    house.events(), house.notices()
    house.upload()
    assert house.run(FILE).outcome == "unchanged"
    assert "# Access for acme" in (house.text(SHEET) or "")
    assert (house.events(), house.notices()) == ([], [])


@pytest.mark.parametrize(
    ("action", "first"), [("suspend", "> **This access is suspended"), ("revoke", "> **This acc")]
)
def test_sheet_says_first_when_access_does_not_work(house: House, action: str, first: str) -> None:
    house.granted()
    house.run({**ORDER, "action": action, "reason": "incident at another partner"})
    sheet = house.text(SHEET) or ""
    assert sheet.split("\n\n")[1].startswith(first)
    assert "incident" not in sheet
    assert "incident" in house.events()[-1]["detail"]["reason"]


def test_renewal_is_on_the_sheet(house: House) -> None:
    house.granted()
    house.upload(expires_at="2031-02-03T04:05:06Z")
    house.run(FILE)
    assert "2031-02-03T04:05:06Z" in (house.text(SHEET) or "")


def test_grant_that_never_was_has_no_sheet_when_it_ends(house: House) -> None:
    house.upload(status="revoked")
    house.run(FILE)
    assert house.text(SHEET) is None


def test_end_of_a_grant_leaves_the_sheet_of_the_one_that_its_file_names_now(house: House) -> None:
    house.granted()
    house.upload(grant="other")
    house.run(FILE)
    house.run({**ORDER, "action": "check", "reason": "its file names another"})
    assert house.grant()["status"] == "revoked"
    assert (house.text(SHEET) or "").startswith("# Access for acme: other\n\n| ")


def test_late_run_does_not_hide_what_a_newer_one_has_told(house: House) -> None:
    """Its lease is free when it tells, so another run may have recorded and told since."""
    house.upload()
    late: dict[str, Any] = {}

    def overtaken(step: str, state: dict[str, Any]) -> None:
        if step == "notify_outcome" and not late:
            late.update(json.loads(json.dumps(state)))

    house.run(FILE, before=overtaken)
    house.run({**ORDER, "action": "suspend"}, NOW + timedelta(seconds=1))
    house.invoke("notify_outcome", late)
    assert "This access is suspended" in (house.text(SHEET) or "")
    assert "This access is suspended" in (house.text(PAGE) or "")
    assert "suspended" in (house.text(PEOPLE) or "")


def test_calls_are_few_and_one_more_round_compares(house: House) -> None:
    house.upload()
    made = house.run(FILE).told
    assert sorted(made) == [
        "events:PutEvents",
        "s3:GetObject",
        "s3:PutObject",
        "s3:PutObject",
        "s3:PutObject",
        "sns:Publish",
    ]
    assert made[-1] == "s3:GetObject"


def test_everything_else_is_told_when_one_way_fails_and_the_error_says_which(
    house: House,
) -> None:
    late: dict[str, Any] = {}
    house.upload()
    house.run(FILE, before=lambda _, state: late.update(json.loads(json.dumps(state))))
    house.events()
    aws("s3").delete_object(Bucket=RESULTS_BUCKET, Key=SHEET)
    refuse = {"Error": {"Code": "AuthorizationError", "Message": "no"}, "ResponseMetadata": {}}

    def refused(**_: Any) -> None:
        raise ClientError(refuse, "Publish")  # type: ignore[arg-type]

    events = clients.client("sns").meta.events
    events.register("before-call.sns.Publish", refused, unique_id="refused")
    try:
        with pytest.raises(PermissionDenied, match="publish to arn:aws:sns"):
            house.invoke("notify_outcome", late)
    finally:
        events.unregister("before-call.sns.Publish", unique_id="refused")
    assert _facts(house) == ["AccessGranted"]
    assert house.text(SHEET)


def test_events_that_the_bus_does_not_take_are_tried_again(house: House) -> None:
    entry = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}
    answer = {"FailedEntryCount": 1, "Entries": [entry]}
    late: dict[str, Any] = {}
    house.upload()
    house.run(FILE, before=lambda _, state: late.update(json.loads(json.dumps(state))))
    events = clients.client("events").meta.events

    def not_taken(parsed: dict[str, Any], **_: Any) -> None:
        parsed.update(answer)

    events.register("after-call.events.PutEvents", not_taken, unique_id="not-taken")
    try:
        with pytest.raises(ServiceUnavailable, match="ThrottlingException"):
            house.invoke("notify_outcome", late)
    finally:
        events.unregister("after-call.events.PutEvents", unique_id="not-taken")


def test_results_of_inline_configs_have_their_sheet_beside_them(house: House) -> None:
    house.upload()
    body = aws("s3").get_object(Bucket="config-bucket", Key=KEY)["Body"].read()
    house.remove()
    house.run({"config": json.loads(body)})
    assert house.text("workflow/acme.main.handoff.md")
