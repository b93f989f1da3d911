"""What the published schema of configs says beyond the models: patterns, and rules across fields.

Strict validators refuse what they were not taught, so there are no formats and no keywords of
OpenAPI in it. Patterns are for readers of ECMA 262 and of Python alike.
"""

from typing import Any

SCHEMA_NAME = 2_048
"""Characters of `$schema` at most."""

TIME_PATTERN = (
    r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""RFC 3339 without its leap seconds, as far as a pattern knows the calendar. There is no `format`
beside it: strict validators refuse formats that they were not taught."""

_NO_TAG_TEXT = r"""[^\u0000-\u001f\u007f!"#$%&'()*,;<>?\[\\\]^`{|}~]*$"""
"""What `_TAG_TEXT` takes, as far as a pattern can say it that knows no letters beyond ASCII."""

TAGS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "propertyNames": {
        "minLength": 1,
        "maxLength": 128,
        "pattern": f"^(?![aA][wW][sS]:|[lL][aA][tT][cC][hH][kK][eE][yY]:){_NO_TAG_TEXT}",
    },
    "additionalProperties": {
        "type": "string",
        "maxLength": 256,
        "pattern": f"^(?![aA][wW][sS]:){_NO_TAG_TEXT}",
    },
    "maxProperties": 40,
    "default": {},
}
_WHO = {
    "$comment": "Who needs no external ID can be told from the file only where each principal is "
    "a role or a user, as far as the guardrails allow it. In a stack with first-party accounts, "
    "write null.",
    "anyOf": [
        {"required": ["external_id"], "properties": {"external_id": {}}},
        {
            "required": ["generate_external_id"],
            "properties": {"generate_external_id": {"const": True}},
        },
        {
            "properties": {
                "principals": {
                    "type": "array",
                    "items": {"not": {"type": "string", "pattern": "^[0-9]{12}$|:root$"}},
                }
            }
        },
    ],
}
_ONE_ID = {
    "$comment": "An external ID is given or generated, never both.",
    "not": {
        "required": ["external_id", "generate_external_id"],
        "properties": {
            "external_id": {"not": {"type": "null"}},
            "generate_external_id": {"const": True},
        },
    },
}

_END = {
    "$comment": "Exactly one of the two says how access ends.",
    "oneOf": [
        {
            "required": [name],
            "properties": {name: {"not": {"type": "null"}}},
        }
        for name in ("expires_at", "confirm_every_days")
    ],
}


def add_rules(schema: dict[str, Any]) -> None:
    """What a schema can say of several fields at once, and what editors put at the top."""
    schema["properties"]["$schema"] = {
        "type": "string",
        "maxLength": SCHEMA_NAME,
        "description": "Where an editor finds this schema; Latchkey ignores it.",
    }
    schema["allOf"] = [_WHO, _ONE_ID, _END]
