"""Who had access, and when: recorded by the workflow's real steps, asked of the same table."""

import json
from datetime import datetime, timedelta
from typing import Any

from latchkey.aws.access_queries import HistoryReader
from latchkey.aws.table import Table
from latchkey.errors import VerificationFailed
from latchkey.runtime import clients
from latchkey.times import instant
from tests.kit.examples import ACCOUNT, NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT, s3_entry, secret_entry
from tests.kit.stack.aws import FILE, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
EXPIRY = datetime.fromisoformat("2030-01-01T00:00:00Z")
ROOT = f"arn:aws:iam::{PARTNER_ACCOUNT}:root"
ORDER = {"partner": "acme", "grant": "main", "reason": "incident 1234"}


def reader() -> HistoryReader:
    """Whoever asks."""
    return HistoryReader(Table(clients.client("dynamodb"), TABLE))


def who(resource: str, at: datetime) -> list[str]:
    """The grants that had access to a resource."""
    return [f"{one['partner']}.{one['grant']}" for one in reader().who_had_access(resource, at)]


def times(**which: Any) -> list[tuple[str, str, str | None]]:
    """Since, until and how it ended, of all that acme could ever do, or of some of it."""
    return [
        (one["since"], one["until"], one["ended"])
        for one in reader().everything_of("acme")
        if which.items() <= one.items()
    ]


def test_grant_is_shown_with_all_that_an_auditor_needs(stack: StackDriver) -> None:
    stack.granted()
    assert reader().who_had_access("data-bucket", NOW) == [
        {
            "partner": "acme",
            "grant": "main",
            "principals": [ROOT],
            "service": "s3",
            "resource": "data-bucket/in/",
            "arn": "arn:aws:s3:::data-bucket/in/*",
            "may": ["list", "read", "put", "delete"],
            "since": instant(NOW),
            "until": "2030-01-01T00:00:00Z",
            "ended": None,
            "since_known": True,
            "certain": True,
            "role_arn": f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main",
            "purpose": "Nightly export",
            "owner": "data-platform",
            "author": None,
        }
    ]


def test_access_begins_when_the_role_was_read_back_and_ends_at_its_expiry(
    stack: StackDriver,
) -> None:
    stack.granted()
    assert who("data-bucket", NOW - MOMENT) == []
    assert who("data-bucket", NOW) == ["acme.main"]
    assert who("data-bucket", EXPIRY - MOMENT) == ["acme.main"]
    assert who("data-bucket", EXPIRY) == [], "the dates in the policies ended it"


def test_bucket_that_a_new_version_no_longer_names_is_not_accessible_from_then_on(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(access=[s3_entry(bucket="other-bucket", allow="read"), secret_entry()])
    stack.run(FILE, NOW + HOUR)
    assert who("data-bucket", NOW + HOUR - MOMENT) == ["acme.main"]
    assert who("data-bucket", NOW + HOUR) == []
    assert who("other-bucket", NOW + HOUR - MOMENT) == []
    assert who("other-bucket", NOW + HOUR) == who("acme/api", NOW + HOUR) == ["acme.main"]
    ended = "AccessUpdated: the config asks for it"
    assert times(resource="data-bucket/in/") == [(instant(NOW), instant(NOW + HOUR), ended)]


def test_changed_actions_and_principals_start_a_new_period(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(access=[s3_entry(prefix="in", allow="read")])
    stack.run(FILE, NOW + HOUR)
    stack.upload(access=[s3_entry(prefix="in", allow="read")], principals=[OTHER_ACCOUNT])
    stack.run(FILE, NOW + DAY)
    told = [(one["may"], one["principals"]) for one in reader().everything_of("acme")]
    other = f"arn:aws:iam::{OTHER_ACCOUNT}:root"
    assert told == [
        (["list", "read", "put", "delete"], [ROOT]),
        (["list", "read"], [ROOT]),
        (["list", "read"], [other]),
    ]


def test_suspension_interrupts_and_resuming_goes_on(stack: StackDriver) -> None:
    stack.granted()
    assert stack.run({"action": "suspend", **ORDER}, NOW + HOUR).outcome == "suspended"
    assert stack.run({"action": "resume", **ORDER}, NOW + DAY).outcome == "updated"
    assert who("data-bucket", NOW + HOUR) == who("data-bucket", NOW + DAY - MOMENT) == []
    assert who("data-bucket", NOW + HOUR - MOMENT) == who("data-bucket", NOW + DAY) == ["acme.main"]
    assert times() == [
        (instant(NOW), instant(NOW + HOUR), "AccessSuspended: incident 1234"),
        (instant(NOW + DAY), "2030-01-01T00:00:00Z", None),
    ]


def test_renewal_makes_one_period_longer(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at="2031-01-01T00:00:00Z")
    stack.run(FILE, NOW + HOUR)
    assert times() == [(instant(NOW), "2031-01-01T00:00:00Z", None)]


def test_removed_file_ends_it_and_uploading_it_again_begins_anew(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    stack.run(FILE, NOW + HOUR)
    stack.upload()
    stack.run(FILE, NOW + DAY)
    assert times() == [
        (instant(NOW), instant(NOW + HOUR), f"AccessRevoked: {KEY} was removed"),
        (instant(NOW + DAY), "2030-01-01T00:00:00Z", None),
    ]


def test_late_removal_after_the_expiry_does_not_make_the_access_longer(stack: StackDriver) -> None:
    stack.granted()
    run = stack.run({"action": "check", **ORDER}, EXPIRY + HOUR)
    assert run.outcome == "expired"
    assert times() == [(instant(NOW), instant(EXPIRY), "expired")]


def test_access_that_begins_in_the_future_is_reported_from_then_on(stack: StackDriver) -> None:
    stack.granted(starts_at=instant(NOW + DAY))
    assert who("data-bucket", NOW + HOUR) == who("data-bucket", NOW + DAY - MOMENT) == []
    assert who("data-bucket", NOW + DAY) == ["acme.main"]
    assert times() == [(instant(NOW + DAY), "2030-01-01T00:00:00Z", None)]


def test_what_changes_nothing_adds_nothing(stack: StackDriver) -> None:
    stack.granted()
    before = reader().everything_of("acme")
    stack.upload(access=[])
    assert stack.run(FILE, NOW + HOUR).outcome == "rejected"
    stack.upload(access=[s3_entry(bucket="other-bucket")])
    assert stack.run({**FILE, "dry_run": True}, NOW + HOUR).outcome == "planned"
    assert reader().everything_of("acme") == before
    assert who("other-bucket", NOW + HOUR) == []


def test_recording_again_adds_nothing(stack: StackDriver) -> None:
    stack.upload()
    states: list[Any] = []
    stack.run(FILE, before=lambda _, state: states.append(state))
    before = stack.items()
    stack.invoke("record_outcome", states[-1], NOW + HOUR)
    assert stack.items() == before


def test_recording_reads_plan_and_chain_and_takes_one_transaction(stack: StackDriver) -> None:
    stack.upload(access=[s3_entry(prefix="in"), secret_entry()])
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["applied"] = stack.invoke("grant_access", state)
    stack.calls.clear()
    stack.invoke("record_outcome", state)
    calls = [call for call in stack.calls if call.startswith("dynamodb")]
    assert calls == [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:TransactWriteItems",
        "dynamodb:DeleteItem",
    ]


def test_run_that_failed_after_it_began_leaves_open_which_of_both_it_was(
    stack: StackDriver,
) -> None:
    stack.granted()

    def fail(step: str, _: Any) -> None:
        if step == "record_outcome":
            raise VerificationFailed("not as it was written")

    stack.upload(access=[s3_entry(bucket="other-bucket")], principals=[OTHER_ACCOUNT])
    assert stack.run(FILE, NOW + HOUR, fail).outcome == "failed"
    both = sorted([ROOT, f"arn:aws:iam::{OTHER_ACCOUNT}:root"])
    for bucket in ("data-bucket", "other-bucket"):
        (found,) = reader().who_had_access(bucket, NOW + HOUR)
        assert (found["certain"], found["principals"]) == (False, both)
    stack.run({"action": "check", **ORDER}, NOW + DAY)
    assert who("data-bucket", NOW + DAY) == []
    (found,) = reader().who_had_access("other-bucket", NOW + DAY)
    assert (found["certain"], found["since"]) == (True, instant(NOW + DAY))


def test_role_that_is_not_ours_gave_no_access(stack: StackDriver) -> None:
    trust = '{"Version":"2012-10-17","Statement":[]}'
    aws("iam").create_role(RoleName="partner-acme.main", AssumeRolePolicyDocument=trust)
    stack.upload()
    assert stack.run(FILE).outcome == "failed"
    assert reader().grants_of("acme") == []


def test_what_was_changed_by_hand_is_no_part_of_the_answer(stack: StackDriver) -> None:
    stack.granted()
    widened = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    everything = json.dumps({"Version": "2012-10-17", "Statement": [widened]})
    aws("iam").put_role_policy(
        RoleName="partner-acme.main", PolicyName="by-hand", PolicyDocument=everything
    )
    stack.run({"action": "check", **ORDER}, NOW + HOUR)
    assert stack.history() == ["AccessGranted", "DriftRepaired"]
    assert times() == [(instant(NOW), "2030-01-01T00:00:00Z", None)]


def test_grant_from_before_this_history_is_in_it_once_it_was_looked_at(stack: StackDriver) -> None:
    stack.rewritten = True
    stack.granted()
    for item in stack.items():
        if not item["pk"].startswith(("GRANT#", "CONFIG#")) or item["sk"].startswith("ACCESS#"):
            key = {name: {"S": item[name]} for name in ("pk", "sk")}
            aws("dynamodb").delete_item(TableName=TABLE, Key=key)
    assert who("data-bucket", NOW + DAY) == []
    stack.guard(allowed_services=["s3", "secretsmanager", "sqs"])
    stack.invoke("check_drift", {}, NOW + HOUR)
    (check,) = (order for order in stack.started() if order["reason"] == "the guardrails changed")
    assert stack.run(check, NOW + HOUR).outcome == "unchanged"
    (found,) = reader().who_had_access("data-bucket", NOW + DAY)
    assert (found["since"], found["since_known"]) == (instant(NOW + HOUR), False)


def test_history_holds_no_external_id(stack: StackDriver) -> None:
    stack.granted()
    kept = ("ACCESS#", "GRANT#")
    items = [item for item in stack.items() if item["sk"].startswith(kept)]
    assert len(items) == 4
    assert "acme-7f3b2c91" not in str(items)
