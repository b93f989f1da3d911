"""Strict validators take the published schemas as they are, which say all that can be said."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from tests.kit.examples import NOW, STACK_CONTEXT, config_document, s3_entry
from tests.kit.repository import ROOT

CONFIG = json.loads((ROOT / "schema/partner-config.schema.json").read_text(encoding="utf-8"))
SCHEMAS = sorted((ROOT / "schema").glob("*.json"))

KNOWN_KEYWORDS = {
    *("$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default"),
    *("type", "const", "enum", "anyOf", "oneOf", "allOf", "not"),
    *("properties", "required", "additionalProperties", "propertyNames"),
    *("patternProperties", "minProperties", "maxProperties"),
    *("items", "minItems", "maxItems", "uniqueItems"),
    *("minLength", "maxLength", "pattern", "minimum", "maximum"),
}
"""Keywords of draft 2020-12 that ajv knows without a plugin; `format` needs one."""

NEEDS = {
    "string": {"minLength", "maxLength", "pattern"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "object": {"properties", "required", "additionalProperties", "propertyNames"},
}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schema_passes_strict_validators(path: Path) -> None:
    """The rules of ajv's mode `strict: true`: keywords, types, required fields, patterns with `u`.

    Source: ajv, "Strict mode".
    """
    schema = json.loads(path.read_text(encoding="utf-8"))
    for place, node, types in _nodes(schema, "#", set()):
        assert node.keys() <= KNOWN_KEYWORDS, place
        assert isinstance(node.get("type", ""), str), place
        for kind, keywords in NEEDS.items():
            assert kind in types or not keywords & node.keys(), f"{place} needs the type {kind}"
        assert set(node.get("required", ())) <= node.get("properties", {}).keys(), place
        unescaped = re.sub(
            r"\\(?:[\\^$.*+?()\[\]{}|/SsdDwW-]|u[0-9a-f]{4})", "", node.get("pattern", "")
        )
        assert "\\" not in unescaped, f"{place} has an escape that ECMA 262 does not know"


def _nodes(
    node: dict[str, Any], place: str, types: set[str]
) -> Iterator[tuple[str, dict[str, Any], set[str]]]:
    here = types | {node["type"]} if "type" in node else types
    yield place, node, here
    for keyword in ("anyOf", "oneOf", "allOf"):
        for index, one in enumerate(node.get(keyword, ())):
            yield from _nodes(one, f"{place}/{keyword}/{index}", here)
    for keyword in ("not",):
        if keyword in node:
            yield from _nodes(node[keyword], f"{place}/{keyword}", here)
    for keyword in ("items", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield from _nodes(node[keyword], f"{place}/{keyword}", set())
    if "propertyNames" in node:
        yield from _nodes(node["propertyNames"], f"{place}/propertyNames", {"string"})
    for keyword in ("properties", "patternProperties", "$defs"):
        for name, one in node.get(keyword, {}).items():
            yield from _nodes(one, f"{place}/{keyword}/{name}", set())


def _by_schema(document: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(CONFIG).is_valid(document))


def _by_reader(document: Any) -> bool:
    return read_document(document, STACK_CONTEXT, NOW).config is not None


def test_an_external_id_that_is_missing_is_said_by_the_schema() -> None:
    """Where a principal is a whole account, which needs one but of the own company: say null."""
    missing = config_document("external_id")
    assert not _by_schema(missing)
    assert not _by_reader(missing)
    role = "arn:aws:iam::444455556666:role/x"
    for document in (
        missing | {"generate_external_id": True},
        missing | {"principals": [role]},
    ):
        assert _by_schema(document)
        assert _by_reader(document)
    assert not _by_schema(missing | {"principals": [role, "arn:aws:iam::444455556666:root"]})
    first_party = missing | {"external_id": None}
    own = StackContext(STACK_CONTEXT.environment, frozenset({"444455556666"}))
    assert _by_schema(first_party)
    assert read_document(first_party, own, NOW).config is not None


LEGAL: list[dict[str, Any]] = [
    {"$schema": "../schema/partner-config.schema.json"},
    {"expires_at": "2030-06-30t18:00:00z"},
    {"expires_at": "2030-06-30T18:00:00.123456789-23:59"},
    {"tags": {"Kosten Stelle": "Büro 7 @ _.:/=+-"}},
    {"session_tags": ["Projekt ü"]},
    {"access": [s3_entry(prefix="a..b/..c/d..")]},
    {"external_id": "acme-7f3b2c91", "generate_external_id": False},
]


@pytest.mark.parametrize("good", LEGAL, ids=str)
def test_schema_and_reader_accept_the_same(good: dict[str, Any]) -> None:
    document = config_document(**good)
    assert _by_schema(document)
    assert _by_reader(document)
