"""Changes of one field of a state in a workflow's definition."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kit.repository import ROOT

_FOLDER = Path("statemachine")


@dataclass(frozen=True)
class FieldEdit:
    """A field of a state has another value."""

    field: str
    value: Any


def set_field(field: str, value: Any) -> FieldEdit:
    """A field of a state, which it has, has another value."""
    return FieldEdit(field, value)


def edited(target: str, edit: FieldEdit) -> tuple[Path, str]:
    """A definition, and its text with a change of the state `<name>.asl.json:<state>`.

    Raises
    ------
    ValueError
        When there is not exactly one such state, or it has no such field.
    """
    name, _, state = target.partition(":")
    path = _FOLDER / name
    document = json.loads((ROOT / path).read_text(encoding="utf-8"))
    found = [one for one in _states(document) if state in one]
    if len(found) != 1:
        raise ValueError(f"{name} has {len(found)} states {state}")
    if edit.field not in found[0][state]:
        raise ValueError(f"{state} has no {edit.field}")
    found[0][state][edit.field] = edit.value
    return path, json.dumps(document, indent=2)


def _states(part: Any) -> Iterator[dict[str, Any]]:
    """Every collection of states, however deep."""
    if isinstance(part, dict):
        if isinstance(part.get("States"), dict):
            yield part["States"]
        for one in part.values():
            yield from _states(one)
    elif isinstance(part, list):
        for one in part:
            yield from _states(one)
