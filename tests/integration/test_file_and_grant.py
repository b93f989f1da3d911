"""Which grant a file stands for: kept through everything that can go wrong in between."""

from typing import Any

import pytest

from tests.examples import config_document
from tests.integration.house import CONFIG_BUCKET, FILE, KEY, House

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


def test_file_cannot_take_a_grant_from_workflow_input(house: House) -> None:
    assert house.run({"config": config_document()}).outcome == "created"
    house.upload()
    run = house.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])
    assert "workflow input" in run.result["problems"][0]["message"]
