"""Who started runs, by CloudTrail, against what their requests say."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.grant_id import GrantId
from latchkey.keys import order_suffix
from latchkey_cli.authorship import run_starts
from latchkey_cli.authorship.comparison import compared
from latchkey_cli.authorship.run_starts import RunStart, RunStarts, RunStartsFound
from latchkey_cli.authorship.starter import Starter
from latchkey_cli.aws import cloud_trail
from latchkey_cli.aws.cloud_trail import EventHistory, FoundStart
from tests.cli.trails import ALICE, BOB, MACHINE, NOW, Trail, entries, ours, session
from tests.kit.examples import ACCOUNT

GRANT = GrantId("acme", "main")
OPS = session("ops", "alice")
USER = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLEALICE",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/staff/alice",
    "userName": "alice",
}
LONG = session("ops", "a" * 300)
ABROAD = {"type": "AWSAccount", "principalId": "AROAEXAMPLEABROAD:x", "accountId": "444455556666"}
SERVICE = {"type": "AWSService", "invokedBy": "events.amazonaws.com"}


@pytest.mark.parametrize(
    ("said", "identity", "verdict"),
    [
        (ALICE, OPS, "agrees"),
        ("AROAEXAMPLEOPS:alice", OPS, "agrees"),
        ("AROAEXAMPLEOPS", OPS, "agrees"),
        (f"arn:aws:iam::{ACCOUNT}:role/ops", OPS, "agrees"),
        (BOB, OPS, "differs"),
        ("AROAEXAMPLEOPS:bob", OPS, "differs"),
        (ALICE.replace("/ops/", "/other/"), OPS, "differs"),
        ("AROAEXAMPLEOTHER", OPS, "differs"),
        (ALICE.replace(ACCOUNT, "444455556666"), OPS, "differs"),
        (ALICE[:-1], OPS, "differs"),
        ("alice", OPS, "not_comparable"),
        ("ticket arn:aws", OPS, "not_comparable"),
        (USER["arn"], USER, "agrees"),
        (USER["principalId"], USER, "agrees"),
        (ALICE, USER, "differs"),
        (LONG["arn"][:256], LONG, "agrees"),
        (LONG["arn"][:255], LONG, "differs"),
        ("AROAEXAMPLEABROAD", ABROAD, "agrees"),
        (ALICE, ABROAD, "differs"),
        (ALICE, SERVICE, "differs"),
        (ACCOUNT, {"type": "FederatedUser", "principalId": f"{ACCOUNT}:x"}, "not_comparable"),
        (ALICE, {}, "differs"),
    ],
)
def test_who_is_said_to_ask_is_compared_with_who_started(
    said: str, identity: dict[str, Any], verdict: str
) -> None:
    assert compared("order", said, Starter.of(identity), frozenset()).verdict == verdict


@pytest.mark.parametrize(
    ("trigger", "identity", "verdict"),
    [
        ("file", ours("IntakeConfigRole"), "own"),
        ("file", OPS, "not_own"),
        ("sweep", ours("PlannerRole"), "not_own"),
        ("schedule", SERVICE, "not_own"),
        ("order", OPS, "unclaimed"),
        ("resync", OPS, "unclaimed"),
        (None, OPS, "unclaimed"),
    ],
)
def test_what_latchkey_is_said_to_start_it_has_to_start(
    trigger: str | None, identity: dict[str, Any], verdict: str
) -> None:
    own = {f"arn:aws:iam::{ACCOUNT}:role/latchkey-IntakeConfigRole-1"}
    assert compared(trigger, None, Starter.of(identity), own).verdict == verdict


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        (OPS, ALICE),
        (SERVICE, "AWSService events.amazonaws.com"),
        (ABROAD, "AWSAccount AROAEXAMPLEABROAD:x"),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}, "IdentityCenterUser u-1"),
        ({"type": "Root"}, "Root"),
        ({"arn": 1, "sessionContext": []}, "somebody whom CloudTrail does not name"),
        (
            {**OPS, "sessionContext": {"sourceIdentity": "alice@example.com"}},
            f"{ALICE} (source identity alice@example.com)",
        ),
    ],
)
def test_a_caller_has_a_name_whatever_it_is(identity: dict[str, Any], words: str) -> None:
    assert Starter.of(identity).words == words


def _history(trail: Trail) -> EventHistory:
    return EventHistory(trail, lambda _: None)


def test_an_event_is_found_by_its_execution_and_the_first_one_counts() -> None:
    trail = Trail()
    trail.run("one", USER, responseElements=None, errorCode="ExecutionAlreadyExists")
    trail.run("one", USER, eventSource="made-up.example.com")
    arn = trail.run("one", OPS)
    trail.run("one", session("ops", "bob"))  # the same name and input again, as it ran
    trail.run("two", USER)
    trail.events.insert(0, {"CloudTrailEvent": "no JSON"})
    trail.events.insert(0, {})
    assert _history(trail).start_of(arn, NOW) == FoundStart(OPS)
    (asked,) = trail.lookups
    assert asked["LookupAttributes"] == [
        {"AttributeKey": "EventName", "AttributeValue": "StartExecution"}
    ]
    assert asked["StartTime"] <= NOW <= asked["EndTime"]


def test_pages_are_read_to_the_end_and_bounded() -> None:
    trail = Trail()
    arn = trail.run("one", OPS)
    trail.run("two", USER)
    trail.page = 1
    assert _history(trail).start_of(arn, NOW) == FoundStart(OPS)
    for number in range(cloud_trail.PAGES):
        trail.run(f"more-{number}", USER)
    trail.lookups.clear()
    assert _history(trail).start_of(arn, NOW) == FoundStart(None, whole=False)
    assert len(trail.lookups) == cloud_trail.PAGES


def test_no_more_than_two_lookups_a_second() -> None:
    trail, waits = Trail(), list[float]()
    history = EventHistory(trail, waits.append)
    for name in ("one", "two", "three"):
        history.start_of(trail.run(name, OPS), NOW)
    assert waits == [0.5, 0.5]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_starts, "EventHistory", _history)


def _found(trail: Any, *events: dict[str, Any]) -> RunStartsFound:
    return RunStarts(trail, NOW).of(GRANT, [*entries(*events)])


def _one(trail: Trail, **event: Any) -> RunStart:
    (run,) = _found(trail, event).runs
    return run


def test_a_run_that_latchkey_started_is_followed_to_the_function() -> None:
    trail = Trail()
    for name, starter in (("file-a", ours("IntakeConfigRole")), ("file-b", OPS)):
        trail.run(name, starter, machine="reconcile")
        trail.run(name, ours("ReconcileWorkflowRole"))
    run = _one(trail, by="file", execution=f"{MACHINE}-grant-workflow:file-a")
    assert (run.verdict, "IntakeConfigRole" in str(run.started_by)) == ("own", True)
    run = _one(trail, by="file", execution=f"{MACHINE}-grant-workflow:file-b")
    assert (run.verdict, run.started_by) == ("not_own", ALICE)


def test_a_run_of_a_bulk_order_is_followed_to_who_gave_it() -> None:
    trail = Trail()
    order = trail.run("incident", OPS)
    arn = trail.run(f"order-acme.main-{order_suffix(order)}", ours("GrantWorkflowRole"))
    assert _one(trail, by="order", requested_by=ALICE, execution=arn).verdict == "agrees"
    run = _one(trail, by="order", requested_by=BOB, execution=arn)
    assert (run.verdict, run.started_by, run.why) == (
        "differs",
        ALICE,
        "the same role, in another session",
    )
    for name in ("order-acme.main-0123456789ab", f"order-acme.other-{order_suffix(order)}"):
        arn = trail.run(name, ours("GrantWorkflowRole"))
        assert _one(trail, by="order", requested_by=ALICE, execution=arn).verdict == "not_found"


def test_a_run_by_hand_under_the_name_of_an_order_is_no_order() -> None:
    trail = Trail()
    order = trail.run("incident", OPS)
    arn = trail.run(f"order-acme.main-{order_suffix(order)}", USER)
    assert _one(trail, by="order", requested_by=ALICE, execution=arn).verdict == "differs"


@pytest.mark.parametrize(
    ("changes", "verdict", "why"),
    [
        ({"execution": None}, "not_asked", "names no run"),
        ({"execution": f"{MACHINE}-grant-workflow:gone"}, "not_found", "no run"),
        ({"execution": "arn:aws:states:eu-west-1:123456789012:execution:x:y"}, "not_asked", "eu-"),
        ({"at": "2026-01-01T00:00:00.000000Z"}, "not_asked", "90 days"),
    ],
)
def test_why_nothing_is_known_is_said(changes: dict[str, Any], verdict: str, why: str) -> None:
    trail = Trail()
    run = _one(trail, **{"by": "order", "execution": trail.run("one", OPS), **changes})
    assert (run.verdict, run.started_by) == (verdict, None)
    assert why in str(run.why)


def test_an_event_may_not_have_come_yet() -> None:
    trail = Trail()
    young = trail.run("young", None, ago=timedelta(minutes=3))
    old = trail.run("old", None, ago=timedelta(hours=3))
    assert "some minutes" in str(_one(trail, by="order", execution=young).why)
    assert "has no StartExecution" in str(_one(trail, by="order", execution=old).why)


def test_too_many_starts_at_once_are_not_guessed_at() -> None:
    trail = Trail()
    arn, trail.page = trail.run("one", OPS), 1
    for number in range(cloud_trail.PAGES):
        trail.run(f"more-{number}", USER)
    assert _one(trail, by="order", execution=arn).verdict == "not_asked"


def test_orders_come_first_and_no_more_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_starts, "MOST", 2)
    trail = Trail()
    arns = [trail.run(name, OPS) for name in "abcd"]
    kinds = ("order", "file", "file", "order")
    found = _found(trail, *({"by": by, "execution": a} for by, a in zip(kinds, arns, strict=True)))
    assert [run.verdict for run in found.runs] == [
        "unclaimed",
        "not_asked",
        "not_asked",
        "unclaimed",
    ]
    assert found.incomplete is None


@pytest.mark.parametrize(
    ("code", "says"),
    [("AccessDeniedException", '"cloudtrail:LookupEvents"'), ("ThrottlingException", "no answer")],
)
def test_what_aws_refuses_ends_the_lookups_and_is_said(code: str, says: str) -> None:
    trail = Trail()
    arn, trail.refuse = trail.run("one", OPS), code
    found = _found(trail, *({"by": "order", "execution": arn} for _ in range(3)))
    assert [run.verdict for run in found.runs] == ["not_asked"] * 3
    assert says in str(found.incomplete)
    assert len(trail.lookups) == 1
