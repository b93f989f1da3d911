"""Links between pages lead to a section that is there."""

import re
from pathlib import Path

import pytest

from tests.kit.repository import ROOT

SOURCES = [
    *(ROOT / "layers/latchkey/latchkey").rglob("*.py"),
    *(ROOT / "cli/latchkey_cli").rglob("*.py"),
    ROOT / "template.yaml",
]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
_LINK = re.compile(r"\]\(([^)\s:#]*\.md)?#([^)\s]+)\)")
_NAMED = re.compile(r"(docs/[a-z-]+\.md)#([a-z-]+)|_SECTION = \"([a-z-]+)\"")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def _anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    names = (re.sub(r"[^\w\- ]", "", name.lower()) for name in _HEADING.findall(text))
    return {name.strip().replace(" ", "-") for name in names}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_sections_lead_somewhere(page: Path) -> None:
    for to, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / to) if to else page
        assert anchor in _anchors(there.read_text(encoding="utf-8")), f"{to}#{anchor}"


def test_sections_that_code_names_are_there() -> None:
    """`_SECTION` is the runbook's, which `latchkey doctor` names."""
    named = {
        (page or "docs/runbook.md", anchor or section)
        for source in SOURCES
        for page, anchor, section in _NAMED.findall(source.read_text(encoding="utf-8"))
    }
    assert ("docs/runbook.md", "accounts-that-cannot-be-checked") in named
    for page, anchor in sorted(named):
        assert anchor in _anchors((ROOT / page).read_text(encoding="utf-8")), f"{page}#{anchor}"
