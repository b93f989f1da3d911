"""The value that somebody meant who wrote nearly the right one.

Each kind of field has forms in which people have its value at hand. The first of them that the
field itself takes is what a message tells them to write, so that no advice is wrong for a field.
External IDs are secrets: messages describe what is wrong with one, and never quote it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from latchkey.config.near_fields import MOST, external_id, folders, networks, numbers, tags, texts
from latchkey.config.near_times import near_times
from latchkey.config.near_words import AROUND, LONGEST
from latchkey.iam.near_principals import near_principals
from latchkey.services.near_names import near_names
from latchkey.services.registry import NAMES, entry_class, spec
from latchkey.text import json_text

_Adapter = TypeAdapter[Any]
_NUMBERS = {"version", "max_session_duration"}
_LISTS = {"principals", "source_ips", "session_tags", "access"}
_TIMES = {"starts_at", "expires_at"}


def meant(
    loc: Sequence[str | int], given: object, fields: Mapping[str, Any], now: datetime | None
) -> str | None:
    """What to write for the value at a place of a config; None where nothing is clear.

    `loc` is pydantic's location, in which the third part in `access` is the entry's service;
    `fields` are those at the top of a config, and `now` is when a period begins, if that is known.
    """
    if isinstance(given, str) and len(given) > LONGEST:
        return None
    match tuple(loc):
        case ("access", int(), str(service), str(name)) if service in NAMES:
            return _in_entry(service, name, given)
        case ("external_id", *_):
            return external_id(given)
        case ("tags", *rest):
            return tags(rest, given)
        case (str(name),) if name in fields:
            return _top(name, given, _adapter(None, name, fields), now)
        case (_, int(), "token", *_):
            return None  # what a web identity says is nobody's name
        case (str(name), int(), *_) if name in _LISTS - {"access"}:
            return _item(name, given, _adapter(None, name, fields))
        case _:
            return None


def _in_entry(service: str, name: str, given: object) -> str | None:
    described, fields = spec(service), entry_class(service).model_fields
    if name not in fields or name not in (described.field, described.part):
        return None
    if isinstance(given, int | float) and not isinstance(given, bool):
        given = json.dumps(given)
        return _first([given], _adapter(service, name, fields))
    if not isinstance(given, str):
        return None
    takes, bare = _adapter(service, name, fields), given.strip(AROUND)
    if name == described.part:
        return _first(folders(bare), takes, given)
    for near, rest in near_names(bare, service, described.arn):
        if near != given and _takes(takes, near):
            return json.dumps(near) + _beside(service, described.part, rest.rstrip("*"))
    return None


def _beside(service: str, part: str, rest: str) -> str:
    """What a text named of its resource, as the field that has it."""
    fields = entry_class(service).model_fields
    if not rest or part not in fields or not _takes(_adapter(service, part, fields), rest):
        return ""
    return f', and "{part}": {json.dumps(rest)}'


def _top(name: str, given: object, takes: _Adapter, now: datetime | None) -> str | None:
    if name in _LISTS:
        return _as_list(name, given, takes)
    if isinstance(given, list) and len(given) == 1 and _takes(takes, given[0]):
        return json_text(given[0])
    if name in _TIMES:
        return _first(near_times(given, now, ends=name == "expires_at"), takes, given)
    if name in _NUMBERS:
        return _first(numbers(name, given), takes)
    if isinstance(given, int | float) and not isinstance(given, bool):
        return _first([json.dumps(given)], takes)
    return _first(texts(name, given), takes, given) if isinstance(given, str) else None


def _as_list(name: str, given: object, takes: _Adapter) -> str | None:
    if isinstance(given, dict) and name == "access":
        return "[ ] around the entry"
    if given == "true" and name == "session_tags":
        return "true"
    items = _near_items(name, given, takes)
    found = next((one for one in items if _takes(takes, one)), None)
    return json_text(found) if found else None


def _item(name: str, given: object, takes: _Adapter) -> str | None:
    for items in _near_items(name, given, takes):
        if items != [given] and _takes(takes, items):
            return ", ".join(json_text(one) for one in items)
    return None


def _near_items(name: str, given: object, takes: _Adapter) -> Iterator[list[str]]:
    """The items that one stands for: one, those of a list in one text, or of a span of addresses.

    Each of several has to be clear by itself, so that none is lost.
    """
    if name == "principals" and isinstance(given, dict) and len(given) == 1:
        given = next(iter(given.values()))  # {"AWS": …}, as policies write it
    if name == "principals" and type(given) is int and 0 < given < 10**12:
        given = f"{given:012d}"
    if not isinstance(given, str):
        return
    yield from _near_item(name, given.strip(AROUND))
    parts = [part.strip(AROUND) for part in given.split(",")]
    if 1 < len(parts) <= MOST:
        near = [list(_near_item(name, part)) for part in parts]
        sure = [next((one for one in items if _takes(takes, one)), []) for items in near]
        if all(sure):
            yield [item for items in sure for item in items]


def _near_item(name: str, bare: str) -> Iterator[list[str]]:
    match name:
        case "principals":
            yield from ([one] for one in near_principals(bare))
        case "source_ips":
            yield from networks(bare)
        case _:
            yield [bare]


@cache
def _adapters() -> dict[tuple[str | None, str], _Adapter]:
    return {}


def _adapter(service: str | None, name: str, fields: Mapping[str, Any]) -> _Adapter:
    known, key = _adapters(), (service, name)
    if key not in known:
        field = fields[name]
        whole: Any = field.annotation
        if field.metadata:
            whole = Annotated[(whole, *field.metadata)]
        known[key] = TypeAdapter(whole, config={"arbitrary_types_allowed": True})
    return known[key]


def _takes(takes: _Adapter, value: object) -> bool:
    try:
        takes.validate_python(value)
    except ValidationError:
        return False
    return True


def _first(candidates: Iterable[Any], takes: _Adapter, given: object = None) -> str | None:
    for one in candidates:
        if one != given and one not in ("", None) and _takes(takes, one):
            return json_text(one)
    return None
