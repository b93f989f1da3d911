"""Holds results to their published schema, and to have no field that it does not describe."""

import json
from functools import cache
from typing import Any

import jsonschema

from tests.kit.repository import ROOT

SCHEMA = ROOT / "schema/result.schema.json"


def validated(result: dict[str, Any]) -> dict[str, Any]:
    """The result, which has to be valid."""
    _validator().validate(result)
    return result


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for place in (schema, *schema["$defs"].values()):
        place.setdefault("additionalProperties", False)
    return jsonschema.Draft202012Validator(schema)
