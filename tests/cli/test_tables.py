"""Tables at 80 columns: what is never folded, what is left out, and the forms for programs."""

import csv
import errno
import io
import json
from typing import Any

import pytest

from latchkey_cli.output.history_table import print_history
from latchkey_cli.output.tables import Format, Table
from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT

ARN = "arn:aws:iam::444455556666:role/a/rather/long/path/and-name"
ROW = ["acme.reports", "2030-01-01T00:00:00Z", "in 1,000 days", ARN, "read, put and delete"]
TABLE = Table(
    ["GRANT", "ENDS", "IN", "PRINCIPAL", "MAY"],
    [ROW, ["b.c", "2031-01-01T00:00:00Z", "", "444455556666", "=1+1"]],
    whole=("GRANT", "ENDS", "IN"),
    spare=("IN", "ENDS"),
)


def _printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, **how: Any
) -> str:
    monkeypatch.setattr("latchkey_cli.output.terminal._PIPE_WIDTH", width)
    Format(**how).print(TABLE)
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [20, 40, 80, 100, 240])
def test_no_time_name_or_arn_is_ever_folded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    text = _printed(capsys, monkeypatch, width)
    for word in ("acme.reports", ARN, "444455556666"):
        assert word in text
    times = ("2030-01-01T00:00:00Z" in text, "2030-01" in text)
    assert times in ((True, True), (False, False)), "whole, or left out"
    assert "…" not in text


def test_columns_that_say_less_are_left_out_where_there_is_no_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = _printed(capsys, monkeypatch, 110)
    assert narrow.split("\n")[0].split() == ["GRANT", "ENDS", "PRINCIPAL", "MAY"]
    assert max(map(len, narrow.splitlines())) <= 110
    wide = _printed(capsys, monkeypatch, 40, wide=True)
    assert wide.split("\n")[0].split() == ["GRANT", "ENDS", "IN", "PRINCIPAL", "MAY"]
    assert len(wide.splitlines()) == 3, "each row on one line"


def test_answers_about_history_fit_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked is left out first: by whom a file was uploaded is a long name."""
    row: dict[str, Any] = {
        "partner": "acme",
        "grant": "reports",
        "principals": ["444455556666"],
        "service": "s3",
        "resource": "northwind-reports/acme/",
        "may": ["list", "read", "put", "delete"],
        "since": "2026-11-29T21:34:42Z",
        "until": "2030-06-30T18:00:00Z",
        "author": "AROAEXAMPLE:ada@example.com",
    }
    for width, header in (
        (80, "GRANT RESOURCE MAY UNTIL"),
        (100, "GRANT RESOURCE MAY SINCE UNTIL"),
    ):
        monkeypatch.setattr("latchkey_cli.output.terminal._PIPE_WIDTH", width)
        print_history([row], none="")
        printed = capsys.readouterr().out
        assert max(map(len, printed.splitlines())) <= width
        assert printed.split("\n")[0].split() == header.split()


def test_what_is_left_out_can_be_asked_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.stack.granted()
    monkeypatch.setattr("latchkey_cli.output.terminal._PIPE_WIDTH", 60)
    assert "BY" not in desk.ok("show", "acme").partition("History:")[2].split("\n")[1].split()
    wide = desk.ok("show", "acme", "--wide").partition("History:")[2].split("\n")
    assert wide[1].split() == ["WHEN", "WHAT", "BY", "WHY"]
    assert len([line for line in wide if "AccessGranted" in line]) == len(wide) - 3


def test_csv_has_all_columns_and_no_formula(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(csv.reader(io.StringIO(_printed(capsys, monkeypatch, 20, kind="csv"))))
    assert rows[0] == ["grant", "ends", "in", "principal", "may"]
    assert rows[1] == ROW
    assert rows[2][4] == "'=1+1"


def test_commands_that_list_print_for_programs(desk: Desk) -> None:
    desk.stack.granted()
    (row,) = csv.DictReader(io.StringIO(desk.ok("grants", "--output", "csv")))
    assert (row["grant"], row["status"]) == ("acme.main", "active")
    assert row["account"] == ACCOUNT
    assert desk.ok("grants", "--output", "json") == desk.ok("grants", "--json")
    (access, *_) = json.loads(desk.ok("partner-access", "acme", "--output", "json"))
    assert access["partner"] == "acme"
    assert desk("grants", "--output", "xml").exit_code == 2


def test_reader_that_has_enough_ends_it_quietly(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("latchkey_cli.output.terminal.click.echo", closed)
    found = desk("grants", "--json")
    assert (found.exit_code, found.stderr) == (1, "")
