"""The recorded session: how it is read off a terminal, and that README's picture is of it."""

import re

import pytest

from latchkey_cli.output.plans import show_plan
from tests.kit.repository import ROOT
from tools.reference.pseudo_terminal import seen
from tools.reference.session import CAST, COLUMNS, PICTURE, STORY, cast, of_cast, picture

RECORDED = CAST.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("a\r\nb\r\n", ["a", "b"]),
        ("a: typed\r\n", ["a: typed"]),
        ("\x1b[32mgreen\x1b[0m\r\n", ["\x1b[32mgreen\x1b[0m"]),
        ("\x1b[?25l| one\r\x1b[2K/ two\r\n\x1b[1A\x1b[2K\x1b[?25hdone\r\n", ["done"]),
        ("one\r\n| wait\r\x1b[2K\r\x1b[1A\x1b[2Ktwo\r\n", ["two"]),
        ("a\r\n\r\nb", ["a", "", "b"]),
    ],
)
def test_progress_is_not_what_stands_there(text: str, stands: list[str]) -> None:
    assert seen(text) == stands


def test_picture_is_that_of_the_recording() -> None:
    lines = of_cast(RECORDED)
    assert cast(lines) == RECORDED
    assert PICTURE.read_text(encoding="utf-8") == picture(lines)


def test_picture_is_in_the_readme_and_asks_nobody_for_anything() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert PICTURE.relative_to(ROOT).as_posix() in readme
    assert not re.search(r"url\((?!#)|<script|@import|href", PICTURE.read_text(encoding="utf-8"))


def test_session_goes_from_nothing_to_a_renewed_grant_within_its_width() -> None:
    assert [line.split()[1] for line, _ in STORY] == ["new", "plan", "apply", "renew", "grants"]
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in of_cast(RECORDED)]
    assert [line for line in plain if line.startswith("$ ")] == [f"$ {line}" for line, _ in STORY]
    assert "acme.reports: created" in plain
    assert "acme.reports: updated" in plain
    assert max(map(len, plain)) <= COLUMNS


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["--- a", "+++ b", '-    "aws:CurrentTime": "2030-01-01T00:00:00Z"'], "only dates change"),
        (['+ "aws:CurrentTime": "2030-01-01T00:00:00Z",', "# and 9 more lines"], "# and 9"),
        (['+ "aws:CurrentTime": "2030-01-01T00:00:00Z",', '+ "Resource": "*"'], '"Resource": "*"'),
        (['-  "aws:TokenIssueTime": "2030-01-01T00:00:00Z"'], "aws:TokenIssueTime"),
    ],
)
def test_difference_is_left_out_only_where_nothing_but_dates_change(
    lines: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = {"changes": [{"action": "PutRolePolicy"}], "summary": [], "policy_difference": lines}
    show_plan(plan)
    printed = capsys.readouterr().out
    assert shown in printed
    assert ("aws:" in printed) == ("dates" not in shown)
    show_plan(plan, policies=True)
    assert "aws:" in capsys.readouterr().out
