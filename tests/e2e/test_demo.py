"""`make demo` tells the whole story, in words, and ends with what to try next."""

import io
import re

import pytest
from rich.console import Console

from sandbox import Sandbox
from sandbox.demo.closing import NEXT
from sandbox.demo.screen import Screen
from sandbox.demo.story import Story
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e


def test_demo_shows_the_main_job_and_finds_it_to_hold() -> None:
    shown = io.StringIO()
    screen = Screen(Console(file=shown, width=100, highlight=False))
    with Sandbox() as box:
        assert Story(box, screen).tell() == 0, shown.getvalue()
    text = shown.getvalue()
    for told in (
        "$ latchkey plan reports.json",
        "the result file says: created",
        "$ latchkey handoff acme.reports",
        "did you mean 'northwind-reports'?",
        "$ latchkey who-had-access northwind-reports",
        "the register has the grant, without its external ID",
        "What to try next",
    ):
        assert told in " ".join(text.split())
    assert "Statement" not in text, "policies are told in words"
    assert len(text.splitlines()) < 220
    assert text.rstrip().splitlines()[-len(NEXT) :][0].lstrip().startswith(NEXT[0][0])


def test_what_to_try_next_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line, _ in NEXT:
        program, *words = line.split()
        if program == "make":
            assert all(re.search(rf"^{word}:", makefile, re.MULTILINE) for word in words)
        if program == "less":
            assert (ROOT / words[0]).is_file()
