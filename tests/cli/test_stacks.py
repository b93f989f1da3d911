"""Several stacks on one command line: the settings file, and `latchkey stacks`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from latchkey_cli.aws.settings_file import VARIABLE
from tests.cli.desk import Desk, make_stack
from tests.cli.test_completion import completions

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    path = tmp_path / "config.toml"
    monkeypatch.setenv(VARIABLE, str(path))

    def written(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_stacks_lists_them_with_a_star_and_what_wins(desk: Desk, write: Write) -> None:
    path = write(
        "default='prod'\n[stacks.prod]\nstack_name='latchkey'\nregion='us-east-1'\n"
        "account='123456789012'\n[stacks.dev]\nprofile='dev'\n"
    )
    found = desk("stacks")
    lines = [line.split() for line in found.stdout.splitlines()]
    assert lines[1] == ["*", "prod", "latchkey", "us-east-1", "123456789012"]
    assert lines[2] == ["dev", "dev", "dev"]
    assert f"wins over region in {path}" in found.stderr
    assert [(s["name"], s["chosen"]) for s in desk.json("stacks", "--stack", "dev")] == [
        ("prod", False),
        ("dev", True),
    ]
    assert (
        "in use: the stack 'other', which is not listed" in desk("stacks", "--stack=other").stderr
    )
    assert completions("--stack", "") == ["dev", "prod"]
    assert desk("grants").exit_code == 0


def test_name_of_the_file_is_found_in_cloudformation(desk: Desk, write: Write) -> None:
    write("[stacks.prod]\nstack_name='other'\nregion='us-east-1'")
    make_stack("other")
    assert desk("grants", "--stack", "prod").exit_code == 0
    missing = desk("grants", "--stack", "prd").stderr
    assert "there is no stack 'prd' in us-east-1" in missing
    assert missing.endswith("has prod\n")


def test_credentials_of_another_account_get_nowhere(desk: Desk, write: Write) -> None:
    path = write("[stacks.latchkey]\naccount='111122223333'\nprofile='security'")
    config = desk.file()
    for words in (["grants"], ["apply", config, "--yes"], ["revoke", "acme", "--reason", "x"]):
        found = desk(*words)
        assert found.exit_code == 1
        assert (
            "these credentials are for account 123456789012, and the stack 'latchkey' is in "
            f"111122223333 ({path}); use the profile 'security'"
        ) in found.stderr
    assert desk.requests == []


def test_stack_in_another_region_than_the_file_says(desk: Desk, write: Write) -> None:
    path = write("[stacks.gone]\nregion='eu-west-1'")
    assert f"{path} says region 'eu-west-1'" in desk("grants", "--stack", "gone").stderr


def test_broken_file_stops_what_needs_it_and_nothing_else(desk: Desk, write: Write) -> None:
    write("[stacks.prod")
    assert desk("validate", desk.file()).exit_code == 0
    assert "is not TOML" in desk("grants").stderr
    assert completions("--stack", "") == []


def test_without_a_file_it_says_where_one_would_be(desk: Desk) -> None:
    assert "latchkey/config.toml lists no stacks" in desk.ok("stacks")
    assert json.loads(desk.ok("stacks", "--json")) == []
