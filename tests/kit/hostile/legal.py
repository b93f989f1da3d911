"""What looks odd and is legal: it is granted exactly as it is written."""

import json
from collections.abc import Iterator
from itertools import batched
from typing import Any

from tests.kit.examples import (
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    config_bytes,
    config_document,
    s3_entry,
    secret_entry,
)
from tests.kit.hostile.case import Hostile, good
from tests.kit.hostile.names import ARNS, ENTRIES, custom, field_of

_ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role"


def cases() -> Iterator[Hostile]:
    """All of them."""
    yield from _texts()
    yield from _times()
    yield from _conditions()
    yield from _access()
    yield from _spellings()
    yield from _keys()


def _texts() -> Iterator[Hostile]:
    for text in (
        "x",
        '"}],"Effect":"Allow","Resource":"*',
        "\\",
        "\\n",
        "${aws:username} * ?",
        "'; DROP TABLE grants; --",
        "<script>alert(1)</script>",
        "$(id) `id` | id & {{7*7}}",
        "%s %n %2e%2e%2f",
        "../../etc/passwd",
        "\u00dcbung f\u00fcr \u00c4rzte",
        "\u65e5\u672c\u8a9e",
        "\U0001f600" * 256,
        "e\u0301",
        "aws:team",
        "AWS:",
        "latchkey:grant=evil.main",
        "x" * 256,
        "true",
        "null",
    ):
        yield good(f"purpose {text!a:.40}", purpose=text)
        yield good(f"owner {text!a:.40}", owner=text)
    for text in (
        "platform@example.com",
        "first.last+aws@mail.example.co.uk",
        "o'neil@example.com",
        "https://example.com",
        "http://wiki.example.com:8080/x_(y)?a=1&b=%20#c",
        "https://192.0.2.1/team",
        "https://wiki/team",
    ):
        yield good(f"contact {text}", owner_contact=text)
    for text in (
        "++======",
        "/.-:@,=+_",
        "//////////",
        "........",
        "arn:aws:iam::x:y",
        "x" * 1_200,
    ):
        yield good(f"external ID {text:.20}", external_id=text)
    several = ["acme-7f3b2c91", "acme-7f3b2c91-2", "acme-7f3b2c9", "ACME-7F3B2C91", "//////////"]
    yield good("5 external IDs, one within another", external_id=several)
    yield good("one external ID three times", external_id=several[:1] * 3)
    for key, value in {
        "\u0442\u0435\u0430\u043c": "\u65e5\u672c",
        "a b": " ",
        "x" * 128: "x" * 256,
        "_.:/=+-@": "_.:/=+-@",
        "empty": "",
        "team": "not aws:",
        "xaws:": "latchkey:",
    }.items():
        yield good(f"tag {key!a:.30}", tags={key: value})
    large = {f"{n:02}" + "\U0001d538" * 90: "" for n in range(40)}
    yield good("40 tags", tags=large)


def _times() -> Iterator[Hostile]:
    for text in (
        "2030-01-01T00:00:00+23:59",
        "2030-01-01T00:00:00-23:59",
        "2030-01-01T00:00:00-00:00",
        "2030-01-01T05:30:00+05:30",
        "2030-01-01T00:00:00.999999999Z",
        "2030-01-01T00:00:00.1+14:00",
        "2028-02-29T23:59:59Z",
        "2400-02-29T00:00:00Z",
        "2038-01-19T03:14:08Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59+23:59",
        "2026-01-15T12:00:01Z",
        "2026-01-15T13:00:00+00:59",
    ):
        yield good(f"expires at {text}", expires_at=text)
    for text in (
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2026-01-15T12:00:00Z",
        "2029-12-31T23:59:59.5Z",
        "2030-01-01T12:00:00+14:00",
    ):
        yield good(f"starts at {text}", starts_at=text)


def _conditions() -> Iterator[Hostile]:
    for number, principals in enumerate(
        (
            [PARTNER_ACCOUNT, f"arn:aws:iam::{PARTNER_ACCOUNT}:root", PARTNER_ACCOUNT],
            [f"{_ROLE}/a.b+c=d,e@f_g-h"],
            [f"{_ROLE}/x/../y"],
            [f"{_ROLE}/aws-service-role/x.amazonaws.com/y"],
            [f"{_ROLE}/" + "x/" * 8 + "y"],
            [f"arn:aws:iam::{PARTNER_ACCOUNT}:user/root"],
            ["000000000000"],
            [OTHER_ACCOUNT, f"{_ROLE}/x"],
        )
    ):
        yield good(f"principals ({number})", principals=principals)
    for text in ("203.0.113.7", "0.0.0.0/1", "2001:DB8:0:0::/32", "2001:db8::1", "203.0.113.0/024"):
        yield good(f"range {text}", source_ips=[text])
    yield good("a range twice", source_ips=["203.0.113.0/24"] * 2)
    yield good("an organization", organization_id="o-a1b2c3d4e5", require_mfa=True)
    yield good("the longest session", max_session_duration=43_200)


def _access() -> Iterator[Hostile]:
    for text in (
        ".",
        " ",
        "...",
        "in/.",
        "in /",
        "!_.'()=,@:;+& -",
        "a+b=c&d",
        "arn:aws:s3:::x",
        "x" * 512,
        "in/../in"[:3] + "..in",
        "2030-01-01T00:00:00Z",
        "'; DROP",
    ):
        for allow in ("read", "write", "read-write"):
            entry = s3_entry(prefix=text, allow=allow)
            yield good(f"{allow} prefix {text:.30}", access=[entry])
    for field, entry in ENTRIES.items():
        yield good(f"by name: {field}", access=[entry])
        if field in ARNS and field != "secret":  # whose ARN ends as it happens
            yield good(f"by ARN: {field}", access=[entry | {field_of(field): ARNS[field]}])
    yield good("a path of parameters", access=[ENTRIES["parameter"] | {"parameter": "/app/"}])
    for number, several in enumerate(batched(ENTRIES.values(), 12, strict=False)):
        yield good(f"many services at once ({number})", access=list(several))
    yield good("one entry twenty times", access=[secret_entry()] * 14)
    statements: tuple[dict[str, Any], ...] = (
        {},
        {"Sid": '"}],"Effect":"Allow","Resource":"*'},
        {"Action": ["s3:GetObjectTagging", "s3:GetObjectVersion"]},
        {"Resource": "arn:aws:s3:::data-bucket/../*"},
        {"Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}},
        {"Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": '"*'}}},
    )
    for number, changes in enumerate(statements):
        yield good(f"custom ({number})", access=[custom(**changes)])


def _spellings() -> Iterator[Hostile]:
    document = config_document()
    plain = config_bytes()
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in "acme").encode()
    for name, body in {
        "escaped letters": plain.replace(b'"acme"', b'"' + escaped + b'"'),
        "escaped names": plain.replace(b'"partner"', b'"\\u0070artner"'),
        "escaped slashes": config_bytes(external_id="a/b/c/d/e").replace(b"/", b"\\/"),
        "an emoji by surrogates": plain.replace(b"Nightly", b"\\ud83d\\ude00"),
        "indented": json.dumps(document, indent=9).encode(),
        "backwards": json.dumps(dict(reversed(document.items()))).encode(),
        "CRLF": json.dumps(document, indent=1).replace("\n", "\r\n").encode(),
        "64 KiB, most of it lines": plain + b"\n" * (65_536 - len(plain)),
        "64 KiB, and all that tags may hold": _filled(),
    }.items():
        yield Hostile(f"spelling: {name}", body, granted=True)


def _filled() -> bytes:
    """The most that goes through the workflow: tags, a long policy, and lines to be escaped."""
    tags = {f"{n:04}": "\U0001d538" * 255 for n in range(16)}
    prefixes = [s3_entry(prefix="x" * 255 + str(n)) for n in range(6)]
    document: dict[str, Any] = config_document(tags=tags, access=prefixes, owner="\U0001d538" * 256)
    body = json.dumps(document, ensure_ascii=False).encode()
    return body + b"\n" * (65_536 - len(body))


def _keys() -> Iterator[Hostile]:
    for number, name in enumerate(
        (
            "a b",
            "a+b",
            "a%2Fb",
            "100%",
            "a&b=c?d#e",
            "x.result",
            "",
            ".",
            "..",
            "../x",
            "a//b",
            "\u65e5\u672c",
            "\U0001f600",
            "e\u0301",
            "a\nb",
            "a\x00b",
            "a\x1b[2Jb",
            "a\u2028b",
            '"}',
            "'; DROP",
            "${aws:username}*",
            "%s%n",
            "latchkey.json",
            "CON",
            "x" * 1_003,
            "\U0001f600" * 250,
        )
    ):
        changes = {"partner": f"key-{number}", "external_id": f"key-{number:08}"}
        yield good(f"key {name!a:.30}", key=f"partners/{name}.json", **changes)
