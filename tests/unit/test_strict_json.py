"""Bytes that are no JSON object of ours, and what their author reads about them."""

import json

import pytest

from latchkey.config.problem import ConfigRejected
from latchkey.config.strict_json import MAX_BYTES, TextRejected, parse_object

REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "empty"),
    ("white space", b" \n\t", "empty"),
    ("cut off", b'{"a": ', "not JSON"),
    ("trailing comma", b'{"a": 1,}', "not JSON"),
    ("comment", b'{"a": 1} // note', "not JSON"),
    ("single quotes", b"{'a': 1}", "not JSON"),
    ("two documents", b"{}{}", "not JSON"),
    ("binary", bytes(range(256)), "not UTF-8"),
    ("Latin-1", '{"a": "ü"}'.encode("latin-1"), "not UTF-8"),
    ("UTF-16", '{"a": 1}'.encode("utf-16"), "not UTF-8"),
    ("UTF-16 without mark", '{"a": 1}'.encode("utf-16-le"), "not JSON"),
    ("byte order mark", b"\xef\xbb\xbf{}", "byte order mark"),
    ("array", b"[]", "an array"),
    ("string", b'"a"', "a string"),
    ("null", b"null", "null"),
    ("boolean", b"true", "a boolean"),
    ("number", b"1", "a number"),
    ("duplicate key", b'{"a": 1, "a": 1}', "stands twice"),
    ("nested duplicate key", b'{"a": [{"b": 1, "b": 2}]}', "stands twice"),
    ("escaped duplicate key", b'{"a": 1, "\\u0061": 2}', "stands twice"),
    ("NaN", b'{"a": NaN}', "NaN"),
    ("infinity", b'{"a": -Infinity}', "Infinity"),
    ("endless number", b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
    ("too deep", b'{"a":' * 13 + b"1" + b"}" * 13, "nested deeper"),
    ("very deep", b"[" * 60_000, "nested deeper"),
    ("half a surrogate pair", b'{"a": "\\ud800"}', "surrogate"),
    ("half a surrogate pair in a key", b'{"\\uDFFF": 1}', "surrogate"),
    ("control character", b'{"a": "\x01"}', "not JSON"),
]


@pytest.mark.parametrize(
    ("data", "word"), [(d, w) for _, d, w in REFUSED], ids=[name for name, _, _ in REFUSED]
)
def test_refused_with_one_problem_at_the_root(data: bytes, word: str) -> None:
    with pytest.raises(ConfigRejected) as rejected:
        parse_object(data)
    (problem,) = rejected.value.problems
    assert problem.path == ""
    assert word in problem.message


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b" " * (MAX_BYTES + 1), "size"),
        (b" \n", "empty"),
        (b'"\xff"', "encoding"),
        ("\ufeff{}".encode(), "byte-order-mark"),
        (b"{", "syntax"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
        (b'{"a": NaN}', "constant"),
        (b"9" * 5000, "digits"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b"[]", "not-an-object"),
        (b'{"a":' * 13 + b"1" + b"}" * 13, "depth"),
        (b"[" * 60_000, "depth"),
    ],
)
def test_a_rejected_text_names_its_fault_but_not_in_its_problems(data: bytes, fault: str) -> None:
    with pytest.raises(TextRejected) as rejected:
        parse_object(data)
    assert rejected.value.fault == fault
    assert [sorted(one.document()) for one in rejected.value.problems] == [["message", "path"]]


ACCEPTED: list[tuple[bytes, object]] = [
    (b"{}", {}),
    (b' \r\n\t{"a": 1}\n', {"a": 1}),
    ('{"a": "ü日"}'.encode(), {"a": "ü日"}),
    (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
    (b'{"a": "\\\\ud800"}', {"a": "\\ud800"}),
    (b'{"a":' * 11 + b"1" + b"}" * 11, None),
]


@pytest.mark.parametrize(("data", "value"), ACCEPTED, ids=[repr(d)[:30] for d, _ in ACCEPTED])
def test_accepted(data: bytes, value: object) -> None:
    found = parse_object(data)
    assert value is None or found == value


def test_64_kib_is_accepted_and_one_byte_more_is_not() -> None:
    data = json.dumps({"a": ""}).encode()
    exact = data + b" " * (MAX_BYTES - len(data))
    assert parse_object(exact) == {"a": ""}
    with pytest.raises(ConfigRejected, match="65537 bytes, 1 more than"):
        parse_object(exact + b" ")
