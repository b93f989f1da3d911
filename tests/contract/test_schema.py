"""The schemas and reference pages are those of the models, and agree with what is accepted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from latchkey.config.guardrails import Guardrails
from latchkey.config.reader import read_document
from latchkey.reports.result_markdown import markdown
from latchkey.services.registry import NAMES as SERVICES
from tests.kit.documented.result import example_result
from tests.kit.examples import NOW, STACK_CONTEXT, config_document, s3_entry, secret_entry
from tests.kit.repository import ROOT
from tests.kit.result_schema import validated
from tools.reference.generate import generated

CONFIG = json.loads((ROOT / "schema/partner-config.schema.json").read_text(encoding="utf-8"))
GUARDRAILS = json.loads((ROOT / "schema/guardrails.schema.json").read_text(encoding="utf-8"))
RESULT = json.loads((ROOT / "schema/result.schema.json").read_text(encoding="utf-8"))
EXAMPLES = sorted((ROOT / "events/configs").glob("*.json"))
VALID = [path for path in EXAMPLES if not path.stem.startswith("invalid")]


def _by_schema(document: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(CONFIG).is_valid(document))


def _by_reader(document: Any) -> bool:
    return read_document(document, STACK_CONTEXT, NOW).config is not None


@pytest.mark.parametrize("name", generated())
def test_file_in_the_repository_is_what_the_models_say_today(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == generated()[name], "run `make docs`"


@pytest.mark.parametrize(
    "schema", [CONFIG, GUARDRAILS, RESULT], ids=["config", "guardrails", "result"]
)
def test_schema_is_one_and_describes_every_field(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    for path, field in _fields(schema):
        assert field.get("description") or path.endswith("service"), path


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for place in (schema, *schema.get("$defs", {}).values()):
        for name, field in place.get("properties", {}).items():
            yield f"{place.get('title')}.{name}", field


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_example_is_accepted_by_schema_and_reader(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert _by_schema(document)
    assert read_document(document, STACK_CONTEXT, NOW).problems == ()


def test_there_is_an_example_of_every_service() -> None:
    texts = (json.loads(path.read_text(encoding="utf-8")) for path in VALID)
    assert {entry["service"] for text in texts for entry in text["access"]} == set(SERVICES)


def _entry(service: str, **fields: Any) -> dict[str, Any]:
    return {"access": [{"service": service, **fields}]}


BAD: list[dict[str, Any]] = [
    {"version": 2},
    {"version": "1"},
    {"partner": "Acme"},
    {"partner": "a"},
    {"partner": "a" * 23},
    {"grant": "1st"},
    {"purpose": ""},
    {"purpose": "x" * 257},
    {"purpose": "   "},
    {"owner": 7},
    {"principals": []},
    {"principals": ["*"]},
    {"principals": "444455556666"},
    {"principals": ["44445555666"]},
    {"principals": ["arn:aws:iam::444455556666:role/*"]},
    {"principals": ["arn:aws:sts::444455556666:assumed-role/a/b"]},
    {"principals": ["444455556666"] * 11},
    {"external_id": "x"},
    {"external_id": ["acme-7f3b2c91", "x"]},
    {"external_id": []},
    {"external_id": ["acme-7f3b2c91"] * 6},
    {"external_id": {"a": "acme-7f3b2c91"}},
    {"external_id": "with space"},
    {"external_id": "x" * 1225},
    {"generate_external_id": "yes"},
    {"expires_at": "2030-01-01"},
    {"expires_at": "2030-01-01T00:00:00"},
    {"expires_at": 1893456000},
    {"max_session_duration": 60},
    {"max_session_duration": 50000},
    {"source_ips": []},
    {"organization_id": "o-1"},
    {"owner_contact": "platform"},
    {"session_tags": []},
    {"session_tags": False},
    {"session_tags": "team"},
    {"session_tags": ["team"] * 2},
    {"session_tags": [""]},
    {"session_tags": ["x" * 129]},
    {"session_tags": [f"k{n}" for n in range(51)]},
    {"source_identity": "yes"},
    {"self_assume": 1},
    {"account": 123456789012},
    {"account": "1234"},
    {"role_name": "a/b"},
    {"role_name": "x" * 65},
    {"status": "paused"},
    {"unknown": 1},
    {"$schema": 1},
    {"$schema": "x" * 2049},
    {"tags": {"aws:x": "1"}},
    {"tags": {"AWS:x": "1"}},
    {"tags": {"latchkey:grant": "1"}},
    {"tags": {"x": "aws:1"}},
    {"tags": {"x": "a,b"}},
    {"tags": {"a,b": "x"}},
    {"tags": {"": "x"}},
    {"tags": {"x": "y" * 257}},
    {"tags": {"x" * 129: "y"}},
    {"session_tags": ["latchkey:grant"]},
    {"session_tags": ["aws:x"]},
    {"session_tags": ["a*"]},
    {"generate_external_id": True},
    {"external_id": ["acme-7f3b2c91"], "generate_external_id": True},
    {"expires_at": "2030-13-01T00:00:00Z"},
    {"expires_at": "2030-01-01T24:00:00Z"},
    {"access": [s3_entry(bucket="data..bucket")]},
    {"access": [s3_entry(prefix="a/../b")]},
    {"access": [s3_entry(prefix="..")]},
    _entry("ssm", parameter="/aws/service/", allow="read"),
    _entry("ssm", parameter="AWS", allow="read"),
    {"access": []},
    {"access": [s3_entry()] * 21},
    {"access": [s3_entry(bucket="Data_Bucket")]},
    {"access": [s3_entry(bucket="arn:aws:s3:::data-bucket")]},
    {"access": [s3_entry(prefix="in/*")]},
    {"access": [s3_entry(prefix="/in")]},
    {"access": [s3_entry(prefix="a//b")]},
    {"access": [s3_entry(allow="delete")]},
    {"access": [secret_entry(secret="a*")]},
    _entry("ec2", instance="i-1", allow="start"),
    _entry("sqs", queue="a b", allow="send"),
    _entry("sqs", queue="orders", allow="purge"),
    _entry("sns", topic="arn:aws:sqs:us-east-1:123456789012:orders", allow="publish"),
    _entry("dynamodb", table="t*", allow="read"),
    _entry("lambda", function="f?", allow="invoke"),
    _entry("ssm", parameter="/a/*", allow="read"),
    _entry("ssm", parameter="/", allow="read"),
    _entry("events", event_bus="${aws:username}", allow="put"),
    _entry("kinesis", stream="", allow="read"),
    _entry("states", state_machine="intake:prod", allow="start"),
    _entry("custom", statements=[]),
    _entry("custom", statements=[{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}]),
    _entry("custom", statements=[{"NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::a"}]),
]
ONLY_THE_READER_CAN_TELL: list[dict[str, Any]] = [
    {"principals": ["123456789012"]},
    {"expires_at": "2020-01-01T00:00:00Z"},
    {"expires_at": "2030-02-30T00:00:00Z"},
    {"starts_at": "2031-01-01T00:00:00Z"},
    {"source_ips": ["0.0.0.0/0"]},
    {"source_ips": ["10.0.0.0/8"]},
    {"source_ips": ["203.0.113.5/24"]},
    {"principals": ["arn:aws:iam::444455556666:role/AWSReservedSSO_View_0123456789abcdef"]},
    {"session_tags": ["team", "Team"]},
    {"external_id": None},
    _entry("custom", statements=[{"Action": "iam:PassRole", "Resource": "arn:aws:s3:::abc/*"}]),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_schema_and_reader_reject_the_same(bad: dict[str, Any]) -> None:
    document = config_document(**bad)
    assert not _by_schema(document)
    assert not _by_reader(document)


@pytest.mark.parametrize("bad", ONLY_THE_READER_CAN_TELL, ids=str)
def test_what_a_schema_cannot_check_the_reader_rejects(bad: dict[str, Any]) -> None:
    document = config_document(**bad)
    assert _by_schema(document)
    assert not _by_reader(document)


def test_guardrails_example_in_the_reference_is_valid() -> None:
    text = (ROOT / "docs/guardrails.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    jsonschema.Draft202012Validator(GUARDRAILS).validate(example)
    assert Guardrails.model_validate(example).max_grant_days == 180


def test_result_example_in_the_reference_is_valid_and_markdown_is_made_of_it() -> None:
    text = (ROOT / "docs/results.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json\n")[1].split("\n```\n")[0])
    assert validated(example)["summary"], "the example shows a change"
    assert f"````markdown\n{markdown(example)}````" in text


BAD_RESULTS: list[dict[str, Any]] = [
    {"outcome": "done"},
    {"widens": "yes"},
    {"summary": ["adds"]},
    {"summary": [{"effect": "risky", "text": "adds"}]},
    {"problems": [{"path": "no pointer", "message": "wrong"}]},
    {"expires_at": "tomorrow"},
    {"allows": [{"service": "s3"}]},
    {"unheard": 1},
]


@pytest.mark.parametrize("bad", BAD_RESULTS, ids=str)
def test_a_result_that_is_not_as_documented_is_found(bad: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validated(example_result() | bad)
