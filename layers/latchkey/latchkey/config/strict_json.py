"""JSON as a contract needs it: one reading only, and an answer for every byte string."""

import json
import re
from typing import Any, Literal, NoReturn

from latchkey.config.json_advice import advice
from latchkey.config.problem import ConfigRejected, Problem

MAX_BYTES = 65_536
"""Maximum size of a partner config, in bytes (docs/contract.md, "Partner config")."""

MAX_DEPTH = 12

Fault = Literal[
    "size",
    "empty",
    "encoding",
    "byte-order-mark",
    "syntax",
    "duplicate-key",
    "constant",
    "digits",
    "surrogate",
    "not-an-object",
    "depth",
]
"""What can be wrong with a text as a whole."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class TextRejected(ConfigRejected):
    """A text is no JSON object; `fault` says why, and where."""

    def __init__(self, fault: Fault, message: str) -> None:
        self.fault = fault
        super().__init__([Problem("", message)])


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`: UTF-8, at most 64 KiB, no duplicate keys, no NaN.

    Raises
    ------
    TextRejected
        With one problem at the document's root that says what to write instead.
    """
    if len(data) > MAX_BYTES:
        over = len(data) - MAX_BYTES
        _reject(
            "size", f"the file has {len(data)} bytes, {over} more than the 64 KiB (65536) allowed"
        )
    if not data.strip():
        _reject("empty", "the file is empty; write a partner config, a JSON object")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
        message = f"not UTF-8 (byte {start}); save the file as UTF-8 without a byte order mark"
        _reject("encoding", message)
    if text.startswith("\ufeff"):
        _reject(
            "byte-order-mark",
            "the file starts with a byte order mark; save it as UTF-8 without one",
        )
    value = _loads(text)
    if _SURROGATE.search(text) and not _encodable(value):
        message = "half of a surrogate pair (\\ud800 to \\udfff) stands alone; it is no character"
        _reject("surrogate", message)
    if not isinstance(value, dict):
        _reject("not-an-object", f"a partner config is a JSON object, not {_kind(value)}")
    if _depth(value) > MAX_DEPTH:
        _reject("depth", f"nested deeper than {MAX_DEPTH} levels; a partner config needs no more")
    return value


def _loads(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_constant)
    except json.JSONDecodeError as error:
        advised = advice(text, error.pos, error.msg)
        _reject("syntax", f"not JSON: {advised} (line {error.lineno}, column {error.colno})")
    except RecursionError:
        _reject("depth", f"nested deeper than {MAX_DEPTH} levels; a partner config needs no more")
    except ValueError as error:  # an integer of more digits than Python reads
        _reject("digits", f"not JSON: {error}")


def _encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            twice = f"the key {key[:40]!r} stands twice in one object; keep one of them"
            _reject("duplicate-key", f"not JSON: {twice}")
        seen[key] = value
    return seen


def _constant(name: str) -> NoReturn:
    _reject("constant", f"not JSON: {name} is not a JSON number")


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _reject(fault: Fault, message: str) -> NoReturn:
    raise TextRejected(fault, message) from None
