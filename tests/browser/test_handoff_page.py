"""The hand-off sheet in a browser: readable on a phone, on a desk, in the dark, and printed."""

from copy import replace
from typing import Any

import pytest

from latchkey.reports.handoff.html import html
from latchkey.reports.partner_page.page import html as partner_page
from tests.browser.conftest import SHOTS, Open
from tests.browser.contrast import faint_texts
from tests.kit.handoff_sheets import made_sheet
from tests.kit.partner_pages import partner_about
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT

LONG = "https://wiki.example.com/" + "a-very-long-page-name-that-goes-on/" * 5
FULL: dict[str, Any] = {
    "owner_contact": LONG,
    "source_ips": ["203.0.113.0/24"],
    "max_session_duration": 7200,
}


TOKENS: dict[str, Any] = {
    "principals": [
        {"oidc_provider": GITHUB, "audience": AUDIENCE, "subject": [SUBJECT, f"{SUBJECT}-2"]},
        {
            "oidc_provider": "app.terraform.io",
            "audience": "aws.workload.identity",
            "subject": "organization:acme:project:a-long-project:workspace:w:run_phase:apply",
        },
    ],
    "external_id": None,
}
IDS: dict[str, Any] = {
    "external_id": ["acme-7f3b2c91", "acme-" + 20 * "88-"],
    "self_assume": True,
}


@pytest.mark.browser
@pytest.mark.parametrize("asked", [FULL, TOKENS, IDS], ids=["full", "tokens", "ids"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
def test_sheet_is_read_without_scrolling_sideways(
    open_page: Open, width: int, scheme: str, asked: dict[str, Any], request: Any
) -> None:
    sheet = made_sheet(starts_at="2030-01-01T00:00:00Z", **asked)
    opened = open_page(html(sheet), width=width, color_scheme=scheme)
    opened.shot(f"sheet-{request.node.callspec.id}", full_page=True)
    assert opened.overflow() == 0
    assert faint_texts(opened.page) == []
    opened.page.emulate_media(media="print", color_scheme="light")
    assert opened.overflow() == 0
    if width == 400:
        opened.page.pdf(path=SHOTS / f"sheet-{request.node.callspec.id}.pdf", format="A4")


@pytest.mark.browser
def test_partner_page_folds_no_account_id_where_there_is_room(open_page: Open) -> None:
    about = partner_about("a text that is long enough to take what room there is " * 3)
    row = {**about.periods[0], "principals": ["arn:aws:iam::444455556666:root"]}
    opened = open_page(partner_page(replace(about, periods=(row,))), width=1600)
    who = opened.page.locator("td[data-label=who] code")
    assert [each.evaluate("one => one.getClientRects().length") for each in who.all()] == [1]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
def test_partner_page_is_read_without_scrolling_sideways(
    open_page: Open, width: int, scheme: str
) -> None:
    about = partner_about("arn:aws:iam::444455556666:role/a-long-path/" + "long-name-" * 5)
    opened = open_page(partner_page(about), width=width, color_scheme=scheme)
    opened.shot(f"partner-{scheme}-{width}", full_page=True)
    assert opened.overflow() == 0
    assert faint_texts(opened.page) == []
    opened.page.emulate_media(media="print", color_scheme="light")
    assert opened.overflow() == 0
