"""The page about a partner: nothing of anybody's text acts in it, wherever it comes from."""

from html.parser import HTMLParser

import pytest

from latchkey.reports.partner_page.page import html
from tests.kit.partner_pages import partner_about

_ACTS = "<script>x</script>\u202e\x1b[31m<img src=x onerror=y>\"'><!-- {title} `c` secret-7f3b2c91"


class _Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.names, self.attributes = set[str](), set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("broken", [None, f"acme.main: {_ACTS}"])
def test_no_text_acts_in_the_page(broken: str | None) -> None:
    page = html(partner_about(_ACTS, broken))
    found = _Elements(page)
    assert not found.names & {"script", "img", "a", "link", "iframe", "form"}
    assert found.attributes <= {
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "class",
        "data-label",
    }
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "<!--" not in page
    assert page.count("&lt;script&gt;") > 10, "each text is shown as it is"
    assert ('class="banner"' in page) == bool(broken)


def test_no_external_id_is_in_the_page() -> None:
    assert "secret-7f3b2c91" not in html(partner_about(_ACTS))
    assert "its external ID" in html(partner_about("x"))


def test_what_is_not_known_for_sure_is_said() -> None:
    page = html(partner_about("read"))
    assert "read (perhaps)" in page
    assert "before 2026-03-01 12:00:00" in page
    assert "no end in its policies" in page
    assert "does not vouch for 2 entries" in page
