"""What is no document, or a document that says two things, or one that is very large."""

import json
from collections.abc import Iterator
from typing import Any

from tests.kit.examples import config_bytes, config_document, s3_entry
from tests.kit.hostile.case import Hostile, bad, raw
from tests.kit.hostile.names import custom
from tests.kit.hostile.tokens import CONTROLS

_VALID = config_bytes()
_64_KIB = 65_536


def cases() -> Iterator[Hostile]:
    """All of them."""
    yield from _no_json()
    yield from _twice()
    yield from _numbers()
    yield from _deep()
    yield from _large()


def _no_json() -> Iterator[Hostile]:
    for number, token in enumerate(CONTROLS[:4]):
        yield raw(f"raw control {token!a}", _VALID.replace(b"Nightly", token.encode()))
        yield raw(f"raw control at the end ({number})", _VALID + token.encode()[:1] + b"x")
    for end in (1, 10, 100, len(_VALID) - 1):
        yield raw(f"cut at {end}", _VALID[:end])
    for name, body in {
        "nothing": b"",
        "white space": b" \t\r\n" * 99,
        "zero bytes": b"\0" * 99,
        "XML": b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        "YAML": b"version: 1\npartner: acme\n",
        "YAML bomb": b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        "shell": b"#!/bin/sh\nid\n",
        "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        "ZIP": b"PK\x03\x04",
        "comments": b"/* x */" + _VALID,
        "comment behind": _VALID + b"// x",
        "single quotes": _VALID.replace(b'"', b"'"),
        "bare names": b"{version: 1}",
        "trailing comma": _VALID[:-1] + b",}",
        "missing comma": _VALID.replace(b", ", b" ", 1),
        "two documents": _VALID * 2,
        "lines of documents": _VALID + b"\n" + _VALID,
        "a list of it": b"[" + _VALID + b"]",
        "a string of it": json.dumps(_VALID.decode()).encode(),
        "null": b"null",
        "true": b"true",
        "a number": b"-0",
        "mark": b"\xef\xbb\xbf" + _VALID,
        "mark twice": b"\xef\xbb\xbf\xef\xbb\xbf" + _VALID,
        "UTF-7": b"+AHsAfQ-",
        "UTF-16": _VALID.decode().encode("utf-16"),
        "UTF-16 without mark": _VALID.decode().encode("utf-16-be"),
        "UTF-32": _VALID.decode().encode("utf-32"),
        "Latin-1": _VALID.replace(b"Nightly", b"N\xe4chtlich"),
        "overlong UTF-8": _VALID.replace(b"Nightly", b"\xc0\xaf"),
        "surrogates in UTF-8": _VALID.replace(b"Nightly", b"\xed\xa0\x80"),
        "beyond Unicode": _VALID.replace(b"Nightly", b"\xf4\x90\x80\x80"),
        "lone high surrogate": _VALID.replace(b"Nightly", b"\\ud800"),
        "lone low surrogate": _VALID.replace(b"Nightly", b"\\udc00"),
        "surrogates in wrong order": _VALID.replace(b"Nightly", b"\\ude00\\ud83d"),
        "lone surrogate as a key": _VALID[:-1] + b',"\\udfff":1}',
        "no such escape": _VALID.replace(b"Nightly", b"\\x41"),
        "half an escape": _VALID.replace(b"Nightly", b"\\u00"),
        "raw tab": _VALID.replace(b"Nightly", b"\t"),
    }.items():
        yield raw(f"no JSON: {name}", body)


def _twice() -> Iterator[Hostile]:
    for key, value in config_document().items():
        again = f",{json.dumps(key)}:{json.dumps(value)}}}".encode()
        yield raw(f"{key} twice", _VALID[:-1] + again)
    escaped = _VALID[:-1] + b',"\\u0070artner":"evil"}'
    yield raw("partner twice, once escaped", escaped)
    yield raw("bucket twice", _VALID.replace(b'"bucket"', b'"bucket":"other-bucket","bucket"'))
    yield raw("a tag twice", _VALID[:-1] + b',"tags":{"a":"1","a":"2"}}')
    statement = custom(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    condition = config_bytes(access=[statement])
    again = condition.replace(b'"StringEquals"', b'"StringEquals":{},"StringEquals"')
    yield raw("a condition twice", again)
    for name in ("__proto__", "constructor", "__class__", "$ref", "$schema", "", " partner"):
        yield bad(f"unknown field {name!r}", f"/{name}", **{name: {}})
    for name in ("Partner", "p\u0430rtner", "partner\u200b", "partner\x00", "par~tner", "par/tner"):
        path = "/" + name.replace("~", "~0").replace("/", "~1")
        yield bad(f"look-alike field {name!a}", path, **{name: "evil"})


def _numbers() -> Iterator[Hostile]:
    for field in ("version", "max_session_duration"):
        plain = config_bytes(**{field: 3600})
        for text in ("1.0", "1e0", "1E400", "-1", "0", "-0.0", "1e-400", "9" * 4_000, "3600.5"):
            body = plain.replace(b": 3600", f": {text}".encode())
            yield raw(f"{field} is {text[:9]}", body, f"/{field}")
        for text in ("NaN", "Infinity", "-Infinity", "9" * 5_000, "0x10", "01", "1_0", "+1", ".5"):
            body = plain.replace(b": 3600", f": {text}".encode())
            yield raw(f"{field} is no number: {text[:9]}", body)


def _deep() -> Iterator[Hostile]:
    for depth in (13, 100, 990, 1_010, 5_000, 30_000):
        for opening, closing, what in ((b"[", b"]", "lists"), (b'{"a":', b"}", "objects")):
            inside = opening * min(depth, 10_000) + b"1" + closing * min(depth, 10_000)
            yield raw(f"{depth} {what}", _VALID[:-1] + b',"tags":' + inside + b"}")
    yield raw("64 KiB of [", b"[" * _64_KIB)
    yield raw("64 KiB of {", b'{"a":' * (_64_KIB // 5))
    surrogate = b'"\\ud83d\\ude00"'
    for depth in (900, 9_000):
        inside = b"[" * depth + surrogate + b"]" * depth
        yield raw(f"an emoji {depth} deep", _VALID[:-1] + b',"tags":' + inside + b"}")


def _large() -> Iterator[Hostile]:
    yield raw("64 KiB and a byte", _VALID + b" " * (_64_KIB + 1 - len(_VALID)))
    yield raw("a megabyte", _VALID[:-1] + b',"x":"' + b"x" * 1_000_000 + b'"}')
    yield bad("60 KB of a name", "/partner", partner="a" * 60_000)
    yield bad("60 KB of a purpose", "/purpose", purpose="x" * 60_000)
    yield bad("60 KB of a secret's name", "/access/0/secret", access=[_secret("x" * 60_000)])
    yield bad("60 KB of a field's name", f"/{'a' * 128}…", **{"a" * 60_000: 1})
    yield bad("60 KB of an operator", "/access", access=[custom(Condition={"a" * 60_000: {}})])
    yield bad("6,000 unknown fields", "", **{f"a{n}": 1 for n in range(6_000)})
    yield bad("1,500 near fields", "", **{f"max_session_duratio{n}": 1 for n in range(1_500)})
    yield bad("5,000 unknown fields of an entry", "", access=[s3_entry(**_many(5_000))])
    yield bad("5,000 tags", "/tags", tags=_many(5_000))
    yield bad("5,000 principals", "/principals", principals=["*"] * 5_000)
    yield bad("20,000 empty entries", "/access", access=[{}] * 15_000)
    yield bad("900 valid entries", "/access", access=[s3_entry()] * 900)
    yield bad("600 buckets", "/access", access=[s3_entry(bucket=f"no-{n}") for n in range(600)])
    yield bad("9,000 ranges", "/source_ips", source_ips=["*"] * 9_000)
    yield bad("9,000 actions", "/access/0", access=[custom(Action=["x:Y"] * 6_000)])
    near = [f"s3:getobject{n}" for n in range(3_000)]
    yield bad("3,000 near actions", "/access/0", access=[custom(Action=near)])
    yield bad("6,000 resources", "/access/0", access=[custom(Resource=["x"] * 6_000)])
    some = [f"arn:aws:s3:::bucket-{n}" for n in range(20)]
    statement = custom(Resource=some)["statements"] * 10
    named = [{"service": "custom", "statements": statement}] * 8
    yield bad("1,600 resources, each list of legal length", "/access", access=named)
    wrong = [{"service": "custom", "statements": [{"Action": ["x"] * 30, "Resource": "x"}] * 10}]
    yield bad("200 statements that are wrong in many ways", "", access=wrong * 18)
    keys: dict[str, Any] = {f"{n}{'/' * 120}": {} for n in range(10)}
    conditions = [{"service": "custom", "statements": custom(Condition=keys)["statements"] * 10}]
    yield bad("slashes, each of which is escaped", "/access/0", access=conditions * 3)


def _many(count: int) -> dict[str, int]:
    return {f"a{n}": 1 for n in range(count)}


def _secret(name: str) -> dict[str, str]:
    return {"service": "secretsmanager", "secret": name, "allow": "read"}
