"""Changes of one key of a resource in template.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.kit.repository import ROOT

_FILE = Path("template.yaml")


@dataclass(frozen=True)
class Edit:
    """A key has another value, or is left out; within the statement of a Sid, if there is one."""

    key: str
    value: str | None = None
    sid: str | None = None


def drop_key(key: str) -> Edit:
    """A key anywhere in a resource is left out."""
    return Edit(key)


def set_key(key: str, value: str, sid: str | None = None) -> Edit:
    """A key anywhere in a resource, or in one of its statements, has another value, as in YAML."""
    return Edit(key, value, sid)


def edited(target: str, edit: Edit) -> tuple[Path, str]:
    """The template, and its text with a change of the resource `template.yaml:<logical ID>`.

    Keys may follow, as in `template.yaml:<logical ID>.Properties.Events`, for a part of it. What
    all functions have in common is `template.yaml:Globals.Function`.

    Raises
    ------
    ValueError
        When the key does not stand there exactly once.
    """
    name = target.removeprefix(f"{_FILE}:")
    text = (ROOT / _FILE).read_text(encoding="utf-8")
    place: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    steps = name.split(".")
    for step in steps if steps[0] == "Globals" else ["Resources", *steps]:
        place = _value(place, step)
    assert place
    pairs = _pairs(place) if edit.sid is None else _statement(place, edit.sid)
    found = [pair for pair in pairs if pair[0].value == edit.key]
    if len(found) != 1:
        raise ValueError(f"{edit.key} stands there {len(found)} times, where it has to stand once")
    ((key, value),) = found
    if edit.value is not None:
        return _FILE, text[: value.start_mark.index] + edit.value + text[_end(value) :]
    line = text.rindex("\n", 0, key.start_mark.index)
    return _FILE, text[:line] + text[text.index("\n", value.end_mark.index - 1) :]


def _value(node: yaml.Node | None, key: str) -> yaml.Node:
    assert isinstance(node, yaml.MappingNode)
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
    for each, value in pairs:
        if each.value == key:
            return value
    raise ValueError(f"the template has no {key}")


def _end(node: yaml.Node) -> int:
    """Where a value's text ends; a block goes on up to the next token."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _statement(node: yaml.Node, sid: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of the statement with a Sid."""
    for _, value in _pairs(node):
        for each in value.value if isinstance(value, yaml.SequenceNode) else ():
            if isinstance(each, yaml.MappingNode) and ("Sid", sid) in _texts(each):
                return list(_pairs(each))
    raise ValueError(f"it has no statement {sid}")


def _texts(node: yaml.MappingNode) -> Iterator[tuple[str, str]]:
    return ((key.value, value.value) for key, value in node.value)


def _pairs(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """All keys with their values, however deep."""
    if isinstance(node, yaml.MappingNode):
        yield from node.value
        for _, value in node.value:
            yield from _pairs(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _pairs(value)
