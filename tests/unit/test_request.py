"""The workflow's input: three forms, and what is wrong with everything else."""

from typing import Any

import pytest

from latchkey.config.problem import ConfigRejected
from latchkey.grant_id import GrantId
from latchkey.workflow.request import (
    ActionRequest,
    FileRequest,
    InlineRequest,
    parse_bulk_action,
    parse_request,
)

VALID: list[tuple[dict[str, Any], type]] = [
    ({"config": {}}, InlineRequest),
    ({"config": {"a": 1}, "dry_run": True}, InlineRequest),
    ({"bucket": "config-bucket", "key": "partners/a b.json"}, FileRequest),
    ({"bucket": "config-bucket", "key": "k", "dry_run": False}, FileRequest),
    ({"action": "revoke", "partner": "acme"}, ActionRequest),
    ({"action": "suspend", "partner": "acme", "grant": "main", "reason": "why"}, ActionRequest),
    ({"action": "resume", "partner": "acme", "grant": "x1", "dry_run": True}, ActionRequest),
    ({"action": "check", "partner": "acme", "reason": ""}, ActionRequest),
    ({"action": "check", "partner": "acme", "by": "sweep"}, ActionRequest),
    ({"action": "check", "partner": "acme", "by": None}, ActionRequest),
]


@pytest.mark.parametrize(("document", "form"), VALID)
def test_each_form_is_recognised(document: dict[str, Any], form: type) -> None:
    request = parse_request(document)
    assert isinstance(request, form)
    assert request.dry_run is document.get("dry_run", False)


def test_grant_is_main_unless_named() -> None:
    request = parse_request({"action": "revoke", "partner": "acme"})
    assert isinstance(request, ActionRequest)
    assert request.grant_id == GrantId("acme", "main")


LAYERS: list[tuple[dict[str, Any], str]] = [
    ({"bucket": "config-bucket", "key": "k"}, "file"),
    ({"config": {}}, "order"),
    ({"action": "revoke", "partner": "acme"}, "order"),
    ({"action": "check", "partner": "acme", "reason": "by hand"}, "order"),
    ({"action": "check", "partner": "acme", "reason": "why", "by": "drift"}, "drift"),
    ({"action": "check", "partner": "acme", "reason": "expiry schedule", "by": "sweep"}, "sweep"),
    # The input of a schedule that was made before there was `by`.
    ({"action": "check", "partner": "acme", "reason": "expiry schedule"}, "schedule"),
    ({"action": "revoke", "partner": "acme", "reason": "expiry schedule"}, "order"),
]


@pytest.mark.parametrize(("document", "trigger"), LAYERS, ids=str)
def test_request_says_what_triggered_the_run(document: dict[str, Any], trigger: str) -> None:
    assert parse_request(document).trigger == trigger


MANY = {"action": "revoke", "partner": "acme", "grant": "*", "reason": "why", "requested_by": "me"}
EVERYTHING = {**MANY, "partner": "*", "confirm": "all"}


@pytest.mark.parametrize("document", [MANY, EVERYTHING, {**EVERYTHING, "dry_run": True}])
def test_orders_for_many_are_read_but_not_by_a_step_for_one(document: dict[str, Any]) -> None:
    assert parse_bulk_action(document).grant == "*"
    with pytest.raises(ConfigRejected, match="for the workflow to take apart"):
        parse_request(document)


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"confirm": None}, ["/confirm"]),
        ({"confirm": "yes"}, ["/confirm"]),
        ({"confirm": True}, ["/confirm"]),
        ({"grant": "main"}, ["/grant"]),
        ({"partner": "acm*"}, ["/partner"]),
        ({"reason": "", "requested_by": ""}, ["/reason", "/requested_by"]),
        ({"action": "check"}, ["/action"]),
        ({"by": "sweep"}, ["/by"]),
    ],
    ids=str,
)
def test_order_for_everything_must_be_meant(changes: dict[str, Any], paths: list[str]) -> None:
    with pytest.raises(ConfigRejected) as rejected:
        parse_request({**EVERYTHING, **changes, **({"grant": "*"} if "partner" in changes else {})})
    assert [problem.path for problem in rejected.value.problems] == paths


def test_what_is_missing_is_reported_as_what_to_write() -> None:
    with pytest.raises(ConfigRejected, match='every partner; add "confirm": "all"'):
        parse_bulk_action({key: value for key, value in EVERYTHING.items() if key != "confirm"})


@pytest.mark.parametrize(
    ("action", "status", "instruction", "meant"),
    [
        ("suspend", "active", None, True),
        ("suspend", "failed", "suspend", True),
        ("suspend", "suspended", None, False),
        ("resume", "suspended", "suspend", True),
        ("resume", "suspended", None, False),  # its own file says so
        ("resume", "active", "resume", False),
        ("revoke", "suspended", None, True),
        ("revoke", "failed", None, True),
    ],
)
def test_order_is_for_what_it_changes(
    action: str, status: str, instruction: str | None, meant: bool
) -> None:
    for partner in ("acme", "*"):
        order = parse_bulk_action({**EVERYTHING, "action": action, "partner": partner})
        assert order.is_for("acme", status, instruction) is meant
        assert order.is_for("other", status, instruction) is (meant and partner == "*")


INVALID: list[tuple[Any, list[str]]] = [
    ({"action": "revoke", "partner": "*"}, ["/confirm", "/reason", "/requested_by"]),
    ({"action": "revoke", "partner": "acme", "requested_by": 1}, ["/requested_by"]),
    (None, [""]),
    ([], [""]),
    ("text", [""]),
    ({}, [""]),
    ({"key": "k"}, [""]),
    ({"partner": "acme"}, [""]),
    ({"config": {}, "bucket": "config-bucket", "key": "k"}, [""]),
    ({"config": {}, "action": "revoke"}, [""]),
    ({"config": None}, ["/config"]),
    ({"config": [1]}, ["/config"]),
    ({"config": "{}"}, ["/config"]),
    ({"config": {}, "dry_run": "true"}, ["/dry_run"]),
    ({"config": {}, "dry_run": 1}, ["/dry_run"]),
    ({"config": {}, "dryrun": True}, ["/dryrun"]),
    ({"bucket": "config-bucket"}, ["/key"]),
    ({"bucket": "", "key": ""}, ["/bucket", "/key"]),
    ({"bucket": 1, "key": "k" * 1025}, ["/bucket", "/key"]),
    ({"action": "delete", "partner": "A", "grant": "b c"}, ["/action", "/grant", "/partner"]),
    ({"action": "revoke"}, ["/partner"]),
    ({"action": "revoke", "partner": "acme\n"}, ["/partner"]),
    ({"action": "revoke", "partner": "acme", "reason": "r" * 1025}, ["/reason"]),
    ({"action": "revoke", "partner": "acme", "force": True}, ["/force"]),
    ({"action": "revoke", "partner": "acme", "by": "schedule"}, ["/by"]),
    ({"action": "check", "partner": "acme", "by": "cron"}, ["/by"]),
    ({"bucket": "config-bucket", "key": "k", "by": "file"}, ["/by"]),
]


@pytest.mark.parametrize(("document", "paths"), INVALID, ids=lambda v: str(v)[:60])
def test_every_problem_of_the_input_is_reported(document: Any, paths: list[str]) -> None:
    with pytest.raises(ConfigRejected) as rejected:
        parse_request(document)
    assert [problem.path for problem in rejected.value.problems] == paths


def test_input_of_no_form_gets_the_forms() -> None:
    with pytest.raises(ConfigRejected, match=r'"config".*"bucket".*"action"'):
        parse_request({"foo": 1})


def test_only_dry_runs_are_planned_as_a_file() -> None:
    asked = {"config": {}, "as_file": "partners/acme.json"}
    with pytest.raises(ConfigRejected) as rejected:
        parse_request(asked)
    assert [problem.path for problem in rejected.value.problems] == ["/as_file"]
    request = parse_request({**asked, "dry_run": True})
    assert isinstance(request, InlineRequest)
    assert request.as_file == "partners/acme.json"
