"""Positions in JSON texts, held against the standard library's own reading of them."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from latchkey.config.problem import pointer
from latchkey_cli.config_files.json_positions import Fault, scan
from latchkey_cli.config_files.located_problem import line_and_column

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_DOCUMENTS = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_INDENTS = st.sampled_from([None, 0, 1, "\t"])


def nodes(value: Any, path: str = "") -> dict[str, Any]:
    """All values of a document by their pointers."""
    found = {path: value}
    if isinstance(value, dict | list):
        parts: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for part, child in parts:
            for below, inner in nodes(child, path + pointer([part])).items():
                found.setdefault(below, inner)
    return found


@given(_DOCUMENTS, _INDENTS, st.booleans())
def test_every_value_and_key_is_found_where_it_stands(
    document: Any, indent: Any, escaped: bool
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=escaped)
    found = scan(text)
    assume(not any(fault.kind == "depth" for fault in found.faults))
    assert found.faults == []
    expected = nodes(document)
    assert found.nodes.keys() == expected.keys()
    decoder = json.JSONDecoder()
    for path, node in found.nodes.items():
        value, _ = decoder.raw_decode(text, node.value)
        assert value == expected[path]
        if node.key is not None:
            key, _ = decoder.raw_decode(text, node.key)
            assert path.endswith(pointer([key]))


@given(_DOCUMENTS, _INDENTS, st.integers(0, 400), st.sampled_from(list('{}[]",:\\u0e-.x \n')))
def test_a_text_is_broken_where_json_says_so(
    document: Any, indent: Any, at: int, character: str
) -> None:
    whole = json.dumps(document, indent=indent)
    at %= len(whole) + 1
    for text in (whole[:at], whole[:at] + character + whole[at:], whole[:at] + whole[at + 1 :]):
        faults = [fault for fault in scan(text).faults if fault.kind == "syntax"]
        error = _syntax_error(text)
        assert faults == ([Fault("syntax", error.pos)] if error else []), text
        if error:
            assert line_and_column(text, error.pos) == (error.lineno, error.colno)


def _syntax_error(text: str) -> json.JSONDecodeError | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "kind", "at"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "duplicate-key", 17),
        ('{"a": 1, "\\u0061": 3}', "duplicate-key", 9),
        ("[1, NaN]", "constant", 4),
        ("[-Infinity]", "constant", 1),
        (f"[0, {'9' * 4_301}]", "digits", 4),
        ('["ab\\ud800"]', "surrogate", 4),
        ('["\\udc00\\ud83d\\ude00"]', "surrogate", 2),
        ('["\\ud83d\\ud83d\\ude00"]', "surrogate", 2),
        (f"{'[' * 12}{{}}{']' * 12}", "depth", 12),
    ],
)
def test_what_a_strict_reader_trips_over_is_found(text: str, kind: str, at: int) -> None:
    assert [(fault.kind, fault.at) for fault in scan(text).faults] == [(kind, at)]


@pytest.mark.parametrize(
    "text", ['["\\ud83d\\ude00"]', '["\\\\ud800"]', f"{'[' * 12}1{']' * 12}", '{"a": {"a": 1}}']
)
def test_what_looks_like_a_fault_is_none(text: str) -> None:
    assert scan(text).faults == []


def test_depth_costs_no_stack_and_no_memory() -> None:
    found = scan('{"a":' * 10_000)
    assert [fault.kind for fault in found.faults] == ["depth", "syntax"]
    assert len(found.nodes) < 20
