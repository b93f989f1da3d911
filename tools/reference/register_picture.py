"""`python -m tools.reference.register_picture`: a register's picture in docs/images (Chromium).

The browser's clock stands at the example's time, so that the picture is the same on any day. Its
fonts are those of the machine: with fonts-inter installed it looks as it is meant to.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from latchkey.reports.register.page import render
from latchkey.reports.register_page import page_parts
from tests.kit.documented.register import example
from tests.kit.repository import ROOT

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
PICTURE = ROOT / "docs/images/register.png"
_SIZE = {"width": 1600, "height": 1000}
_OPENED = "contoso.catalogue"


def main() -> None:
    """Draw the picture anew."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise SystemExit("no chromium on the path; install it, or set CHROMIUM to one")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "register.html"
        path.write_text(render(page_parts(), example(NOW)), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        page = browser.new_page(viewport=_SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.clock.set_fixed_time(NOW)
        page.goto(f"file://{path}")
        page.get_by_role("button", name=_OPENED).click()
        page.mouse.move(0, 0)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
