"""`latchkey plan` and `apply` of several files, of folders and of standard input; what they ask."""

import json
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.kit.stack.aws import KEY


def test_several_files_and_folders_are_planned_and_none_is_applied_unless_all_may_be(
    desk: Desk,
) -> None:
    (desk.folder / "more").mkdir()
    one, other = desk.file("more/a.json"), desk.file("more/b.json", grant="two")
    found = desk("plan", str(desk.folder / "more"), "--detailed-exitcode")
    assert found.exit_code == 2
    assert f"{one}:\nacme.main: " in found.stdout
    assert f"{other}:\nacme.two: " in found.stdout
    assert len(json.loads(desk.ok("plan", one, other, "--json"))) == 2
    bad = desk.file("bad.json", grant="three", expires_at="2020-01-01T00:00:00Z")
    refused = desk("apply", one, bad, "--yes")
    assert (refused.exit_code, "nothing was uploaded" in refused.stderr) == (1, True)
    assert desk.stack.role() is None
    assert desk("plan", one, bad, "--detailed-exitcode").exit_code == 1
    assert desk("plan", one, other, "--key", KEY).exit_code == 1
    folder = desk("plan", str(desk.folder / "more"), "--key", KEY)
    assert (folder.exit_code, "--key is for one file" in folder.stderr) == (1, True)


def test_plan_reads_standard_input(desk: Desk) -> None:
    text = Path(desk.file()).read_text(encoding="utf-8")
    found = desk("plan", "-", typed=text)
    assert (found.exit_code, "acme.main: " in found.stdout) == (0, True)
    assert desk("plan", "-", typed="{}").exit_code == 1


def test_what_is_used_wrongly_is_no_change(desk: Desk) -> None:
    """terraform's statuses: 0 without changes, 1 for an error, 2 with changes."""
    assert desk("plan", "nowhere.json", "--detailed-exitcode").exit_code == 1
    assert desk("plan", "--no-such-option").exit_code == 1
    assert desk("plan").exit_code == 1


def test_apply_that_takes_access_away_asks_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.stack.granted()
    found = desk("apply", desk.file(require_mfa=True))
    assert (found.exit_code, "takes access away" in found.stderr) == (2, True)
    both = desk("apply", desk.file("new.json", grant="new"), desk.file(require_mfa=True))
    assert "new.json widens access and " in both.stderr
    assert "acme.json takes access away, and there is no terminal" in both.stderr
    monkeypatch.setattr("latchkey_cli.output.terminal.interactive", lambda: True)
    assert desk("apply", desk.file(status="revoked"), typed="n\n").exit_code == 1
    assert desk.stack.grant()["status"] == "active"
