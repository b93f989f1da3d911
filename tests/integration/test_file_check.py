"""Config files that no notification told of: found by comparing the bucket with the table."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey.runtime.wiring import jobs
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, RECONCILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Taps

UPLOADED = datetime.now(UTC)
"""moto's S3 has the clock of the machine."""

LATER = UPLOADED + timedelta(hours=1)
BEFORE = UPLOADED - timedelta(hours=1)


@pytest.fixture(autouse=True)
def _spoil_nothing_afterwards() -> Iterator[None]:
    yield
    Taps()


def _check(stack: StackDriver, at: datetime = LATER) -> dict[str, Any]:
    return dict(stack.invoke("check_files", {}, at))


def _granted(stack: StackDriver, key: str = KEY, at: datetime = LATER, **changes: Any) -> None:
    stack.upload(None, key, expires_at="2031-01-01T00:00:00Z", **changes)
    assert stack.run({**FILE, "key": key}, at).outcome in ("created", "updated")


def _heard(stack: StackDriver) -> None:
    """Run what the check started."""
    for request in stack.executions().values():
        stack.run(request, LATER)


def test_nothing_is_started_where_every_file_was_read(stack: StackDriver) -> None:
    _granted(stack)
    assert _check(stack) == {"gone": [], "unread": []}
    assert not stack.executions()


def test_upload_without_a_notification_is_granted(stack: StackDriver) -> None:
    stack.upload(expires_at="2031-01-01T00:00:00Z")
    assert _check(stack) == {"gone": [], "unread": [KEY]}
    assert [*stack.executions().values()] == [{**FILE, "by": "file_check"}]
    _heard(stack)
    assert stack.role("partner-acme.main")
    assert _check(stack, LATER + timedelta(hours=1)) == {"gone": [], "unread": []}


def test_new_version_without_a_notification_is_granted(stack: StackDriver) -> None:
    _granted(stack, at=BEFORE)
    stack.upload(purpose="Another", expires_at="2031-01-01T00:00:00Z")
    assert _check(stack)["unread"] == [KEY]
    _heard(stack)
    assert "Another" in str(stack.role("partner-acme.main"))


def test_version_uploaded_in_the_second_in_which_the_one_before_was_read(
    stack: StackDriver,
) -> None:
    """The listing's times are cut to the second."""
    second = datetime.now(UTC).replace(microsecond=0)
    _granted(stack, at=second + timedelta(milliseconds=1))
    listed = aws("s3").list_objects_v2(Bucket=CONFIG_BUCKET)["Contents"][0]["LastModified"]
    assert listed >= second
    assert _check(stack)["unread"] == [KEY]


@pytest.mark.parametrize("how", ["a delete marker", "every version"])
def test_removal_without_a_notification_ends_the_grant(stack: StackDriver, how: str) -> None:
    """A lifecycle rule may remove what is current, older versions, and the marker in the end."""
    _granted(stack)
    stack.remove()
    if how == "every version":
        listed = aws("s3").list_object_versions(Bucket=CONFIG_BUCKET, Prefix=KEY)
        for version in (*listed["Versions"], *listed["DeleteMarkers"]):
            aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=KEY, VersionId=version["VersionId"])
    assert _check(stack) == {"gone": [KEY], "unread": []}
    _heard(stack)
    assert stack.role("partner-acme.main") is None
    assert _check(stack, LATER + timedelta(hours=1)) == {"gone": [], "unread": []}


def test_upload_that_may_be_on_its_way_is_left_to_its_notification(stack: StackDriver) -> None:
    stack.upload()
    assert _check(stack, UPLOADED + timedelta(minutes=5)) == {"gone": [], "unread": []}


def test_rejected_and_other_files_are_not_read_again_and_again(stack: StackDriver) -> None:
    stack.upload(b"{", "partners/broken.json")
    stack.run({**FILE, "key": "partners/broken.json"}, LATER)
    for key in ("partners/folder/", "partners/readme.txt", "inline/acme.main.json", "other.json"):
        aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=key, Body=b"{}")
    assert _check(stack) == {"gone": [], "unread": []}


def test_inline_grants_have_no_file_to_miss(stack: StackDriver) -> None:
    from tests.kit.examples import config_document

    document = config_document(expires_at="2031-01-01T00:00:00Z")
    assert stack.run({"config": document}, LATER).outcome == "created"
    assert _check(stack) == {"gone": [], "unread": []}


def test_what_takes_access_away_comes_first_and_the_rest_in_later_rounds(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_LIMIT", "3")
    jobs.file_check.cache_clear()
    _granted(stack)
    stack.remove()
    keys = [f"partners/p{number}.json" for number in range(6)]
    for key in keys:
        stack.upload(b"{", key)
    rounds = [_check(stack, LATER + timedelta(hours=number)) for number in range(4)]
    assert all(found["gone"] == [KEY] for found in rounds)
    assert [len(found["unread"]) for found in rounds] == [2, 2, 2, 2]
    assert {key for found in rounds for key in found["unread"]} == {*keys}


def test_two_checks_within_an_hour_start_a_run_once(stack: StackDriver) -> None:
    stack.upload()
    start = (LATER + timedelta(hours=1)).replace(minute=10)
    for minutes, runs in ((0, 1), (30, 1), (60, 2)):
        _check(stack, start + timedelta(minutes=minutes))
        listed = aws("stepfunctions").list_executions(stateMachineArn=RECONCILE)["executions"]
        assert len(listed) == runs


def test_calls_do_not_grow_with_versions(stack: StackDriver) -> None:
    _granted(stack)
    stack.calls.clear()
    _check(stack)
    before = list(stack.calls)
    for number in range(30):
        stack.upload(purpose=f"Version {number}", expires_at="2031-01-01T00:00:00Z")
    stack.run(FILE, LATER + timedelta(minutes=1))
    stack.calls.clear()
    _check(stack, LATER + timedelta(hours=2))
    assert stack.calls == before
