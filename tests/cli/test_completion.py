"""What a shell completes: commands, options, statuses, and names of grants and partners."""

import json

import pytest
from click.shell_completion import ShellComplete

from latchkey_cli.main import COMMANDS, cli
from tests.cli.desk import Desk
from tests.kit.examples import config_document


def completions(*words: str) -> list[str]:
    """What the last word may become, behind the words before it."""
    shell = ShellComplete(cli, {}, "latchkey", "_LATCHKEY_COMPLETE")
    *before, last = words
    return [item.value for item in shell.get_completions(before, last)]


@pytest.fixture
def granted(desk: Desk) -> Desk:
    """A desk with grants of two partners."""
    for partner, grant in (("acme", "main"), ("acme", "reports"), ("globex", "main")):
        path = desk.folder / f"{partner}-{grant}.json"
        document = config_document(partner=partner, grant=grant, external_id=f"{partner}-7f3b2c91")
        path.write_text(json.dumps(document))
        desk.ok("apply", str(path), "--yes")
    return desk


@pytest.mark.usefixtures("granted")
def test_names_on_record() -> None:
    assert completions("show", "") == ["acme.main", "acme.reports", "globex.main"]
    assert completions("--stack", "latchkey", "suspend", "acme.") == ["acme.main", "acme.reports"]
    assert completions("confirm", "g") == ["globex.main"]
    assert completions("partner-access", "a") == ["acme"]
    assert completions("grants", "--partner", "") == ["acme", "globex"]


def test_commands_options_and_statuses() -> None:
    assert completions("") == list(COMMANDS)
    assert completions("who") == ["who-had-access"]
    assert completions("confirm", "--dry") == ["--dry-run"]
    assert "suspended" in completions("grants", "--status", "s")


def test_where_nothing_answers_there_is_nothing_and_no_error() -> None:
    assert completions("--endpoint-url", "http://127.0.0.1:9", "show", "a") == []
    assert completions("no-such-command", "who") == ["who-had-access"], "as typed from the start"
