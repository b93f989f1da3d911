"""The register in Chromium, with grants in several accounts."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from latchkey.reports.redaction import Redactor
from latchkey.reports.register.document import document_of
from latchkey.reports.register.entry import entry_of
from tests.browser.conftest import Open
from tests.kit.registers import state

pytestmark = pytest.mark.browser


def test_accounts_are_shown_and_chosen_where_there_are_several(
    open_page: Open, now: datetime
) -> None:
    there = "arn:aws:iam::222233334444:role/partners/partner-x"
    entries = [
        entry_of(state(n, now, **({"role_arn": there} if n else {})), [], Redactor([]))
        for n in range(2)
    ]
    opened = open_page(document_of("latchkey", entries, now))
    expect(opened.page.get_by_text("in account 222233334444")).to_be_visible()
    assert len(opened.shown()) == 2
    opened.page.get_by_label("Account").select_option("222233334444")
    assert opened.shown() == ["partner-000.grant-1"]
    alone = open_page(document_of("latchkey", entries[:1], now))
    expect(alone.page.get_by_label("Account")).to_be_hidden()
    assert "in account" not in alone.page.locator("#list").inner_text()
    spoke = open_page(document_of("latchkey", entries[1:], now, elsewhere=["222233334444"]))
    expect(spoke.page.get_by_label("Account")).to_be_visible()
