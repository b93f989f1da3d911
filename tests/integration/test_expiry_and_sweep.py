"""Access ends by time: by its own check, by the sweep, and in no case too early."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

CHECK = {"action": "check", "partner": "acme", "grant": "main", "reason": "expiry schedule"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


def test_check_at_expiry_ends_the_grant(stack: StackDriver) -> None:
    stack.granted()
    run = stack.run(CHECK, EXPIRY)
    assert (run.outcome, run.iam_writes) == ("expired", ["DeleteRolePolicy", "DeleteRole"])
    assert stack.role() is None
    assert stack.grant()["status"] == "expired"
    assert stack.result()["outcome"] == "expired"


def test_check_a_second_before_expiry_changes_nothing(stack: StackDriver) -> None:
    stack.granted()
    run = stack.run(CHECK, EXPIRY - timedelta(seconds=1))
    assert (run.outcome, run.iam_writes) == ("unchanged", [])


def test_expired_grant_is_not_granted_again_by_a_late_notification(stack: StackDriver) -> None:
    stack.granted()
    stack.run(CHECK, EXPIRY)
    run = stack.run(FILE, EXPIRY)
    assert (run.iam_writes, stack.grant()["status"]) == ([], "expired")


def test_expired_grant_can_be_renewed_by_a_new_version(stack: StackDriver) -> None:
    stack.granted()
    stack.run(CHECK, EXPIRY)
    stack.upload(expires_at="2032-01-01T00:00:00Z")
    assert stack.run(FILE, EXPIRY).outcome == "created"
    assert stack.grant()["status"] == "active"


def test_expiry_holds_while_the_newest_version_of_the_file_is_invalid(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(b"{")
    stack.run(FILE)
    run = stack.run(CHECK, EXPIRY)
    assert run.outcome == "expired"
    told = (
        "expired at 2030-01-01T00:00:00Z; the newest version of partners/acme.json is invalid and "
        "was rejected"
    )
    assert (run.result["reason"], stack.grant()["reason"]) == (told, told)


def test_suspended_grant_expires_too(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(status="suspended")
    stack.run(FILE)
    assert stack.run(CHECK, EXPIRY).outcome == "expired"


@pytest.mark.parametrize(("seconds", "due"), [(-1, []), (0, ["acme.main"]), (99, ["acme.main"])])
def test_sweep_finds_what_is_past_its_expiry(
    stack: StackDriver, seconds: int, due: list[str]
) -> None:
    stack.granted()
    answer = stack.invoke("sweep_grants", {}, EXPIRY + timedelta(seconds=seconds))
    assert answer["due"] == due
    assert [f"{run['partner']}.{run['grant']}" for run in stack.started()] == due


def test_what_the_sweep_starts_ends_the_grant_and_is_not_found_again(stack: StackDriver) -> None:
    stack.granted()
    stack.invoke("sweep_grants", {}, EXPIRY)
    assert stack.run(stack.started()[0], EXPIRY).outcome == "expired"
    assert stack.invoke("sweep_grants", {}, EXPIRY)["due"] == []


def test_sweep_asks_the_index_and_never_scans(stack: StackDriver) -> None:
    stack.granted()
    stack.calls.clear()
    stack.invoke("sweep_grants", {}, EXPIRY)
    assert {call for call in stack.calls if "dynamodb" in call} == {"dynamodb:Query"}


def test_two_sweeps_in_one_period_start_one_check(stack: StackDriver) -> None:
    stack.granted()
    stack.invoke("sweep_grants", {}, EXPIRY)
    stack.invoke("sweep_grants", {}, EXPIRY + timedelta(seconds=60))
    assert len(stack.started()) == 1


def test_sweep_is_bounded_and_takes_the_longest_overdue_first(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_LIMIT", "2")
    for day, grant in ((3, "third"), (1, "first"), (2, "second")):
        key = f"partners/{grant}.json"
        stack.upload(None, key, grant=grant, expires_at=f"2027-01-0{day}T00:00:00Z")
        stack.run({**FILE, "key": key})
    assert stack.invoke("sweep_grants", {}, EXPIRY)["due"] == ["acme.first", "acme.second"]


def test_revoked_and_rejected_grants_are_not_in_the_index(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    stack.run(FILE)
    stack.upload(None, "partners/bad.json", partner="bad", purpose="")
    stack.run({**FILE, "key": "partners/bad.json"})
    indexed = {item["live"] for item in stack.items() if item.get("live")}
    assert indexed == {"CHAIN", "TROUBLED"}, "where `doctor` looks, and no grant"
    assert stack.invoke("sweep_grants", {}, EXPIRY)["due"] == []


def test_both_documents_carry_the_expiry_as_a_condition(stack: StackDriver) -> None:
    stack.granted(starts_at="2026-02-01T00:00:00Z")
    role = stack.role()
    assert role is not None
    for document in (role["AssumeRolePolicyDocument"], stack.permissions()):
        for statement in document["Statement"]:
            condition = statement["Condition"]
            assert condition["DateLessThan"] == {"aws:CurrentTime": "2030-01-01T00:00:00Z"}
            assert condition["DateGreaterThanEquals"] == {"aws:CurrentTime": "2026-02-01T00:00:00Z"}


def test_schedule_wakes_the_workflow_for_this_grant_only(stack: StackDriver) -> None:
    stack.granted()
    found = aws("scheduler").get_schedule(Name="acme.main", GroupName="latchkey-grants")
    assert found["ScheduleExpression"] == "at(2030-01-01T00:00:00)"
    assert found["Target"]["Arn"].endswith(":stateMachine:latchkey-reconcile-workflow")
    assert '"partner": "acme", "grant": "main"' in found["Target"]["Input"]


def test_check_of_a_rejected_first_version_leaves_it_rejected(stack: StackDriver) -> None:
    stack.upload(purpose="")
    stack.run(FILE)
    before = stack.grant()
    assert stack.run(CHECK, NOW).iam_writes == []
    assert stack.grant() == before


LONG_AFTER_THE_UPLOAD = datetime(2029, 12, 1, tzinfo=UTC)


def test_version_that_expired_before_it_was_read_ends_the_grant(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2029-06-01T00:00:00Z")
    run = stack.run(FILE, LONG_AFTER_THE_UPLOAD)
    assert (run.outcome, run.iam_writes) == ("expired", ["DeleteRolePolicy", "DeleteRole"])


def test_new_grant_that_expired_before_it_was_read_is_expired_at_once(stack: StackDriver) -> None:
    stack.upload(expires_at="2029-06-01T00:00:00Z")
    run = stack.run(FILE, LONG_AFTER_THE_UPLOAD)
    assert (run.outcome, run.iam_writes) == ("expired", [])


def test_expiry_that_was_in_the_past_at_the_upload_is_a_mistake(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2020-06-01T00:00:00Z")
    run = stack.run(FILE, LONG_AFTER_THE_UPLOAD)
    assert (run.outcome, run.paths) == ("rejected", ["/expires_at"])
