"""Strict validators take the published schemas as they are: no plugin, no option."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.repository import ROOT

SCHEMAS = sorted((ROOT / "schema").glob("*.json"))

KNOWN_KEYWORDS = {
    *("$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default"),
    *("type", "const", "enum", "anyOf", "oneOf", "allOf", "not"),
    *("properties", "required", "additionalProperties", "propertyNames", "maxProperties"),
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
    for keyword in ("properties", "$defs"):
        for name, one in node.get(keyword, {}).items():
            yield from _nodes(one, f"{place}/{keyword}/{name}", set())
