"""The positions of values, keys and faults in a JSON text.

`json` of the standard library reports no positions, and parsers that do (those of editors, JSONC)
accept texts that are not valid configs. So this follows `json` token by token and keeps offsets.
It never recurses, and it stops at the first character that `json` would stop at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from latchkey.config.problem import pointer
from latchkey.config.strict_json import MAX_DEPTH
from latchkey.config.strict_json import Fault as FaultKind

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<part>\.[0-9]+)?(?P<power>[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"true|false|null|(?P<constant>NaN|-?Infinity)")
_LONGEST_INT = 4_300
"""The most digits of an integer that Python reads (sys.set_int_max_str_digits)."""


@dataclass(frozen=True)
class Node:
    """The offset of a value and, in an object, of its key; offsets count characters."""

    value: int
    key: int | None = None


@dataclass(frozen=True)
class Fault:
    """A fault of the text itself and its offset."""

    kind: FaultKind
    at: int


@dataclass
class Scan:
    """The nodes by JSON pointer (the first of each) and the faults in order."""

    nodes: dict[str, Node] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class _Open:
    """An object or list that is being read; `path` is None if it is nested too deep to keep."""

    closing: str
    path: str | None
    keys: dict[str, int] = field(default_factory=dict)
    duplicates: list[int] = field(default_factory=list)
    items: int = 0


class _Stop(Exception):
    """The text is not JSON from this offset on."""

    def __init__(self, at: int) -> None:
        self.at = at


def scan(text: str) -> Scan:
    """The positions in a JSON text, as far as it can be read."""
    scanner = _Scanner(text)
    try:
        scanner.run()
    except _Stop as stop:
        scanner.found.faults.append(Fault("syntax", stop.at))
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Scan()
        self.open: list[_Open] = []

    def run(self) -> None:
        self._space()
        self._value("", None)
        while self.open:
            self._next(self.open[-1])
        self._space()
        if self.at < len(self.text):
            raise _Stop(self.at)

    def _next(self, inside: _Open) -> None:
        """The next member or the end of the innermost object or list."""
        self._space()
        if self.text.startswith(inside.closing, self.at):
            self._close(inside)
            return
        if inside.items:
            comma = self.at
            self._expect(",")
            self._space()
            if self.text.startswith(inside.closing, self.at):
                raise _Stop(comma)
        key = self._key(inside) if inside.closing == "}" else None
        part = key[0] if key else str(inside.items)
        inside.items += 1
        below = None if inside.path is None else inside.path + pointer([part])
        self._value(below, key[1] if key else None)

    def _key(self, inside: _Open) -> tuple[str, int]:
        at = self.at
        if not self.text.startswith('"', at):
            raise _Stop(at)
        key = self._string()
        if key in inside.keys:
            inside.duplicates.append(at)
        inside.keys[key] = at
        self._space()
        self._expect(":")
        self._space()
        return key, at

    def _value(self, path: str | None, key: int | None) -> None:
        if path is not None:
            self.found.nodes.setdefault(path, Node(self.at, key))
        first = self.text[self.at : self.at + 1]
        if first in ("{", "["):
            self._descend("}" if first == "{" else "]", path)
        elif first == '"':
            self._string()
        else:
            self._scalar()

    def _descend(self, closing: str, path: str | None) -> None:
        if len(self.open) == MAX_DEPTH:
            self.found.faults.append(Fault("depth", self.at))
        kept = path if len(self.open) < MAX_DEPTH else None
        self.open.append(_Open(closing, kept))
        self.at += 1

    def _close(self, inside: _Open) -> None:
        """The end of an object: only now does `json` report a duplicate key."""
        self.found.faults += [Fault("duplicate-key", at) for at in inside.duplicates[:1]]
        self.open.pop()
        self.at += 1

    def _string(self) -> str:
        begin = self.at
        try:
            text, self.at = scanstring(self.text, begin + 1, True)
        except JSONDecodeError as error:
            raise _Stop(error.pos) from None
        for lone in _lone_surrogates(self.text, begin, self.at):
            self.found.faults.append(Fault("surrogate", lone))
        return str(text)

    def _scalar(self) -> None:
        begin = self.at
        if word := _WORD.match(self.text, begin):
            if word["constant"]:
                self.found.faults.append(Fault("constant", begin))
            self.at = word.end()
            return
        number = _NUMBER.match(self.text, begin)
        if not number:
            raise _Stop(begin)
        whole = not (number["part"] or number["power"])
        if whole and len(number[0].lstrip("-")) > _LONGEST_INT:
            self.found.faults.append(Fault("digits", begin))
        self.at = number.end()

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _expect(self, character: str) -> None:
        if not self.text.startswith(character, self.at):
            raise _Stop(self.at)
        self.at += 1


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def _lone_surrogates(text: str, begin: int, end: int) -> Iterator[int]:
    """The offsets of surrogates that are not followed by the other half of their pair."""
    high: int | None = None
    after = begin
    for escape in _ESCAPE.finditer(text, begin, end):
        unit = int(escape[1], 16) if escape[1] else 0
        joined = high is not None and after == escape.start() and 0xDC00 <= unit <= 0xDFFF
        if high is not None and not joined:
            yield high
        high = escape.start() if 0xD800 <= unit <= 0xDBFF else None
        if 0xDC00 <= unit <= 0xDFFF and not joined:
            yield escape.start()
        after = escape.end()
    if high is not None:
        yield high
