"""Whoever writes texts that people read: in a file, its key, an order; towards every medium."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from click.testing import CliRunner

from latchkey.text import unseen
from latchkey_cli.main import cli
from sandbox.demo.people import refusal
from tests.kit.text_media import PRINTED, RESULT_FIELDS, WRITTEN, notice, result_with
from tools.attacks.ground import Ground, order
from tools.attacks.people import Executor, Uploader
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

ACTS = {
    "colors": "\x1b[31mred\x1b[0m\x9b31m",
    "a title": "\x1b]0;title\x07\x9d0;t\x9c",
    "a link": "\x1b]8;;https://evil.example\x1b\\link",
    "another direction": "x\u202egnp.exe \u2066a\u2069",
    "what is not seen": "a\u200bb\u2060c\ufeffd\u00ade\U000e0041",
    "lines": "a\nacme.main: active\r\n.\r\n\u2028b\u2029c\x85d\x0be",
    "markup": "<script>alert(1)</script> [l](//x) ![i](//x) | a | [red]x[/red]",
}


@attack(ACTS, short=tuple(ACTS))
def any_field_in_any_medium(_: Ground, text: str) -> None:
    """Has every field of a result say what acts, in every medium that is made of it."""
    for field in RESULT_FIELDS:
        result = result_with(field, text)
        for name, written in WRITTEN.items():
            _harmless(written(result), f"{field} in {name}")
        for name in PRINTED:
            _harmless(_printed(name, result), f"{field} in {name} on the terminal")
        lines = notice(result_with(field, "x")).text.count("\n")
        assert notice(result).text.count("\n") == lines, f"{field} makes a line in an e-mail"


FIELDS: dict[str, Callable[[Target, str], dict[str, Any]]] = {
    "an unknown field": lambda t, text: t.config(**{text: 1}),
    "the purpose": lambda t, text: t.config(purpose=text),
    "a tag": lambda t, text: t.config(tags={text: text}),
    "a service": lambda t, text: t.config(access=[{"service": text, "allow": "read"}]),
    "a principal": lambda t, text: t.config(principals=[text]),
}


@attack(FIELDS, short=("an unknown field", "a service"))
def file_that_says_it(ground: Ground, config: Callable[[Target, str], dict[str, Any]]) -> None:
    """Uploads a file whose texts act, with the external ID of another of its grants in it."""
    target = ground.granted()
    read = ground.messages(target)
    text = " ".join(ACTS.values())
    file = f"partners/{target.partner}/\u202e[31m.json"
    uploader = Uploader(ground, target)
    for key in (target.key, file):
        result = uploader.upload(key, config(target, text))
        assert result["outcome"] in ("rejected", "updated"), result["outcome"]
        _told(ground, target, key, read)


@attack(short=True)
def order_that_says_it(ground: Ground) -> None:
    """Orders with a reason and a requester that act, and that quote the external ID."""
    target = ground.granted()
    read = ground.messages(target)
    text = " ".join(ACTS.values())
    said = {"reason": f"{text} {target.external_id}", "requested_by": text[:250]}
    Executor(ground).run(order(target, "suspend") | said)
    _told(ground, target, target.key, read)


def _told(ground: Ground, target: Target, key: str, read: Callable[[], list[str]]) -> None:
    """What files, messages and commands say about a grant."""
    ground.settled()
    bucket, stem = ground.box.outputs["ResultsBucketName"], key.removesuffix(".json")
    where = {"Bucket": bucket, "Key": f"{stem}.result.md"}
    s3 = ground.outside.s3
    ground.eventually(lambda: refusal(lambda: s3.head_object(**where)), lambda found: found is None)
    body = s3.get_object(**where)["Body"].read().decode()
    _harmless(body, "result.md")
    _secret(target, body, "result.md")
    messages = [json.loads(one)["Message"] for one in read()]
    for message in messages:
        _harmless(message, "a message")
        _secret(target, message, "a message")
    for words in (("show", target.partner), ("show", target.partner, "--json"), ("grants",)):
        there = ("--endpoint-url", ground.box.url, "--region", "us-east-1")
        ran = CliRunner(mix_stderr=False).invoke(cli, [*words, *there])
        assert ran.exit_code == 0, f"{words}: {ran.output} {ran.exception}"
        _harmless(ran.stdout + ran.stderr, f"latchkey {words[0]}")
        _secret(target, ran.stdout, f"latchkey {words[0]}")


def _printed(medium: str, result: dict[str, Any]) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        PRINTED[medium](result)
    return out.getvalue()


def _harmless(text: str, where: str) -> None:
    acting = sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and unseen(c)})
    assert not acting, f"{where} has {acting}"


def _secret(target: Target, text: str, where: str) -> None:
    assert target.external_id not in text, f"{where} tells the external ID"


run = suite(__name__)
