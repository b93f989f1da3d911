"""Notifications of S3 whose keys mean no good, or that are no notifications."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

from tests.kit.hostile.tokens import ALL
from tests.kit.stack.aws import CONFIG_BUCKET, KEY


@dataclass(frozen=True)
class Message:
    """The body of an SQS message, and what becomes of the file that it is about.

    `becomes` is the outcome of the run that it starts, or None when it starts none.
    """

    name: str
    body: str
    becomes: str | None = None


def messages() -> Iterator[Message]:
    """Those that start a run, and those that are refused, each alone."""
    yield from _inside()
    yield from _outside()
    yield from _broken()


def _about(key: object, bucket: object = CONFIG_BUCKET) -> str:
    s3 = {"bucket": {"name": bucket}, "object": {"key": key}}
    return json.dumps({"Records": [{"eventSource": "aws:s3", "s3": s3}]})


def _inside() -> Iterator[Message]:
    """Keys of files that are not there: S3 takes every one literally, so they change nothing."""
    for token in ALL:
        key = quote_plus(f"partners/{token}.json", "/")
        yield Message(f"partners/{token!a}.json", _about(key), "unchanged")
    for key in (
        "partners/../x.json",
        "partners/..%2Fx.json",
        "partners%2Fx.json",
        "partners/%2F.json",
        "partners/a++b.json",
        "partners/%FF%FE.json",
        "partners/%.json",
        "partners/%zz.json",
        "partners/%00.json",
        "partners/%0A%0D.json",
        "partners/acme.json%00.json",
        "partners/acme.JSON.json",
        "partners/acme.result.json",
        "partners/%F0%9F%98%80.json",
        "partners/.json",
        f"partners/{'x' * 1_002}.json",  # its result lies beside it, that of a longer one does not
        f"partners/{'x' * 1_003}.json",
        f"partners/{'x' * 1_010}.json",
        f"partners/{'%F0%9F%98%80' * 250}.json",
    ):
        yield Message(f"key {key:.60} ({len(key)})", _about(key), "unchanged")


def _outside() -> Iterator[Message]:
    for key in (
        "",
        "acme.json",
        "x/acme.json",
        "partner/acme.json",
        "Partners/acme.json",
        "/partners/acme.json",
        "./partners/acme.json",
        "../partners/acme.json",
        "x/../partners/acme.json",
        "%2Fpartners/acme.json",
        "partners%5Cacme.json",
        "partners",
        "partners/acme",
        "partners/acme.json.bak",
        "partners/acme.json%00",
        "partners/acme.json%0A",
        "partners/acme.json+",
        "partners/acme.Json",
        "partnerş/acme.json",
        "%70artners/acme.jso%CE%B7",
        "workflow/acme.main.result.json",
        f"partners/{'x' * 1_011}.json",
        f"partners/{'x' * 9_000}.json",
        f"partners/{'%F0%9F%98%80' * 1_000}.json",
    ):
        yield Message(f"key outside {key:.60} ({len(key)})", _about(key), "rejected")
    for bucket in ("other-bucket", "results-bucket", "config-bucket2", "x" * 64, "", "*"):
        yield Message(f"bucket {bucket:.20}", _about(KEY, bucket), "rejected")


def _broken() -> Iterator[Message]:
    for key in ("partners/", "partners/x.json/", "%2F", "partners/a%2F"):
        yield Message(f"folder {key}", _about(key))
    for body in (
        "",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        "NaN",
        "[" * 30_000,
        '{"Records": null}',
        '{"Records": {}}',
        '{"Records": "partners/acme.json"}',
        '{"Records": [null]}',
        '{"Records": [{"s3": []}]}',
        '{"Records": [{"s3": {"bucket": {}, "object": {"key": "partners/acme.json"}}}]}',
        '{"Records": [], "x": 1}',
        '{"Event": "s3:TestEvent"}',
        _about(None),
        _about(7),
        _about(["partners/acme.json"]),
        _about({"$ne": ""}),
        _about("partners/\ud800.json"),
    ):
        yield Message(f"message {body:.60}", body)
