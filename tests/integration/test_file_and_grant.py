"""Which grant a file stands for: kept through everything that can go wrong in between."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.errors import GrantBusy, LeaseLost
from tests.kit.examples import NOW, config_document
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, TABLE, aws
from tests.kit.stack.driver import House

CHECK_MAIN = {"action": "check", "partner": "acme", "grant": "main"}
OTHER_FILE = {"bucket": CONFIG_BUCKET, "key": "partners/other.json"}


def _failure_of_plan(house: House, request: Any) -> None:
    """A run whose first step failed for good: all that is recorded is the request."""
    state = house.state(request)
    state["error"] = {"Error": "Throttled", "Cause": '{"errorMessage": "slow down"}'}
    result = house.invoke("record_outcome", state)
    assert result["outcome"] == "failed"


def test_file_that_names_another_grant_now_ends_the_one_it_named(house: House) -> None:
    house.granted()
    house.upload(grant="second")
    assert house.run(FILE).outcome == "created"
    assert [(run["action"], run["grant"]) for run in house.started()] == [("check", "main")]
    assert house.run(CHECK_MAIN).outcome == "revoked"
    assert house.role() is None
    assert house.role("partner-acme.second") is not None


def test_removed_file_revokes_although_a_run_failed_in_between(house: House) -> None:
    house.granted()
    _failure_of_plan(house, FILE)
    house.remove()
    assert house.run(FILE).outcome == "revoked"
    assert house.role() is None


def test_removed_file_revokes_although_a_version_that_named_another_grant_was_rejected(
    house: House,
) -> None:
    house.granted()
    house.upload(grant="second", purpose="")
    assert house.run(FILE).outcome == "rejected"
    assert house.role() is not None
    house.remove()
    assert house.run(FILE).outcome == "revoked"
    assert house.role() is None


def test_first_grant_ends_although_the_new_name_was_rejected_at_first(house: House) -> None:
    house.granted()
    house.upload(grant="second", purpose="")
    house.run(FILE)
    house.upload(grant="second")
    house.run(FILE)
    assert CHECK_MAIN.items() <= house.started()[0].items()


def test_request_with_a_wrong_bucket_leaves_the_file_and_its_result_alone(house: House) -> None:
    house.granted()
    before = house.item(f"CONFIG#{KEY}"), house.result()
    run = house.run({**FILE, "bucket": "data-bucket"})
    assert (run.outcome, run.paths) == ("rejected", ["/bucket"])
    assert (house.item(f"CONFIG#{KEY}"), house.result()) == before


@pytest.mark.parametrize("key", ["partners/notes.txt", "elsewhere/acme.json"])
def test_misplaced_key_is_rejected(house: House, key: str) -> None:
    run = house.run({**FILE, "key": key})
    assert (run.outcome, run.paths) == ("rejected", ["/key"])


def test_second_file_for_a_grant_is_rejected_and_told_of_the_first(house: House) -> None:
    house.granted()
    house.upload(None, "partners/other.json", purpose="Other")
    run = house.run(OTHER_FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/grant"], [])
    assert KEY in run.result["problems"][0]["message"]
    assert house.grant()["config_key"] == KEY


def test_removing_the_rejected_second_file_leaves_the_grant_alone(house: House) -> None:
    house.granted()
    house.upload(None, "partners/other.json")
    house.run(OTHER_FILE)
    house.remove("partners/other.json")
    assert house.run(OTHER_FILE).iam_writes == []
    assert house.grant()["status"] == "active"


def test_moved_file_takes_the_grant_over_whatever_the_order_of_events(house: House) -> None:
    house.granted()
    house.upload(None, "partners/other.json")
    house.remove()
    assert house.run(OTHER_FILE).iam_writes == []
    assert house.grant()["config_key"] == "partners/other.json"
    assert house.run(FILE).iam_writes == []
    assert house.grant()["status"] == "active"


def test_inline_config_cannot_take_a_grant_from_its_file(house: House) -> None:
    house.granted()
    run = house.run({"config": config_document(purpose="Other")})
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])


def test_dry_run_as_its_file_plans_the_change_of_a_granted_file(house: House) -> None:
    house.granted()
    asked = {"config": config_document(require_mfa=True), "dry_run": True}
    for key in (None, "partners/other.json"):
        assert house.run({**asked, "as_file": key}).paths == ["/grant"]
    planned = house.run({**asked, "as_file": KEY})
    assert planned.outcome == "planned"
    assert [change["action"] for change in planned.result["changes"]] == ["UpdateAssumeRolePolicy"]
    assert planned.iam_writes == []
    assert house.grant()["config_version"] != planned.result["config_version"]


def test_file_cannot_take_a_grant_from_workflow_input(house: House) -> None:
    assert house.run({"config": config_document()}).outcome == "created"
    house.upload()
    run = house.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])
    assert "workflow input" in run.result["problems"][0]["message"]


def _renamed(house: House) -> None:
    house.granted()
    house.upload(grant="second")
    house.run(FILE)


def test_removed_file_ends_the_grant_that_it_named_last(house: House) -> None:
    _renamed(house)
    house.run(CHECK_MAIN)
    house.remove()
    assert house.run(FILE).outcome == "revoked"
    assert house.role("partner-acme.second") is None


def test_removed_file_has_all_its_earlier_grants_looked_at(house: House) -> None:
    _renamed(house)
    house.remove()
    house.run(FILE, NOW + timedelta(seconds=1))
    assert len(house.started()) == 2, "one when it was renamed, one when it was removed"
    house.run(CHECK_MAIN)
    assert (house.role(), house.role("partner-acme.second")) == (None, None)


def test_result_file_stays_with_the_grant_that_the_file_names(house: House) -> None:
    _renamed(house)
    house.run(CHECK_MAIN)
    assert (house.result()["grant"], house.result()["outcome"]) == ("second", "created")
    former = house.result("workflow/acme.main.result.json")
    assert (former["outcome"], former["reason"]) == ("revoked", f"{KEY} now names acme.second")


def test_file_that_is_renamed_while_a_run_is_at_work_leaves_no_grant_behind(house: House) -> None:
    house.upload()
    slow = house.state(FILE)
    slow["plan"] = house.invoke("plan_grant", slow)
    house.upload(grant="second")
    house.run(FILE)
    slow["applied"] = house.invoke("grant_access", slow)
    with pytest.raises(LeaseLost):
        house.invoke("record_outcome", slow)
    assert (house.result()["grant"], house.result()["outcome"]) == ("second", "created")
    house.run(FILE)
    for request in house.started():
        house.run(request)
    assert house.role() is None
    house.remove()
    house.run(FILE)
    for request in house.started():
        house.run(request)
    assert house.role("partner-acme.second") is None


def test_ended_grants_are_not_looked_at_again(house: House) -> None:
    _renamed(house)
    house.run(CHECK_MAIN)
    started = len(house.started())
    house.upload(grant="second", purpose="Other")
    house.run(FILE)
    assert len(house.started()) == started


def test_file_that_took_a_grant_over_stands_for_it(house: House) -> None:
    house.granted()
    house.upload(None, "partners/other.json")
    house.remove()
    house.run(OTHER_FILE)
    house.upload(None, "partners/other.json", grant="second")
    house.run(OTHER_FILE)
    assert CHECK_MAIN.items() <= house.started()[0].items()
    assert house.run(CHECK_MAIN).outcome == "revoked"


def test_file_that_is_removed_while_its_first_run_is_at_work_waits_for_it(house: House) -> None:
    house.upload()
    slow = house.state(FILE)
    slow["plan"] = house.invoke("plan_grant", slow)
    house.remove()
    assert isinstance(house.run(FILE).error, GrantBusy)
    slow["applied"] = house.invoke("grant_access", slow)
    house.invoke("record_outcome", slow)
    assert house.run(FILE).outcome == "revoked"
    assert house.role() is None


def test_order_that_read_an_older_version_does_not_hide_the_newest_ones_result(
    house: House,
) -> None:
    house.granted()
    slow = house.state({"action": "suspend", "partner": "acme", "reason": "Audit"})
    slow["plan"] = house.invoke("plan_grant", slow)
    house.upload(grant="second", purpose="")
    assert house.run(FILE).outcome == "rejected"
    slow["applied"] = house.invoke("grant_access", slow)
    with pytest.raises(LeaseLost):
        house.invoke("record_outcome", slow)
    assert house.result()["outcome"] == "rejected"
    assert house.run({**slow["request"]}).outcome in ("suspended", "revoked")


@pytest.mark.parametrize("action", ["check", "revoke"])
def test_role_of_a_grant_that_is_not_on_record_goes(house: House, action: str) -> None:
    """As a run leaves it that lost its lease after its file had begun to name another grant."""
    house.granted()
    for item in house.items():
        where = {name: {"S": item[name]} for name in ("pk", "sk")}
        aws("dynamodb").delete_item(TableName=TABLE, Key=where)
    assert house.run({"action": action, "partner": "acme", "reason": "Gone"}).outcome == "revoked"
    assert house.role() is None
    again = house.run({"action": action, "partner": "other", "reason": "Gone"})
    assert again.outcome == "rejected"
    assert house.item("GRANT#other.main") is None
