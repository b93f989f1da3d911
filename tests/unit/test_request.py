"""The workflow's input: three forms, and what is wrong with everything else."""

from typing import Any

import pytest

from latchkey.domain.grant import GrantId
from latchkey.domain.problem import ConfigRejected
from latchkey.domain.request import ActionRequest, FileRequest, InlineRequest, parse_request

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


@pytest.mark.parametrize(("document", "layer"), LAYERS, ids=str)
def test_request_tells_what_set_the_run_off(document: dict[str, Any], layer: str) -> None:
    assert parse_request(document).layer == layer


INVALID: list[tuple[Any, list[str]]] = [
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
def test_every_problem_of_the_input_is_told(document: Any, paths: list[str]) -> None:
    with pytest.raises(ConfigRejected) as rejected:
        parse_request(document)
    assert [problem.path for problem in rejected.value.problems] == paths


def test_input_of_no_form_is_told_the_forms() -> None:
    with pytest.raises(ConfigRejected, match=r'"config".*"bucket".*"action"'):
        parse_request({"foo": 1})
