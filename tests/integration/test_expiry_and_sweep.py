"""Access ends by time: by its own check, by the sweep, and in no case too early."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import House

CHECK = {"action": "check", "partner": "acme", "grant": "main", "reason": "expiry schedule"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


def test_check_at_expiry_ends_the_grant(house: House) -> None:
    house.granted()
    run = house.run(CHECK, EXPIRY)
    assert (run.outcome, run.iam_writes) == ("expired", ["DeleteRolePolicy", "DeleteRole"])
    assert house.role() is None
    assert house.grant()["status"] == "expired"
    assert house.result()["outcome"] == "expired"


def test_check_a_second_before_expiry_changes_nothing(house: House) -> None:
    house.granted()
    run = house.run(CHECK, EXPIRY - timedelta(seconds=1))
    assert (run.outcome, run.iam_writes) == ("unchanged", [])


def test_expired_grant_is_not_granted_again_by_a_late_notification(house: House) -> None:
    house.granted()
    house.run(CHECK, EXPIRY)
    run = house.run(FILE, EXPIRY)
    assert (run.iam_writes, house.grant()["status"]) == ([], "expired")


def test_expired_grant_can_be_renewed_by_a_new_version(house: House) -> None:
    house.granted()
    house.run(CHECK, EXPIRY)
    house.upload(expires_at="2032-01-01T00:00:00Z")
    assert house.run(FILE, EXPIRY).outcome == "created"
    assert house.grant()["status"] == "active"


def test_expiry_holds_while_the_newest_version_of_the_file_is_invalid(house: House) -> None:
    house.granted()
    house.upload(b"{")
    house.run(FILE)
    run = house.run(CHECK, EXPIRY)
    assert run.outcome == "expired"
    told = (
        "expired at 2030-01-01T00:00:00Z; the newest version of partners/acme.json is invalid and "
        "was rejected"
    )
    assert (run.result["reason"], house.grant()["reason"]) == (told, told)


def test_suspended_grant_expires_too(house: House) -> None:
    house.granted()
    house.upload(status="suspended")
    house.run(FILE)
    assert house.run(CHECK, EXPIRY).outcome == "expired"


@pytest.mark.parametrize(("seconds", "due"), [(-1, []), (0, ["acme.main"]), (99, ["acme.main"])])
def test_sweep_finds_what_is_past_its_expiry(house: House, seconds: int, due: list[str]) -> None:
    house.granted()
    answer = house.invoke("sweep_grants", {}, EXPIRY + timedelta(seconds=seconds))
    assert answer["due"] == due
    assert [f"{run['partner']}.{run['grant']}" for run in house.started()] == due


def test_what_the_sweep_starts_ends_the_grant_and_is_not_found_again(house: House) -> None:
    house.granted()
    house.invoke("sweep_grants", {}, EXPIRY)
    assert house.run(house.started()[0], EXPIRY).outcome == "expired"
    assert house.invoke("sweep_grants", {}, EXPIRY)["due"] == []


def test_sweep_asks_the_index_and_never_scans(house: House) -> None:
    house.granted()
    house.calls.clear()
    house.invoke("sweep_grants", {}, EXPIRY)
    assert {call for call in house.calls if "dynamodb" in call} == {"dynamodb:Query"}


def test_two_sweeps_in_one_period_start_one_check(house: House) -> None:
    house.granted()
    house.invoke("sweep_grants", {}, EXPIRY)
    house.invoke("sweep_grants", {}, EXPIRY + timedelta(seconds=60))
    assert len(house.started()) == 1


def test_sweep_is_bounded_and_takes_the_longest_overdue_first(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_LIMIT", "2")
    for day, grant in ((3, "third"), (1, "first"), (2, "second")):
        key = f"partners/{grant}.json"
        house.upload(None, key, grant=grant, expires_at=f"2027-01-0{day}T00:00:00Z")
        house.run({**FILE, "key": key})
    assert house.invoke("sweep_grants", {}, EXPIRY)["due"] == ["acme.first", "acme.second"]


def test_revoked_and_rejected_grants_are_not_in_the_index(house: House) -> None:
    house.granted()
    house.remove()
    house.run(FILE)
    house.upload(None, "partners/bad.json", partner="bad", purpose="")
    house.run({**FILE, "key": "partners/bad.json"})
    assert [item["pk"] for item in house.items() if "live" in item] == []
    assert house.invoke("sweep_grants", {}, EXPIRY)["due"] == []


def test_both_documents_carry_the_expiry_as_a_condition(house: House) -> None:
    house.granted(starts_at="2026-02-01T00:00:00Z")
    role = house.role()
    assert role is not None
    for document in (role["AssumeRolePolicyDocument"], house.permissions()):
        for statement in document["Statement"]:
            condition = statement["Condition"]
            assert condition["DateLessThan"] == {"aws:CurrentTime": "2030-01-01T00:00:00Z"}
            assert condition["DateGreaterThanEquals"] == {"aws:CurrentTime": "2026-02-01T00:00:00Z"}


def test_schedule_wakes_the_workflow_for_this_grant_only(house: House) -> None:
    house.granted()
    found = aws("scheduler").get_schedule(Name="acme.main", GroupName="latchkey-grants")
    assert found["ScheduleExpression"] == "at(2030-01-01T00:00:00)"
    assert found["Target"]["Arn"].endswith(":stateMachine:latchkey-grant-workflow")
    assert '"partner": "acme", "grant": "main"' in found["Target"]["Input"]


def test_check_of_a_rejected_first_version_leaves_it_rejected(house: House) -> None:
    house.upload(purpose="")
    house.run(FILE)
    before = house.grant()
    assert house.run(CHECK, NOW).iam_writes == []
    assert house.grant() == before


LONG_AFTER_THE_UPLOAD = datetime(2029, 12, 1, tzinfo=UTC)


def test_version_that_expired_before_it_was_read_ends_the_grant(house: House) -> None:
    house.granted()
    house.upload(expires_at="2029-06-01T00:00:00Z")
    run = house.run(FILE, LONG_AFTER_THE_UPLOAD)
    assert (run.outcome, run.iam_writes) == ("expired", ["DeleteRolePolicy", "DeleteRole"])


def test_new_grant_that_expired_before_it_was_read_is_expired_at_once(house: House) -> None:
    house.upload(expires_at="2029-06-01T00:00:00Z")
    run = house.run(FILE, LONG_AFTER_THE_UPLOAD)
    assert (run.outcome, run.iam_writes) == ("expired", [])


def test_expiry_that_was_in_the_past_at_the_upload_is_a_mistake(house: House) -> None:
    house.granted()
    house.upload(expires_at="2020-06-01T00:00:00Z")
    run = house.run(FILE, LONG_AFTER_THE_UPLOAD)
    assert (run.outcome, run.paths) == ("rejected", ["/expires_at"])
