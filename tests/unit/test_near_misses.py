"""Values in forms that people have at hand: the message says the value to write."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from latchkey.config.reader import read_document
from latchkey.config.schema import FIELDS
from latchkey.services.registry import CUSTOM, NAMES, entry_class, spec
from tests.kit.examples import (
    NOW,
    STACK_CONTEXT,
    config_document,
    read,
)
from tests.unit.near_misses import NOT_CLEAR, OTHERS, RESOURCES, entry_with

WRAPPED = (" {} ", "{}\n", "\t{}", '"{}"', "'{}'", "`{}`", "<{}>", "“{}”", "{},", "{};")
"""How a value is copied with what stood around it."""

TEXTS: dict[str, str] = {
    "partner": "acme",
    "grant": "reports",
    "owner_contact": "team@example.com",
    "starts_at": "2029-06-30T18:00:00Z",
    "expires_at": "2030-06-30T18:00:00Z",
    "organization_id": "o-a1b2c3d4e5",
    "role_name": "AcmeReader",
    "account": "123456789012",
}
ITEMS: dict[str, str] = {"principals": "444455556666", "source_ips": "203.0.113.0/24"}
SENTENCES = {"purpose", "owner"}
"""Texts that take anything that can be seen, so nothing is a near miss of one."""


def _resources() -> Iterator[tuple[str, str, str]]:
    """Every field of every service that names a resource or a part of one."""
    for service in NAMES:
        described = spec(service)
        if service != CUSTOM:
            example = {described.part: "prod", **described.example}
            for name in filter(None, (described.field, described.part)):
                if isinstance(example.get(name), str) and name in entry_class(service).model_fields:
                    yield service, name, example[name]


def _messages(document: dict[str, Any], path: str) -> str:
    found = read_document(document, STACK_CONTEXT, NOW).problems
    return "\n".join(one.message for one in found if one.path == path)


def test_every_text_field_of_the_config_is_in_these_tables() -> None:
    schema = json.loads(json.dumps({name: str(info.annotation) for name, info in FIELDS.items()}))
    others = {"version", "external_id", "generate_external_id", "max_session_duration", "status"}
    others |= {
        "require_mfa",
        "source_identity",
        "self_assume",
        "confirm_every_days",
        "session_tags",
        "access",
        "tags",
    }
    others |= {"confirm_every_days"}
    assert others | SENTENCES | TEXTS.keys() | ITEMS.keys() >= schema.keys()
    assert {service for service, _, _ in _resources()} == set(NAMES) - {
        CUSTOM,
        "account",
        "cloudwatch",
    }  # of no resource


@pytest.mark.parametrize("form", WRAPPED)
@pytest.mark.parametrize(("name", "value"), TEXTS.items())
def test_a_text_with_something_around_it(name: str, value: str, form: str) -> None:
    message = _messages(config_document(**{name: form.format(value)}), f"/{name}")
    if name == "role_name" and form == "{},":
        return  # IAM takes it as it is
    assert f"write {json.dumps(value)}" in message


@pytest.mark.parametrize("form", WRAPPED)
@pytest.mark.parametrize(("name", "value"), ITEMS.items())
def test_an_item_with_something_around_it(name: str, value: str, form: str) -> None:
    document = config_document(**{name: [form.format(value)]})
    assert f"write {json.dumps(value)}" in _messages(document, f"/{name}/0")
    alone = config_document(**{name: form.format(value)})
    assert f"write {json.dumps([value])}" in _messages(alone, f"/{name}")


@pytest.mark.parametrize("form", WRAPPED)
@pytest.mark.parametrize(("service", "name", "value"), [*_resources()])
def test_a_resource_with_something_around_it(
    service: str, name: str, value: str, form: str
) -> None:
    document = config_document(access=[entry_with(service, name, form.format(value))])
    message = _messages(document, f"/access/0/{name}")
    if message or name != "prefix":  # the name of a folder may hold most of them
        written = (json.dumps(value), json.dumps(value.rstrip("/")))
        assert any(f"write {one}" in message for one in written), message


@pytest.mark.parametrize(("service", "name", "given", "written"), RESOURCES)
def test_a_resource_in_another_form(service: str, name: str, given: str, written: str) -> None:
    document = config_document(access=[entry_with(service, name, given)])
    assert written in _messages(document, f"/access/0/{name}")


@pytest.mark.parametrize(("name", "given", "below", "written"), OTHERS, ids=lambda v: str(v)[:40])
def test_a_value_in_another_form(name: str, given: Any, below: str, written: str) -> None:
    assert written in _messages(config_document(**{name: given}), f"/{name}{below}")


@pytest.mark.parametrize(("name", "given"), NOT_CLEAR, ids=str)
def test_what_is_not_clear_is_not_guessed(name: str, given: Any) -> None:
    (problem,) = read(**{name: given}).problems
    assert "here, write" not in problem.message


@pytest.mark.parametrize("form", WRAPPED)
def test_an_external_id_is_described_and_not_quoted(form: str) -> None:
    given = form.format("acme-7f3b2c91")
    for value, path in ((given, "/external_id"), ([given], "/external_id/0")):
        message = _messages(config_document(external_id=value), path)
        assert "around it" in message or form == "{},", message
        assert "7f3b2c91" not in message


@pytest.mark.parametrize("text", ["2030-06-30t18:00:00z", "2030-06-30T18:00:00z"])
def test_small_letters_in_a_time_are_legal(text: str) -> None:
    """RFC 3339, section 5.6: "T" and "Z" may alternatively be lower case."""
    config = read(expires_at=text).config
    assert config is not None
    assert config.ends_at.isoformat() == "2030-06-30T18:00:00+00:00"


def test_a_period_without_a_time_to_count_from_is_not_guessed() -> None:
    (problem,) = read_document(config_document(expires_at="90d"), STACK_CONTEXT, None).problems
    assert "here, write" not in problem.message
    later = NOW + timedelta(days=1)
    (problem,) = read_document(config_document(expires_at="90d"), STACK_CONTEXT, later).problems
    assert '"2026-04-16T12:00:00Z"' in problem.message
