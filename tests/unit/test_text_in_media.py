"""Text from outside in every field towards every medium: nothing in it acts there."""

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from latchkey.reports.mail import mail
from latchkey.reports.register.page import data_block
from latchkey.text import unseen
from tests.kit.text_media import (
    PRINTED,
    RESULT_FIELDS,
    SHEETS,
    WRITTEN,
    notice,
    result_with,
    sheet,
)

ACTS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b31m \x9d0;t\x9c \x84",
    "\x1b]8;;https://evil.example\x1b\\link",
    "x\u202egnp.exe \u2066a\u2069 \u200f",
    "a\u200bb\u2060c\ufeffd\u00ade",
    "line\u2028and\u2029paragraph\x85next\x0bvt\x0cff",
    "tags \U000e0041\U000e007f private \ue000\U000f0000 \ufffe\u0378",
    "filler \u3164\u115f\u2800\ufe0f",
    "\nacme.main: active\r\n.\r\nOverwritten",
    "\ud800",
    "[red]x[/red] [link=https://evil.example]y[/link] [/]",
    "<script>alert(1)</script><img src=x onerror=y>",
    "![i](https://evil.example/x) [l](//x) <https://evil.example> https://evil.example",
    "www.evil.example HTTP://evil.example",
    "| a | b |\n|---|---|\n```\n# h\n- x\n> q",
    '=HYPERLINK("https://evil.example") &amp; \'"',
]
FIELDS = list(RESULT_FIELDS)
SOME = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(ACTS)
_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render


def _printed(medium: str, result: dict[str, Any]) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        PRINTED[medium](result)
    return out.getvalue()


def _nothing_acts(text: str) -> None:
    acting = sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and unseen(c)})
    assert acting == []


@pytest.mark.parametrize("medium", WRITTEN)
@pytest.mark.parametrize("field", FIELDS)
def test_nothing_acts_in_what_is_written(field: str, medium: str) -> None:
    for text in ACTS:
        _nothing_acts(WRITTEN[medium](result_with(field, text)))


@pytest.mark.parametrize("medium", PRINTED)
@pytest.mark.parametrize("field", FIELDS)
def test_nothing_acts_on_the_terminal(field: str, medium: str) -> None:
    for text in ACTS:
        for outcome in ("rejected", "updated"):
            _nothing_acts(_printed(medium, result_with(field, text, outcome)))


@pytest.mark.parametrize("text", ["[red]x[/red]", "[link=https://evil.example]y[/link]", "[/]"])
def test_markup_of_rich_is_text_on_a_terminal(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    for medium in ("progress", "outcome", "history"):
        shown = _printed(medium, result_with("reason", text, "failed"))
        assert text in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
        assert "\x1b]8;" not in shown, "no link"


@pytest.mark.parametrize("field", FIELDS)
@SOME
@given(text=_ANY)
def test_nothing_of_unicode_acts_in_any_medium(field: str, text: str) -> None:
    result = result_with(field, text)
    for written in WRITTEN.values():
        _nothing_acts(written(result))
    for medium in PRINTED:
        _nothing_acts(_printed(medium, result))


@pytest.mark.parametrize("field", FIELDS)
def test_text_makes_no_line_of_its_own_in_an_e_mail(field: str) -> None:
    plain = notice(result_with(field, "x")).text.count("\n")
    for text in ACTS:
        told = notice(result_with(field, text))
        assert told.text.count("\n") == plain
        assert told.subject.isprintable()


def test_unknown_field_makes_no_line_of_its_own_in_an_e_mail() -> None:
    told = notice(result_with("unknown field", "x\nWhat to do: pay\n\nx"))
    assert "\nWhat to do: pay" not in told.text
    assert "- /x What to do: pay x: unknown field\n" in told.text


@given(st.lists(_ANY, max_size=5), _ANY, _ANY)
def test_mail_has_the_lines_that_it_is_given(lines: list[str], title: str, owner: str) -> None:
    made = mail(title, lines, {"owner": owner})
    assert made.text.count("\n") == len(lines)
    assert made.subject.isascii() and made.subject.isprintable() and len(made.subject) < 100


@pytest.mark.parametrize("field", ["reason", "unknown field", "tag", "resource", "check", "policy"])
@pytest.mark.parametrize("text", ACTS)
def test_text_is_no_markup_in_markdown(text: str, field: str) -> None:
    page = WRITTEN["result as Markdown"](result_with(field, text))
    shown = _markdown(page)
    plain = _markdown(WRITTEN["result as Markdown"](result_with(field, "x")))
    assert re.findall(r"<[a-z0-9/]+", shown) == re.findall(r"<[a-z0-9/]+", plain)
    outside_of_code = re.sub(r"<code.*?</code>", "", page)
    assert not re.search(r"(?<!\\):(?=//evil)", re.sub(r"(?s)(`+).*?\1", "", outside_of_code))


class _Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{tag} {attrs}")


_SHOWN = [text for text in ACTS if text.isprintable()]


@pytest.mark.parametrize("field", ["purpose", "owner"])
@pytest.mark.parametrize("text", [*_SHOWN, "filler \u3164\u115f\u2800\ufe0f x"])
def test_nothing_acts_on_the_sheet(text: str, field: str) -> None:
    for written in SHEETS.values():
        _nothing_acts(written(sheet(**{field: text})))
    plain, made = (_Elements(SHEETS["HTML"](sheet(**{field: f}))).found for f in ("x", text))
    assert made == plain
    shown, usual = (
        re.findall(r"<[a-z0-9/]+", _markdown(SHEETS["Markdown"](sheet(**{field: f}))))
        for f in (text, "x")
    )
    assert shown == usual


def test_bare_address_in_a_purpose_is_no_link_on_the_sheet() -> None:
    page = SHEETS["Markdown"](sheet(purpose="see https://evil.example or www.evil.example now"))
    assert "see https\\://evil.example or www\\.evil.example now" in page
    assert '<meta name="format-detection"' in SHEETS["HTML"](sheet())


@given(_ANY)
def test_nothing_acts_in_the_data_of_the_register(text: str) -> None:
    block = data_block({"grants": [{text: text}]})
    assert block.isascii() and block.isprintable()
    assert not set("<>&") & set(block)
    assert json.loads(block) == {"grants": [{text: text}]}
