"""The page keeps to itself: nothing in the data is HTML, and nothing is asked of anywhere."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from latchkey.reports.register.page import data_block, render
from latchkey.reports.register_page import page_parts
from tests.kit.examples import NOW
from tests.kit.registers import HOSTILE, crowd, data_in, hostile
from tests.kit.repository import ROOT

PARTS = page_parts()
EMPTY = {"version": 1, "stack": "latchkey", "built_at": "2026-01-15T12:00:00Z", "grants": []}


class Elements(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_hostile_texts_add_no_element_to_the_page() -> None:
    plain, attacked = Elements(render(PARTS, EMPTY)), Elements(render(PARTS, hostile(NOW)))
    assert attacked.found == plain.found


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_text_cannot_end_its_block_and_is_read_back_as_it_was(text: str) -> None:
    block = data_block({"purpose": text, text: 1})
    assert block.isascii()
    assert not set("<>&") & set(block)
    assert json.loads(block) == {"purpose": text, text: 1}


def test_data_are_in_the_page_once_and_places_in_them_are_not_filled() -> None:
    page = render(PARTS, hostile(NOW))
    assert data_in(page) == json.loads(json.dumps(hostile(NOW)))
    assert page.count("use strict") == 1


def _policy(page: str) -> dict[str, str]:
    (content,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    return dict(part.strip().partition(" ")[::2] for part in content.split(";"))


def test_policy_allows_this_very_style_and_script_and_no_request() -> None:
    page = render(PARTS, EMPTY)
    policy = _policy(page)
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    for directive, opening in (("style-src", "<style>"), ("script-src", "<script>")):
        (text,) = re.findall(f"{opening}(.*?)</{opening[1:]}", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"
    assert "unsafe" not in str(policy)


def test_page_names_no_other_place() -> None:
    page = render(PARTS, EMPTY)
    names = set(re.findall(r"https?://[^\s'\"]+", page))
    assert names == {"http://www.w3.org/2000/svg"}
    for tag, attributes in Elements(page).found:
        assert tag not in ("iframe", "object", "embed", "base")
        assert not {"src", "srcset", "action", "style"} & attributes.keys()
        href = attributes.get("href") or "#"
        assert href.startswith(("#", "data:image/svg+xml,"))


@pytest.mark.parametrize(
    "word",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "import(",
    ],
)
def test_script_makes_no_html_of_texts_and_asks_nobody(word: str) -> None:
    assert word not in PARTS.script


def test_page_without_data_is_small() -> None:
    assert len(render(PARTS, EMPTY).encode()) < 60_000


def test_picture_in_the_documentation_is_light() -> None:
    assert (ROOT / "docs/images/register.png").stat().st_size < 250_000


def test_thousand_grants_with_all_their_history_are_a_page_that_can_be_sent() -> None:
    assert len(render(PARTS, crowd(1_000, NOW, events=30))) < 12_000_000
