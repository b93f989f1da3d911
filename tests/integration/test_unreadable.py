"""A version of a file that nobody can read is a rejected one, and in nobody's way."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from latchkey.grants.sessions import cut_off_in, with_cut_off
from tests.kit.examples import config_document, s3_entry
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run
from tests.kit.stack.taps import Call, Taps, refusal

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
CHECK = {"action": "check", "partner": "acme", "grant": "main", "by": "sweep", "reason": "sweep"}
ORDER = {"partner": "acme", "grant": "main", "reason": "incident 7"}

ANSWERS: list[tuple[str, int, str]] = [
    # S3's code and status, and what the problem says to do about it
    ("InvalidObjectState", 403, "storage class STANDARD"),
    ("AccessDenied", 403, "KMS key"),
    ("KMS.DisabledException", 400, "KMS key"),
    ("KMS.NotFoundException", 400, "KMS key"),
    ("KMS.KMSInvalidStateException", 400, "KMS key"),
    ("InvalidRequest", 400, "SSE-C"),
    ("NoSuchBucket", 404, "Upload the file again"),
    ("MethodNotAllowed", 405, "Upload the file again"),
    ("SomethingNew", 418, "Upload the file again"),
]
PASSING: list[tuple[str, int]] = [
    ("SlowDown", 503),
    ("InternalError", 500),
    ("KMS.ThrottlingException", 400),
    ("RequestTimeout", 500),
]


def _spoiled(code: str, status: int) -> Callable[[Call], Any]:
    answer = refusal(code, "no", status)
    return lambda call: answer if _reads_a_config(call) else None


def _reads_a_config(call: Call) -> bool:
    """The newest version; those before it are read by their version IDs."""
    newest = str(call) == "s3:GetObject" and "VersionId" not in call.parameters
    return newest and call.parameters["Bucket"] == CONFIG_BUCKET


@pytest.fixture(autouse=True)
def _spoil_nothing_afterwards() -> Iterator[None]:
    """Taps are on clients, which outlive a test."""
    yield
    Taps()


@pytest.fixture(params=[*ANSWERS, *[(*each, "") for each in PASSING]], ids=lambda each: each[0])
def unreadable(request: pytest.FixtureRequest, stack: StackDriver) -> StackDriver:
    """A live grant whose file has a newer version that S3 does not hand out."""
    code, status, _ = request.param
    stack.granted()
    stack.upload()
    Taps().before = _spoiled(code, status)
    return stack


def _run(stack: StackDriver, request: Any, now: datetime = EXPIRY) -> Run:
    """A run at its last try: faults that pass were tried again before."""
    state = stack.state(request)
    stack._patch.setattr(stack, "state", lambda _: {**state, "retries": 5})
    return stack.run(request, now)


ENDS = {"suspend": "suspended", "revoke": "revoked"}
BEFORE = datetime(2029, 1, 1, tzinfo=UTC)


def test_it_is_rejected_and_the_live_grant_goes_on(unreadable: StackDriver) -> None:
    role, state = unreadable.permissions(), unreadable.grant()
    run = _run(unreadable, FILE, BEFORE)
    assert (run.error, run.outcome, run.iam_writes, run.paths) == (None, "rejected", [], [""])
    assert (unreadable.permissions(), unreadable.grant()) == (role, state)
    (newest,) = [
        version["VersionId"]
        for version in aws("s3").list_object_versions(Bucket=CONFIG_BUCKET)["Versions"]
        if version["IsLatest"]
    ]
    assert unreadable.result()["config_version"] == newest
    assert newest in run.result["problems"][0]["message"]
    assert unreadable.history() == ["AccessGranted", "ConfigRejected"]
    assert len(unreadable.notices()) == 2


@pytest.mark.parametrize(("code", "status", "remedy"), ANSWERS, ids=str)
def test_the_problem_says_what_to_do(
    stack: StackDriver, code: str, status: int, remedy: str
) -> None:
    stack.upload()
    Taps().before = _spoiled(code, status)
    (problem,) = stack.run(FILE).result["problems"]
    assert code in problem["message"]
    assert remedy in problem["message"]


@pytest.mark.parametrize(("code", "status"), PASSING, ids=str)
def test_a_fault_that_may_pass_is_tried_again_before_it_counts(
    stack: StackDriver, code: str, status: int
) -> None:
    stack.granted()
    stack.upload()
    taps = Taps()
    taps.before = _spoiled(code, status)
    run = stack.run(FILE)
    assert type(run.error).__name__ in ("Throttled", "ServiceUnavailable")
    taps.disarm()
    assert stack.run(FILE).outcome == "unchanged"


def test_it_is_rejected_once(unreadable: StackDriver) -> None:
    _run(unreadable, FILE, BEFORE)
    before = unreadable.items()
    _run(unreadable, FILE, BEFORE)
    assert unreadable.history() == ["AccessGranted", "ConfigRejected"]
    assert unreadable.items() == before


def test_check_leaves_the_grant_as_it_is(unreadable: StackDriver) -> None:
    run = _run(unreadable, CHECK, BEFORE)
    assert (run.error, run.outcome, run.iam_writes) == (None, "unchanged", [])


def test_expiry_goes_by_the_record(unreadable: StackDriver) -> None:
    run = _run(unreadable, CHECK)
    assert (run.error, run.outcome, unreadable.role()) == (None, "expired", None)
    assert unreadable.grant()["status"] == "expired"


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_order_is_carried_out(unreadable: StackDriver, action: str) -> None:
    run = unreadable.run({**ORDER, "action": action}, BEFORE)
    assert (run.error, unreadable.grant()["status"]) == (None, ENDS[action])


def test_resume_puts_back_what_was_granted_before(unreadable: StackDriver) -> None:
    before = unreadable.permissions()
    unreadable.run({**ORDER, "action": "suspend"}, BEFORE)
    assert _run(unreadable, {**ORDER, "action": "resume"}, BEFORE).outcome == "updated"
    after = unreadable.permissions()
    assert cut_off_in(after)
    assert with_cut_off(after, None) == before


@pytest.mark.parametrize("action", ["check", "resume"])
def test_without_the_version_that_was_granted_nothing_is_granted(
    stack: StackDriver, action: str
) -> None:
    stack.granted()
    stack.run({**ORDER, "action": "suspend"}, BEFORE)
    stack.upload(purpose="")
    answer = refusal("AccessDenied", "no", 403)
    Taps().before = lambda call: answer if "VersionId" in call.parameters else None
    order = CHECK if action == "check" else {**ORDER, "action": "resume"}
    run = stack.run(order, BEFORE)
    assert (run.outcome, run.iam_writes) == ("rejected", [])
    assert "Upload the file again" in run.result["problems"][0]["message"]
    assert stack.run(CHECK, EXPIRY).outcome == "expired"


def test_a_config_in_the_table_is_not_granted_in_place_of_an_invalid_version(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.run({**ORDER, "action": "suspend"}, BEFORE)
    stack.upload(purpose="")
    stack.rewritten = True  # the table, by hand
    other = json.dumps(config_document(access=[s3_entry(bucket="other-bucket")]))
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET config = :other",
        ExpressionAttributeValues={":other": {"S": other}},
    )
    assert stack.run({**ORDER, "action": "resume"}, BEFORE).outcome == "updated"
    assert "other-bucket" not in json.dumps(stack.permissions())
    assert "data-bucket" in json.dumps(stack.permissions())


def test_next_upload_that_can_be_read_is_granted(unreadable: StackDriver) -> None:
    _run(unreadable, FILE, BEFORE)
    Taps()
    unreadable.upload(purpose="Another")
    assert unreadable.run(FILE, BEFORE).outcome == "updated"


def test_archived_version_of_a_grant_that_never_was_is_rejected(stack: StackDriver) -> None:
    stack.upload()
    body = aws("s3").get_object(Bucket=CONFIG_BUCKET, Key=KEY)["Body"].read()
    aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=KEY, Body=body, StorageClass="GLACIER")
    run = stack.run(FILE)
    assert (run.error, run.outcome, run.result["partner"]) == (None, "rejected", None)
    assert stack.item(f"CONFIG#{KEY}", "STATE") is not None


def test_file_that_is_gone_by_the_time_it_is_listed_is_removed(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    Taps().before = _spoiled("AccessDenied", 403)
    assert stack.run(FILE).outcome == "revoked"


def test_where_not_even_the_version_can_be_told_the_grant_goes_on_and_ends(
    stack: StackDriver,
) -> None:
    stack.granted()
    denied = refusal("AccessDenied", "no", 403)
    Taps().before = lambda call: denied if call.parameters.get("Bucket") == CONFIG_BUCKET else None
    run = stack.run(FILE)
    assert (run.error, run.outcome, run.iam_writes) == (None, "rejected", [])
    assert _run(stack, CHECK).outcome == "expired"


def test_rival_that_nobody_can_look_at_keeps_its_grant(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, "partners/second.json")
    refused = refusal("400", "Bad Request")
    Taps().before = lambda call: refused if str(call) == "s3:HeadObject" else None
    run = stack.run({**FILE, "key": "partners/second.json"})
    assert (run.error, run.outcome, run.paths) == (None, "rejected", ["/grant"])
