"""Facts for security tools: each kind is valid OCSF, and says what it is."""

import json
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from latchkey.grants.record import EventType
from latchkey.reports.ocsf import object_key, ocsf
from latchkey.reports.outcome_event import About, OutcomeEvent, outcome_event
from tests.kit.documented.ocsf import CLASSES
from tests.kit.documented.result import example_result

RUN = "arn:aws:states:eu-west-1:123456789012:execution:latchkey-grant-workflow:file-acme-1"


def _event(fact: str, **changes: Any) -> OutcomeEvent:
    about = About(fact, "team", "file", "results", "k.result.json", RUN)  # type: ignore[arg-type]
    return outcome_event({**example_result(), **changes}, about)


def _fact(fact: str, unsaid: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    event = _event(fact, **changes)
    found = ocsf(event, {**example_result(), **changes}, "eu-west-1", unsaid)
    Draft202012Validator(CLASSES[found["class_uid"]]).validate(found)
    whole: dict[str, Any] = json.loads(json.dumps(found))
    return whole


KINDS = {
    "AccessGranted": (3005, 1, "Success"),
    "AccessUpdated": (3005, 1, "Success"),
    "AccessConfirmed": (3005, 99, "Success"),
    "AccessSuspended": (3005, 2, "Success"),
    "AccessRevoked": (3005, 2, "Success"),
    "AccessExpired": (3005, 2, "Success"),
    "ConfigRejected": (3005, 1, "Failure"),
    "OrderRejected": (3005, 99, "Failure"),
    "GrantFailed": (3005, 99, "Failure"),
    "DriftRepaired": (2004, 1, "Resolved"),
    "FindingsReported": (2004, 1, "New"),
    "FindingsResolved": (2004, 3, "Resolved"),
    "ApprovalRequested": (3005, 99, "Pending"),
}


def test_every_fact_has_a_kind() -> None:
    assert set(KINDS) == set(get_args(EventType))


@pytest.mark.parametrize("fact", KINDS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"partner": None, "grant": None, "role_arn": None, "config_key": None, "allows": []},
        {"problems": [{"path": "", "message": "x"}], "drift": ["y"], "reason": ""},
    ],
    ids=["whole", "nothing is known", "found"],
)
def test_each_kind_is_valid_and_says_what_it_is(fact: str, changes: dict[str, Any]) -> None:
    found = _fact(fact, **changes)
    assert (found["class_uid"], found["activity_id"], found["status"]) == KINDS[fact]
    assert found["metadata"]["event_code"] == fact


def _summary(*effects: str) -> dict[str, Any]:
    lines = [{"effect": effect, "text": effect} for effect in effects]
    return {"summary": lines, "widens": "widens" in effects}


@pytest.mark.parametrize(
    ("changes", "activity"),
    [
        (_summary("narrows"), 2),
        (_summary("narrows", "widens"), 1),
        (_summary("changes", "narrows"), 99),
        (_summary(), 99),
    ],
)
def test_a_change_is_what_it_comes_to(changes: dict[str, Any], activity: int) -> None:
    assert _fact("AccessUpdated", **changes)["activity_id"] == activity


@pytest.mark.parametrize(("order", "activity"), [("revoke", 2), ("suspend", 2), ("resume", 99)])
def test_an_order_to_take_away_that_failed_is_a_failed_revocation(
    order: str, activity: int
) -> None:
    assert _fact("GrantFailed", order=order)["activity_id"] == activity


def test_it_says_who_may_do_what_where() -> None:
    found = _fact("AccessGranted")
    assert found["user"] == {
        "name": "acme",
        "uid": "acme.reports",
        "type": "Partner",
        "type_id": 99,
    }
    assert found["cloud"]["account"]["uid"] == "123456789012"
    assert found["resources"][0]["type"] == "AWS::IAM::Role"
    assert any("northwind" in text for text in found["privileges"])


def test_it_says_who_wrote_the_file() -> None:
    author = {"user_id": "AROAEXAMPLE", "session": "ada"}
    found = _fact("AccessGranted", author=author)["unmapped"]["author"]
    assert {name: found[name] for name in author} == author


def test_findings_of_a_grant_are_closed_by_their_name() -> None:
    uids = [_fact(fact)["finding_info"]["uid"] for fact in ("FindingsReported", "FindingsResolved")]
    assert uids[0] == uids[1] == "acme.reports/findings"


def test_a_fact_has_one_place() -> None:
    at = {"recorded_at": "2026-03-01T12:00:00.000001Z"}
    key = object_key(_event("AccessGranted", **at))
    assert key == "ocsf/2026/03/01/file-acme-1-AccessGranted.json"


def test_no_external_id_is_told() -> None:
    secret = "very-secret-4711"
    rows = [{"service": "s3", "resource": secret, "may": ["read"], "conditions": [f"by {secret}"]}]
    found = _fact("AccessGranted", (secret,), allows=rows, external_id=secret)
    assert secret not in str(found)
