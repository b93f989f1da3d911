"""A config in the input is an object that planning writes; the table only refers to it."""

import hashlib
import json
from typing import Any

import pytest

from tests.integration.inline_grants import (
    CHECK,
    GRANT,
    KEY,
    LATER,
    inline,
    set_by_hand,
    versions,
    widen_by_hand,
)
from tests.kit.examples import config_document, s3_entry
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, aws
from tests.kit.stack.driver import StackDriver


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    """A live grant by workflow input."""
    assert stack.run(inline()).outcome == "created"
    return stack


# ------------------------------------------------------------------ what is written, and where


def test_state_refers_to_the_config_and_does_not_hold_it(granted: StackDriver) -> None:
    state = granted.grant()
    assert state["config"] is None
    place = state["config_object"]
    found = aws("s3").get_object(Bucket=CONFIG_BUCKET, Key=place["key"], VersionId=place["version"])
    body = found["Body"].read()
    assert (place["key"], json.loads(body)) == (KEY, config_document())
    assert place["digest"] == hashlib.sha256(body).hexdigest()
    assert (state["owner"], state["purpose"]) == (
        config_document()["owner"],
        config_document()["purpose"],
    )
    assert (state["config_bucket"], state["config_key"]) == (None, None)


def test_no_item_but_the_plan_holds_the_config(granted: StackDriver) -> None:
    purpose = config_document()["access"][0]["bucket"]
    mine = [i for i in granted.items() if i["pk"].startswith(("GRANT#", "LEASE#", "CONFIG#"))]
    states = [item for item in mine if item["sk"] in ("STATE", "LEASE")]
    assert states
    assert purpose not in json.dumps([item.get("config") for item in states])


def test_state_of_a_file_refers_to_its_version(stack: StackDriver) -> None:
    version = stack.upload()
    assert stack.run(FILE).outcome == "created"
    place = stack.grant()["config_object"]
    body = json.dumps(config_document()).encode()
    assert place == {
        "key": FILE["key"],
        "version": version,
        "digest": hashlib.sha256(body).hexdigest(),
    }


@pytest.mark.parametrize(
    "request_",
    [
        {"config": config_document(), "dry_run": True},
        {"config": config_document(purpose="")},
        {"config": {}},
    ],
)
def test_what_is_not_granted_is_not_written(stack: StackDriver, request_: Any) -> None:
    stack.run(request_)
    assert versions() == []


def test_one_object_is_written_for_one_config(granted: StackDriver) -> None:
    assert len(versions()) == 1
    for request in (CHECK, {**GRANT, "action": "suspend"}, {**GRANT, "action": "resume"}):
        granted.run(request)
    assert len(versions()) == 1
    assert granted.run(inline(purpose="Other")).outcome == "updated"
    assert granted.grant()["config_object"]["version"] == versions()[0]


def test_bucket_without_versions_grants_nothing(stack: StackDriver) -> None:
    suspended: Any = {"Status": "Suspended"}
    aws("s3").put_bucket_versioning(Bucket=CONFIG_BUCKET, VersioningConfiguration=suspended)
    run = stack.run(inline())
    assert (run.outcome, run.iam_writes) == ("failed", [])
    assert "keeps no versions" in run.result["reason"]
    assert stack.role() is None


# ------------------------------------------------------------------ what the grant is held to


def test_drift_is_repaired_by_the_object(granted: StackDriver) -> None:
    before = granted.permissions()
    widen_by_hand()
    run = granted.run(CHECK, LATER)
    assert run.iam_writes == ["DeleteRolePolicy"]
    assert granted.permissions() == before


def test_suspend_and_resume_bring_back_what_the_object_says(granted: StackDriver) -> None:
    assert granted.run({**GRANT, "action": "suspend"}).outcome == "suspended"
    assert granted.run({**GRANT, "action": "resume"}, LATER).outcome == "updated"
    state = granted.grant()
    assert (state["status"], state["config"]) == ("active", None)
    assert "data-bucket" in json.dumps(granted.permissions())


def test_same_config_again_changes_nothing_of_the_role(granted: StackDriver) -> None:
    run = granted.run(inline(), LATER)
    assert (run.outcome, run.iam_writes) == ("unchanged", [])


def test_tag_of_the_config_before_goes_with_it(stack: StackDriver) -> None:
    stack.run(inline(tags={"team": "one"}))
    run = stack.run(inline(), LATER)
    assert "UntagRole" in run.iam_writes


def test_generated_external_id_stays_with_the_next_config(stack: StackDriver) -> None:
    asked = {"external_id": None, "generate_external_id": True}
    config = {n: v for n, v in config_document(**asked).items() if v is not None}
    stack.run({"config": config})
    first = stack.grant()["external_id"]
    stack.run({"config": {**config, "purpose": "Other"}}, LATER)
    assert first and stack.grant()["external_id"] == first


# ------------------------------------------------------------------ what people see of it


def test_register_shows_what_the_object_says(granted: StackDriver) -> None:
    granted.rewritten = True
    set_by_hand(
        "GRANT#acme.main",
        config=json.dumps(config_document(access=[s3_entry(bucket="other-bucket")])),
    )
    granted.invoke("publish_register", {})
    text = granted.text("register.json")
    assert text and "data-bucket" in text
    assert "other-bucket" not in text


def test_sheet_of_an_inline_grant_says_that_it_ended(granted: StackDriver) -> None:
    sheet = granted.text("workflow/acme.main.handoff.md")
    assert sheet and "data-bucket" in sheet
    granted.run({**GRANT, "action": "revoke"}, LATER)
    after = granted.text("workflow/acme.main.handoff.md")
    assert after and after != sheet


def test_notice_of_an_inline_grant_that_is_suspended_reaches_its_owner(
    granted: StackDriver,
) -> None:
    granted.events()
    granted.run({**GRANT, "action": "suspend"}, LATER)
    (event,) = granted.events()
    assert event["detail"]["owner"] == config_document()["owner"]
