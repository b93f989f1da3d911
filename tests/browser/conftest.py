"""Chromium as people have it, offline: the page is a file, and every other request is an error."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from latchkey.reports.register.document import Document
from latchkey.reports.register.page import render
from latchkey.reports.register_page import page_parts

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(os.environ.get("BROWSER_SHOTS") or ".cache/browser")
NOBODY_LOOKS = os.environ.get("BROWSER_SHOTS") == ""


@dataclass
class Opened:
    """A page that was opened, with what went wrong on it and what it asked for."""

    page: Page
    path: Path
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def shown(self) -> list[str]:
        """The grants in the list, as they stand there."""
        return self.page.locator(".grant h3").all_text_contents()

    def count(self) -> str:
        """The line that says how many there are."""
        return self.page.locator("#count").inner_text()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))

    def shot(self, name: str, **options: Any) -> None:
        """A screenshot, for people to look at; none with an empty BROWSER_SHOTS."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        if not NOBODY_LOOKS:
            self.page.screenshot(path=SHOTS / f"{name}.png", **options)


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def now() -> datetime:
    """The time that registers are made at: the browser's clock goes on from it."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium (apt-get install chromium; CHROMIUM names another)."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no chromium on the path; set CHROMIUM to one")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=FLAGS, chromium_sandbox=False)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a register; at the end nothing may have gone wrong and nothing been asked for."""
    opened: list[tuple[BrowserContext, Opened]] = []

    def open_one(document: Document | str, view: str = "", **options: Any) -> Opened:
        size = {"width": options.pop("width", 1600), "height": 1000}
        context = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        page = context.new_page()
        path = tmp_path / f"register-{len(opened)}.html"
        text = document if isinstance(document, str) else render(page_parts(), document)
        path.write_text(text, encoding="utf-8")
        made = Opened(page, path)
        opened.append((context, made))
        _listen(context, made)
        page.goto(f"file://{path}{view}")
        return made

    yield open_one
    for context, made in opened:
        context.close()
        assert made.wrong == []
        assert made.asked == [f"file://{made.path}"] * len(made.asked)


def _listen(context: BrowserContext, made: Opened) -> None:
    """Note errors and requests; let through the document itself and nothing else."""

    def decide(route: Route) -> None:
        made.asked.append(route.request.url.split("#")[0])
        if route.request.url.startswith(f"file://{made.path}"):
            route.continue_()
        else:
            route.abort()

    context.route("**/*", decide)
    made.page.on("console", lambda told: made.wrong.append(f"{told.type}: {told.text}"))
    made.page.on("pageerror", lambda error: made.wrong.append(str(error)))
    made.page.on("dialog", lambda dialog: made.wrong.append(f"dialog: {dialog.message}"))
