"""What is wrong with a field, in words for the person who wrote the file."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

_WANTED = {
    "string_type": "a text in double quotes",
    "bool_type": "true or false, without quotes",
    "int_type": "a whole number, without quotes",
    "list_type": "a list, in [ ]",
    "dict_type": "an object, in { }",
    "model_type": "an object, in { }",
    "model_attributes_type": "an object, in { }",
}
_PATTERNS = {
    "partner": "a name: 2 to 22 of a-z, 0-9 and '-', a letter first",
    "grant": "a name: 2 to 22 of a-z, 0-9 and '-', a letter first",
    "role_name": "a name that IAM takes: 1 to 64 letters, digits and _+=,.@-, without a path",
    "organization_id": "the ID of an organization, like o-a1b2c3d4e5",
}


def wording(error: ErrorDetails, fields: Collection[str]) -> str:
    """The message for one of pydantic's errors; `fields` are the names at the top of a config."""
    name, given, context = str(error["loc"][-1]), error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "missing; this field is required"
        case "extra_forbidden":
            near = get_close_matches(name, fields, n=1) if len(error["loc"]) == 1 else []
            return "unknown field" + (f"; did you mean {near[0]!r}?" if near else "; remove it")
        case "value_error":
            return str(context["error"])
        case "union_tag_invalid" | "union_tag_not_found":
            return _service(context)
        case "literal_error":
            return f"{_shown(given)} is not allowed here; write {context['expected']}"
        case "string_pattern_mismatch":
            return f"{_shown(given)} is not {_PATTERNS.get(name, 'of the right form')}"
        case kind if kind in _WANTED:
            return f"{_shown(given)} is of the wrong kind; write {_WANTED[kind]}"
        case kind:
            return _sized(kind, given, context) or _plain(error["msg"])


def _service(context: dict[str, Any]) -> str:
    if "tag" not in context:
        return "missing; name the `service` of this entry"
    return f"unknown service {_shown(context['tag'])}; one of {context['expected_tags']}"


def _sized(kind: str, given: Any, context: dict[str, Any]) -> str | None:
    match kind:
        case "greater_than_equal":
            return f"{_shown(given)} is too small; write {context['ge']} or more"
        case "less_than_equal":
            return f"{_shown(given)} is too large; write {context['le']} or less"
        case "too_short":
            return f"too few; write at least {context['min_length']}"
        case "too_long":
            most = context["max_length"]
            return f"too many: {context['actual_length']}, where {most} are the most"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            most = context["max_length"]
            return f"too long: {len(given)} characters, where {most} are the most"
        case _:
            return None


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]


def _shown(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:60]}…"
