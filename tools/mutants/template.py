"""Changes of one key of a resource in template.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.kit.repository import ROOT

_FILE = Path("template.yaml")


@dataclass(frozen=True)
class Edit:
    """A key has another value, or is left out."""

    key: str
    value: str | None = None


def drop_key(key: str) -> Edit:
    """A key anywhere in a resource is left out."""
    return Edit(key)


def set_key(key: str, value: str) -> Edit:
    """A key anywhere in a resource has another value, as YAML writes it."""
    return Edit(key, value)


def edited(target: str, edit: Edit) -> tuple[Path, str]:
    """The template, and its text with a change of the resource `template.yaml:<logical ID>`.

    Raises
    ------
    ValueError
        When the key does not stand there exactly once.
    """
    name = target.removeprefix(f"{_FILE}:")
    text = (ROOT / _FILE).read_text(encoding="utf-8")
    resources = _value(yaml.compose(text, yaml.SafeLoader), "Resources")
    found = [pair for pair in _pairs(_value(resources, name)) if pair[0].value == edit.key]
    if len(found) != 1:
        raise ValueError(f"{edit.key} stands there {len(found)} times, where it has to stand once")
    ((key, value),) = found
    if edit.value is not None:
        return _FILE, text[: value.start_mark.index] + edit.value + text[value.end_mark.index :]
    line = text.rindex("\n", 0, key.start_mark.index)
    return _FILE, text[:line] + text[text.index("\n", value.end_mark.index - 1) :]


def _value(node: yaml.Node | None, key: str) -> yaml.Node:
    assert isinstance(node, yaml.MappingNode)
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
    for each, value in pairs:
        if each.value == key:
            return value
    raise ValueError(f"the template has no {key}")


def _pairs(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """All keys with their values, however deep."""
    if isinstance(node, yaml.MappingNode):
        yield from node.value
        for _, value in node.value:
            yield from _pairs(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _pairs(value)
