"""The README's tour, as somebody takes it who has only read that far."""

import re
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.samples import prepare
from tests.e2e.commands import Shell, commands
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

README = (ROOT / "README.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^## A first grant, in the sandbox\n(.*?)^## ", re.MULTILINE | re.DOTALL)


def _lines() -> list[str]:
    found = _SECTION.search(README)
    assert found
    return list(commands(found[1]))


@pytest.fixture
def terminal(box: Sandbox, tmp_path: Path) -> Terminal:
    """A folder with the samples in it, and the sandbox prepared as `make samples` does."""
    prepare(box.url)
    (tmp_path / "events").symlink_to(ROOT / "events")
    return Terminal(box, tmp_path)


def test_tour_leads_from_a_file_to_a_page_that_shows_the_grant(
    terminal: Terminal, outside: Outside
) -> None:
    shown = {}
    for line in (line for line in _lines() if line.startswith("latchkey ")):
        done = terminal(line)
        assert done.status == 0, (line, done)
        shown[line.split()[1]] = done.out
    assert "bucket northwind-reports" in shown["plan"]
    assert "created" in shown["apply"]
    assert "arn:aws:iam::123456789012:role/partners/partner-acme.reports" in shown["handoff"]
    assert "acme-4711-2026" in shown["handoff"]
    page = (terminal.folder / "register.html").read_text(encoding="utf-8")
    assert "acme.reports" in page
    assert "acme-4711-2026" not in page
    assert outside.role("partner-acme.reports") is None  # the last line revokes


def test_history_of_a_grant_is_found_by_its_key(box: Sandbox) -> None:
    shell = Shell(box.client)
    shell.variables["GRANT_TABLE"] = box.outputs["GrantTableName"]
    (line,) = [line for line in commands(README) if line.startswith("aws ")]
    assert shell.run(line)["Count"] > 0


def test_sandbox_s_clock_is_moved(terminal: Terminal, box: Sandbox) -> None:
    (line,) = [line for line in commands(README) if line.startswith("curl ")]
    before = box.now()
    done = terminal(line.replace("localhost:4599", box.url.removeprefix("http://")))
    assert done.status == 0, done
    assert (box.now() - before).total_seconds() >= 3600


def test_tour_begins_with_targets_that_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {line.split()[1] for line in _lines() if line.startswith("make ")}
    assert named == {"samples", "cli"}
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in named)
