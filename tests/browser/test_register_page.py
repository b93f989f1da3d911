"""The register in Chromium: it works offline, for keyboards and screens of all sizes."""

import re
from datetime import datetime, timedelta
from itertools import product

import pytest
from playwright.sync_api import expect

from latchkey.reports.redaction import Redactor
from latchkey.reports.register.document import document_of
from latchkey.reports.register.entry import entry_of
from latchkey.reports.register.history import history_line
from latchkey.times import instant
from tests.browser.conftest import Open
from tests.browser.contrast import faint_texts
from tests.kit.documented.register import example
from tests.kit.registers import HOSTILE, crowd, event, hostile, state

pytestmark = pytest.mark.browser

VIEWS = ("list", "timeline", "graph")
SCHEMES = ("light", "dark")
WIDTHS = (400, 768, 1600)


@pytest.mark.parametrize(("view", "scheme", "width"), [*product(VIEWS, SCHEMES, WIDTHS)])
def test_page_fits_the_window_and_its_texts_can_be_read(
    open_page: Open, now: datetime, view: str, scheme: str, width: int
) -> None:
    opened = open_page(example(now), f"#view={view}", color_scheme=scheme, width=width)
    opened.shot(f"{view}-{scheme}-{width}")
    assert opened.overflow() <= 0
    if view == "list":
        opened.page.locator(".grant h3 button").nth(1).click()
        opened.shot(f"details-{scheme}-{width}")
        assert opened.overflow() <= 0
    assert faint_texts(opened.page) == []


@pytest.mark.parametrize(("view", "width"), [*product(VIEWS, (400, 1600))])
def test_hostile_texts_are_text_and_nothing_else(
    open_page: Open, now: datetime, view: str, width: int
) -> None:
    opened = open_page(hostile(now), f"#view={view}&status=", width=width)
    assert opened.count().startswith(str(len(HOSTILE)))
    assert opened.overflow() <= 0
    assert opened.page.locator("main img, main script, main iframe").count() == 0
    if view == "list":
        for button in opened.page.locator(".grant h3 button").all():
            button.click()
        opened.shot(f"hostile-{width}", full_page=True)
        assert opened.overflow() <= 0
        for text in ("</script><script>alert(1)</script>", "‹U+202E›"):
            expect(opened.page.locator("main")).to_contain_text(text, use_inner_text=True)


def test_search_partner_status_service_days_and_order_narrow_what_is_shown(
    open_page: Open, now: datetime
) -> None:
    opened = open_page(crowd(40, now))
    page = opened.page
    assert opened.count() == "40 grants"
    assert opened.shown()[:2] == ["partner-000.grant-0", "partner-000.grant-1"]
    page.get_by_label("Search").fill("own-7 PARTNER")
    assert opened.shown() == ["partner-001.grant-3"]
    assert opened.count() == "1 grant of 40 on record"
    page.get_by_role("button", name="Reset").click()
    page.get_by_label("Partner").select_option("partner-002")
    assert opened.shown() == [f"partner-002.grant-{n}" for n in range(4)]
    page.get_by_role("button", name="Reset").click()
    page.get_by_label("Service").select_option("sqs")
    assert len(opened.shown()) == 13
    page.get_by_label("Ends within").fill("10")
    assert [name[-11:] for name in opened.shown()] == ["000.grant-2", "001.grant-1", "002.grant-0"]
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#count")).to_have_text("40 grants")
    page.get_by_label("Status").select_option("suspended")
    assert opened.page.locator(".none").inner_text().startswith("No grant is like that")


def test_what_is_shown_stands_in_the_address(open_page: Open, now: datetime) -> None:
    opened = open_page(crowd(40, now))
    opened.page.get_by_label("Partner").select_option("partner-004")
    opened.page.get_by_role("tab", name="Timeline").click()
    address = opened.page.evaluate("location.hash")
    assert address == "#partner=partner-004&view=timeline"
    again = open_page(crowd(40, now), address)
    assert again.count() == "4 grants of 40 on record"
    assert again.page.locator(".bar-row .label").count() == 4
    odd = open_page(crowd(40, now), "#partner=<b>&view=constructor&days=x&sort=__proto__")
    assert odd.count() == "40 grants"


def test_everything_can_be_done_by_keyboard(open_page: Open, now: datetime) -> None:
    opened = open_page(example(now))
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(".grant h3 button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".grant h3 button").first.get_attribute("aria-expanded") == "true"
    region = page.locator(".grant h3 button").first.get_attribute("aria-controls")
    assert page.locator(f'[id="{region}"] .facts li').count() >= 2
    page.keyboard.press("Space")
    assert page.locator(".details").count() == 0
    page.get_by_role("tab", name="Grants").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Timeline").get_attribute("aria-selected") == "true"
    page.locator(".bar-row .label").nth(2).focus()
    page.keyboard.press("Enter")
    assert page.locator(".details").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"


def test_every_control_has_a_name(open_page: Open, now: datetime) -> None:
    for view in VIEWS:
        opened = open_page(example(now), f"#view={view}")
        for control in opened.page.locator("button:visible, input:visible, select:visible").all():
            snapshot = control.aria_snapshot()
            assert re.search(r"^- '?\w+ \"[^\"]+\"", snapshot), snapshot


def test_colours_follow_the_system_until_somebody_chooses(open_page: Open, now: datetime) -> None:
    opened = open_page(example(now), color_scheme="dark")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = opened.page.evaluate(paper)
    opened.page.locator("#theme").get_by_text("Light").click()
    light = opened.page.evaluate(paper)
    assert dark != light
    opened.page.reload()
    assert opened.page.evaluate(paper) == light
    opened.page.locator("#theme").get_by_text("Auto").click()
    assert opened.page.evaluate(paper) == dark


def test_graph_narrows_to_what_is_chosen_in_it(open_page: Open, now: datetime) -> None:
    opened = open_page(crowd(200, now), "#view=graph")
    assert opened.page.locator(".legend p").inner_text().startswith("The first 120 grants of 200")
    opened.page.get_by_role("button", name="resource-3, reached by 3 partners").click()
    assert opened.page.get_by_label("Search").input_value() == '"resource-3"'
    assert opened.count() == "5 grants of 200 on record"
    assert opened.page.locator(".node.partner").count() == 5
    opened.page.locator(".node.partner").first.hover()
    assert opened.page.locator(".node.lit").count() >= 3


def test_grant_that_ended_since_the_page_was_made_is_over(open_page: Open, now: datetime) -> None:
    before = now - timedelta(days=3)
    ended = state(1, before, expires_at=(now - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    entries = [entry_of(item, [], Redactor([])) for item in (ended, state(9, now))]
    opened = open_page(document_of("latchkey", entries, before))
    assert opened.shown() == ["partner-002.grant-1"]
    opened.page.get_by_label("Status").select_option("over")
    # A row that has just come is not rendered before the next frame (`content-visibility`).
    expect(opened.page.locator(".status")).to_have_text("Expired", use_inner_text=True)
    assert "made 3 days ago" in opened.page.locator("#stale").inner_text()


def test_register_without_grants_says_so(open_page: Open, now: datetime) -> None:
    for view in VIEWS:
        opened = open_page(document_of("latchkey", [], now), f"#view={view}")
        assert opened.page.locator(".none").inner_text() == "No grants yet."


@pytest.mark.parametrize("width", [400, 1600])
def test_files_that_were_not_granted_are_counted_and_named(
    open_page: Open, now: datetime, width: int
) -> None:
    hostile = "partners/<b>x</b>.json"
    files = [
        {"file": "partners/broken.json", "grant": "", "at": "2026-11-28T12:00:00Z"},
        {"file": hostile, "grant": "acme.main", "at": "2026-11-28T13:00:00Z"},
    ]
    opened = open_page(document_of("latchkey", [], now, files), width=width)
    opened.shot(f"register-files-{width}")
    shown = opened.page.locator("#files")
    assert "2 files were not granted" in shown.inner_text()
    assert (
        shown.locator("li").all_inner_texts()[1] == f"{hostile} (acme.main), 2026-11-28T13:00:00Z"
    )
    assert opened.page.locator("#figures li.bad b").inner_text() == "2"
    assert opened.overflow() == 0


@pytest.mark.parametrize("width", [400, 1600])
def test_what_waits_for_approval_is_counted_and_marked(
    open_page: Open, now: datetime, width: int
) -> None:
    pending = {"digest": "d", "version": "v", "since": instant(now), "groups": ["security"]}
    rejected = {**pending, "rejected_by": "AIDAX of security"}
    states = [
        state(0, now, pending=pending),
        state(1, now, status="pending_approval", live=None, role_arn=None, pending=pending),
        state(2, now, pending=rejected),
        state(3, now),
    ]
    entries = [entry_of(one, [], Redactor([])) for one in states]
    opened = open_page(document_of("latchkey", entries, now), width=width)
    opened.shot(f"register-waits-{width}")
    told = opened.page.locator("#figures li")
    assert "3\nlive grants" in told.all_inner_texts()[0]
    waits = told.filter(has_text="wait for approval")
    assert waits.locator("b").inner_text() == "2"
    assert opened.overflow() == 0
    waits.locator("button").click()
    badges = opened.page.locator("#list .row .found").all_inner_texts()
    assert sorted(badges) == ["a change waits", "waits for approval"]
    opened.page.locator("#list h3 button").first.click()
    assert "latchkey approve partner-000.grant-" in opened.page.locator("#list").inner_text()
    assert opened.overflow() == 0


def test_history_does_not_repeat_itself(open_page: Open, now: datetime) -> None:
    found = {"reason": "the role was changed by hand", "drift": ["tag x added"]}
    told = [
        *(event(now - timedelta(hours=n), "FindingsReported", **found) for n in range(3)),
        event(now - timedelta(days=2), "AccessUpdated", summary=[{"text": "extends"}]),
        event(now - timedelta(days=3), summary=[{"text": "adds read"}]),
    ]
    lines = [history_line(item, Redactor([])) for item in told]
    entry = entry_of(state(0, now, reason=found["reason"]), lines, Redactor([]))
    opened = open_page(document_of("latchkey", [entry], now))
    opened.page.locator(".grant h3 button").click()
    facts = opened.page.locator(".facts > li")
    assert facts.count() == 3
    assert " and before, since " in facts.first.inner_text()
    shown = opened.page.locator(".details").inner_text()
    assert shown.count(str(found["reason"])) == 1
    assert "the config asks for it" not in shown
