"""Which grant a file stands for: kept through everything that can go wrong in between."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.errors import GrantBusy, LeaseLost
from tests.kit.examples import NOW, config_document
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver

CHECK_MAIN = {"action": "check", "partner": "acme", "grant": "main"}
OTHER_FILE = {"bucket": CONFIG_BUCKET, "key": "partners/other.json"}


def _failure_of_plan(stack: StackDriver, request: Any) -> None:
    """A run whose first step failed for good: all that is recorded is the request."""
    state = stack.state(request)
    state["error"] = {"Error": "Throttled", "Cause": '{"errorMessage": "slow down"}'}
    result = stack.invoke("record_outcome", state)
    assert result["outcome"] == "failed"


def test_file_that_names_another_grant_now_ends_the_one_it_named(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(grant="second")
    assert stack.run(FILE).outcome == "created"
    assert [(run["action"], run["grant"]) for run in stack.started()] == [("check", "main")]
    assert stack.run(CHECK_MAIN).outcome == "revoked"
    assert stack.role() is None
    assert stack.role("partner-acme.second") is not None


def test_removed_file_revokes_although_a_run_failed_in_between(stack: StackDriver) -> None:
    stack.granted()
    _failure_of_plan(stack, FILE)
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"
    assert stack.role() is None


def test_removed_file_revokes_although_a_version_that_named_another_grant_was_rejected(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(grant="second", purpose="")
    assert stack.run(FILE).outcome == "rejected"
    assert stack.role() is not None
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"
    assert stack.role() is None


def test_first_grant_ends_although_the_new_name_was_rejected_at_first(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(grant="second", purpose="")
    stack.run(FILE)
    stack.upload(grant="second")
    stack.run(FILE)
    assert CHECK_MAIN.items() <= stack.started()[0].items()


def test_request_with_a_wrong_bucket_leaves_the_file_and_its_result_alone(
    stack: StackDriver,
) -> None:
    stack.granted()
    before = stack.item(f"CONFIG#{KEY}"), stack.result()
    run = stack.run({**FILE, "bucket": "data-bucket"})
    assert (run.outcome, run.paths) == ("rejected", ["/bucket"])
    assert (stack.item(f"CONFIG#{KEY}"), stack.result()) == before


@pytest.mark.parametrize("key", ["partners/notes.txt", "elsewhere/acme.json"])
def test_misplaced_key_is_rejected(stack: StackDriver, key: str) -> None:
    run = stack.run({**FILE, "key": key})
    assert (run.outcome, run.paths) == ("rejected", ["/key"])


def test_second_file_for_a_grant_is_rejected_and_names_the_first(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, "partners/other.json", purpose="Other")
    run = stack.run(OTHER_FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/grant"], [])
    assert KEY in run.result["problems"][0]["message"]
    assert stack.grant()["config_key"] == KEY


def test_removing_the_rejected_second_file_leaves_the_grant_alone(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, "partners/other.json")
    stack.run(OTHER_FILE)
    stack.remove("partners/other.json")
    assert stack.run(OTHER_FILE).iam_writes == []
    assert stack.grant()["status"] == "active"


def test_moved_file_takes_the_grant_over_whatever_the_order_of_events(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, "partners/other.json")
    stack.remove()
    assert stack.run(OTHER_FILE).iam_writes == []
    assert stack.grant()["config_key"] == "partners/other.json"
    assert stack.run(FILE).iam_writes == []
    assert stack.grant()["status"] == "active"


def test_inline_config_cannot_take_a_grant_from_its_file(stack: StackDriver) -> None:
    stack.granted()
    run = stack.run({"config": config_document(purpose="Other")})
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])


def test_dry_run_as_its_file_plans_the_change_of_a_granted_file(stack: StackDriver) -> None:
    stack.granted()
    asked = {"config": config_document(require_mfa=True), "dry_run": True}
    for key in (None, "partners/other.json"):
        assert stack.run({**asked, "as_file": key}).paths == ["/grant"]
    planned = stack.run({**asked, "as_file": KEY})
    assert planned.outcome == "planned"
    actions = [change["action"] for change in planned.result["changes"]]
    assert actions == ["UpdateAssumeRolePolicy", "PutRolePolicy"]  # and sessions end
    assert planned.iam_writes == []
    assert stack.grant()["config_version"] != planned.result["config_version"]


def test_file_cannot_take_a_grant_from_workflow_input(stack: StackDriver) -> None:
    assert stack.run({"config": config_document()}).outcome == "created"
    stack.upload()
    run = stack.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])
    assert "workflow input" in run.result["problems"][0]["message"]


def _renamed(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(grant="second")
    stack.run(FILE)


def test_removed_file_ends_the_grant_that_it_named_last(stack: StackDriver) -> None:
    _renamed(stack)
    stack.run(CHECK_MAIN)
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"
    assert stack.role("partner-acme.second") is None


def test_removed_file_has_all_its_earlier_grants_looked_at(stack: StackDriver) -> None:
    _renamed(stack)
    stack.remove()
    stack.run(FILE, NOW + timedelta(seconds=1))
    assert len(stack.started()) == 2, "one when it was renamed, one when it was removed"
    stack.run(CHECK_MAIN)
    assert (stack.role(), stack.role("partner-acme.second")) == (None, None)


def test_result_file_stays_with_the_grant_that_the_file_names(stack: StackDriver) -> None:
    _renamed(stack)
    stack.run(CHECK_MAIN)
    assert (stack.result()["grant"], stack.result()["outcome"]) == ("second", "created")
    former = stack.result("workflow/acme.main.result.json")
    assert (former["outcome"], former["reason"]) == ("revoked", f"{KEY} now names acme.second")


def test_file_that_is_renamed_while_a_run_is_at_work_leaves_no_grant_behind(
    stack: StackDriver,
) -> None:
    stack.upload()
    slow = stack.state(FILE)
    slow["plan"] = stack.invoke("plan_grant", slow)
    stack.upload(grant="second")
    stack.run(FILE)
    slow["applied"] = stack.invoke("grant_access", slow)
    with pytest.raises(LeaseLost):
        stack.invoke("record_outcome", slow)
    assert (stack.result()["grant"], stack.result()["outcome"]) == ("second", "created")
    stack.run(FILE)
    for request in stack.started():
        stack.run(request)
    assert stack.role() is None
    stack.remove()
    stack.run(FILE)
    for request in stack.started():
        stack.run(request)
    assert stack.role("partner-acme.second") is None


def test_ended_grants_are_not_looked_at_again(stack: StackDriver) -> None:
    _renamed(stack)
    stack.run(CHECK_MAIN)
    started = len(stack.started())
    stack.upload(grant="second", purpose="Other")
    stack.run(FILE)
    assert len(stack.started()) == started


def test_file_that_took_a_grant_over_stands_for_it(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, "partners/other.json")
    stack.remove()
    stack.run(OTHER_FILE)
    stack.upload(None, "partners/other.json", grant="second")
    stack.run(OTHER_FILE)
    assert CHECK_MAIN.items() <= stack.started()[0].items()
    assert stack.run(CHECK_MAIN).outcome == "revoked"


def test_file_that_is_removed_while_its_first_run_is_at_work_waits_for_it(
    stack: StackDriver,
) -> None:
    stack.upload()
    slow = stack.state(FILE)
    slow["plan"] = stack.invoke("plan_grant", slow)
    stack.remove()
    assert isinstance(stack.run(FILE).error, GrantBusy)
    slow["applied"] = stack.invoke("grant_access", slow)
    stack.invoke("record_outcome", slow)
    assert stack.run(FILE).outcome == "revoked"
    assert stack.role() is None


def test_order_that_read_an_older_version_does_not_hide_the_newest_ones_result(
    stack: StackDriver,
) -> None:
    stack.granted()
    slow = stack.state({"action": "suspend", "partner": "acme", "reason": "Audit"})
    slow["plan"] = stack.invoke("plan_grant", slow)
    stack.upload(grant="second", purpose="")
    assert stack.run(FILE).outcome == "rejected"
    slow["applied"] = stack.invoke("grant_access", slow)
    with pytest.raises(LeaseLost):
        stack.invoke("record_outcome", slow)
    assert stack.result()["outcome"] == "rejected"
    assert stack.run({**slow["request"]}).outcome in ("suspended", "revoked")


@pytest.mark.parametrize("action", ["check", "revoke"])
def test_role_of_a_grant_that_is_not_on_record_goes(stack: StackDriver, action: str) -> None:
    """As a run leaves it that lost its lease after its file had begun to name another grant."""
    stack.granted()
    for item in stack.items():
        where = {name: {"S": item[name]} for name in ("pk", "sk")}
        aws("dynamodb").delete_item(TableName=TABLE, Key=where)
    assert stack.run({"action": action, "partner": "acme", "reason": "Gone"}).outcome == "revoked"
    assert stack.role() is None
    again = stack.run({"action": action, "partner": "other", "reason": "Gone"})
    assert again.outcome == {"check": "unchanged", "revoke": "rejected"}[action]
    assert stack.item("GRANT#other.main") is None
