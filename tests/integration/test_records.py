"""What is written down: the state, the history, the result file (docs/contract.md)."""

import pytest

from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver

STATE_FIELDS = {
    "partner",
    "grant",
    "status",
    "role_arn",
    "external_id",
    "starts_at",
    "expires_at",
    "config_bucket",
    "config_key",
    "config_version",
    "updated_at",
    "reason",
}
RESULT_FIELDS = {"outcome", "problems", "changes", "role_arn", "expires_at", "config_version"}
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main"


def test_state_has_every_field_of_the_contract(stack: StackDriver) -> None:
    version = stack.upload(starts_at="2026-01-01T00:00:00+02:00")
    stack.run(FILE)
    state = stack.grant()
    expected = {
        "partner": "acme",
        "grant": "main",
        "status": "active",
        "role_arn": ROLE_ARN,
        "external_id": "acme-7f3b2c91",
        "starts_at": "2025-12-31T22:00:00Z",
        "expires_at": "2030-01-01T00:00:00Z",
        "config_bucket": CONFIG_BUCKET,
        "config_key": KEY,
        "config_version": version,
        "updated_at": "2026-01-15T12:00:00Z",
    }
    assert expected.items() <= state.items()
    assert state["reason"]


def test_state_has_every_field_also_where_there_is_no_value(stack: StackDriver) -> None:
    stack.granted()
    assert stack.grant().keys() >= STATE_FIELDS
    assert stack.grant()["starts_at"] is None


@pytest.mark.parametrize("body", [b'{"partner": "acme"}'])
def test_rejected_first_version_has_a_state_that_says_so(stack: StackDriver, body: bytes) -> None:
    stack.upload(body)
    stack.run(FILE)
    assert stack.grant()["status"] == "rejected"
    assert stack.grant().keys() >= STATE_FIELDS - {"expires_at"}


def test_result_file_has_every_field_of_the_contract(stack: StackDriver) -> None:
    version = stack.upload()
    run = stack.run(FILE)
    result = stack.result()
    assert result == run.result
    assert result.keys() >= RESULT_FIELDS
    assert result["outcome"] == "created"
    assert result["role_arn"] == ROLE_ARN
    assert result["expires_at"] == "2030-01-01T00:00:00Z"
    assert result["config_version"] == version
    assert result["problems"] == []
    actions = [change["action"] for change in result["changes"]]
    assert actions == ["PutSchedule", "CreateRole", "PutRolePolicy"]
    assert result["verified"]["role"] == "as planned"


def test_result_of_an_unchanged_version_still_names_the_role(stack: StackDriver) -> None:
    stack.granted()
    version = stack.upload()
    stack.run(FILE)
    result = stack.result()
    assert (result["outcome"], result["changes"]) == ("unchanged", [])
    assert (result["role_arn"], result["config_version"]) == (ROLE_ARN, version)


def test_history_is_append_only_and_in_time_order(stack: StackDriver) -> None:
    steps = [{"purpose": "Other"}, {"status": "suspended"}, {}, {"status": "revoked"}]
    stack.granted()
    for change in steps:
        before = {item["sk"]: item for item in stack.items() if item["sk"].startswith("EVENT#")}
        stack.upload(**change)
        stack.run(FILE)
        after = {item["sk"]: item for item in stack.items() if item["sk"].startswith("EVENT#")}
        assert before.items() <= after.items()
        assert len(after) == len(before) + 1
    assert stack.history() == [
        "AccessGranted",
        "AccessUpdated",
        "AccessSuspended",
        "AccessUpdated",
        "AccessRevoked",
    ]


def test_event_says_what_was_done_by_which_run(stack: StackDriver) -> None:
    stack.granted()
    event = next(item for item in stack.items() if "event" in item)
    assert event["sk"].startswith("EVENT#2026-01-15T12:00:00.000000Z#")
    assert event["execution"].endswith(":run-1")
    assert [change["action"] for change in event["changes"]][1:] == ["CreateRole", "PutRolePolicy"]


def test_existing_event_is_never_overwritten(stack: StackDriver) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["applied"] = stack.invoke("grant_access", state)
    sort = f"EVENT#{stack.whole_plan(state)['planned_at']}#{state['execution']['name']}"
    key = {"pk": {"S": "GRANT#acme.main"}, "sk": {"S": sort}}
    aws("dynamodb").put_item(TableName=TABLE, Item={**key, "event": {"S": "Before"}})
    stack.invoke("record_outcome", state, NOW)
    assert stack.history() == ["Before"]


def test_broken_config_is_recorded_under_its_file(stack: StackDriver) -> None:
    stack.upload(b"{")
    stack.run(FILE)
    file = stack.item(f"CONFIG#{KEY}")
    assert file is not None
    assert file["outcome"] == "rejected"
    events = [item["pk"] for item in stack.items() if "event" in item]
    assert events == [f"CONFIG#{KEY}"]


def test_file_item_follows_the_newest_version(stack: StackDriver) -> None:
    stack.granted()
    version = stack.upload(b"{")
    stack.run(FILE)
    file = stack.item(f"CONFIG#{KEY}")
    assert file is not None
    assert (file["config_version"], file["outcome"]) == (version, "rejected")
    assert (file["partner"], file["grant"]) == ("acme", "main")
    stack.upload()
    stack.run(FILE)
    file = stack.item(f"CONFIG#{KEY}")
    assert file is not None
    assert (file["outcome"], file["problems"]) == ("unchanged", [])
