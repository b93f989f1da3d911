"""What is wrong with a field, in words for the person who wrote the file."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from latchkey.config.meant import meant
from latchkey.config.near_words import other_service, service_meant, switch_meant, word_meant
from latchkey.services.registry import NAMES, entry_class
from latchkey.text import json_text

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
    "account": "the ID of an account: 12 digits, in double quotes",
    "organization_id": "the ID of an organization, like o-a1b2c3d4e5",
}

_OTHERS = (
    "no other is granted, but configuration and bills of all services are, by an entry of `account`"
)
_LONGEST = 512
"""Characters of what a message tells to write."""


def wording(error: ErrorDetails, fields: Mapping[str, Any], now: datetime | None = None) -> str:
    """The message for one of pydantic's errors, with what to write, where that is clear.

    `fields` are those at the top of a config; `now` is when a period begins that stands for a date.
    """
    name, given = str(error["loc"][-1]), error["input"]
    message = _message(error, fields)
    if error["type"] in ("missing", "extra_forbidden", "union_tag_invalid", "union_tag_not_found"):
        return message
    if given is None and name in fields and not fields[name].is_required():
        return f"{message}, or leave `{name}` out"
    if service := _arn_of_another(error["loc"], given):
        return f'{message}; this is an ARN of {service}, for an entry with "service": "{service}"'
    near = _near(error, fields, now)
    return f"{message}; here, write {near}" if near and len(near) <= _LONGEST else message


def _near(error: ErrorDetails, fields: Mapping[str, Any], now: datetime | None) -> str | None:
    given = error["input"]
    match error["type"]:
        case "bool_type":
            switch = switch_meant(given)
            return None if switch is None else json.dumps(switch)
        case "literal_error":
            word = word_meant(given, _quoted(error["ctx"]["expected"]))
            return word and json.dumps(word)
        case _:
            return meant(error["loc"], given, fields, now)


def _arn_of_another(loc: Sequence[str | int], given: object) -> str | None:
    """The service of an ARN that stands in an entry of another service."""
    if len(loc) != 4 or loc[0] != "access" or not isinstance(loc[2], str):
        return None
    return other_service(loc[2], given)


def _message(error: ErrorDetails, fields: Mapping[str, Any]) -> str:
    name, given, context = str(error["loc"][-1]), error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "missing; this field is required"
        case "extra_forbidden":
            near = get_close_matches(name, _names(error["loc"], fields), n=1)
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
            return _sized(name, kind, given, context) or _plain(error["msg"])


def _names(loc: Sequence[str | int], fields: Mapping[str, Any]) -> Sequence[str]:
    """The fields that there are at a place."""
    if len(loc) == 1:
        return list(fields)
    if len(loc) == 4 and loc[0] == "access" and loc[2] in NAMES:
        return list(entry_class(str(loc[2])).model_fields)
    return ()


def _service(context: dict[str, Any]) -> str:
    if "tag" not in context:
        return "missing; name the `service` of this entry"
    near = service_meant(context["tag"])
    known = f"one of {context['expected_tags']}"
    hint = f'; here, write "{near}"' if near else f"; {_OTHERS}"
    return f"unknown service {_shown(context['tag'])}; {known}{hint}"


def _quoted(expected: str) -> list[str]:
    """The words in pydantic's list of those that are expected."""
    return re.findall(r"'([^']*)'", expected)


def _sized(name: str, kind: str, given: Any, context: dict[str, Any]) -> str | None:
    match kind:
        case "greater_than_equal" | "less_than_equal" if name == "version":
            return f"{_shown(given)} is no version"
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
    """A value as it stands in the file; a text in quotes that do not end it."""
    text = repr(given) if isinstance(given, str) else json_text(given)
    return text if len(text) <= 60 else f"{text[:60]}…"
