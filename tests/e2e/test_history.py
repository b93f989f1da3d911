"""Every AWS command of docs/history.md, run as it stands there, and the answer to the same."""

from datetime import datetime
from typing import Any

import pytest

from latchkey.aws.access_queries import HistoryReader
from latchkey.aws.table import Table, plain
from sandbox import Sandbox
from tests.e2e.commands import Shell, commands
from tests.e2e.conftest import Case
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

HISTORY = ROOT / "docs/history.md"
LINES = list(commands(HISTORY.read_text(encoding="utf-8")))
QUERIES = [line for line in LINES if line.startswith("aws ")]
MOMENT = "2026-05-01T00:00:00.000000Z"


def _items(outside: Outside, case: Case, line: str) -> list[dict[str, Any]]:
    """What a command of the page answers; names and the time are the test's own."""
    shell = Shell(outside.box.client)
    for setting in LINES:
        if "=" in setting.partition(" ")[0]:
            shell.run(setting)
    ours = line.replace("acme", case.partner).replace("northwind-reports", case.bucket)
    soon = outside.in_(hours=1).replace("Z", ".000000Z")
    return [plain(item) for item in shell.run(ours.replace(MOMENT, soon))["Items"]]


@pytest.fixture(scope="module")
def granted(outside: Outside, once: Case) -> Case:
    """A partner with a grant."""
    outside.upload(once.key, once.config())
    return once


@pytest.mark.parametrize("line", QUERIES)
def test_command_finds_the_grant(outside: Outside, granted: Case, line: str) -> None:
    found = _items(outside, granted, line)
    assert found
    assert {(item["partner"], item["grant"]) for item in found} == {(granted.partner, "main")}


def test_page_shows_every_kind_of_key() -> None:
    for kind in ("RESOURCE#s3:", "ACCESS#", "PARTNER#"):
        assert any(kind in line for line in QUERIES), kind


def test_commands_by_hand_and_the_reader_say_the_same(
    box: Sandbox, outside: Outside, granted: Case
) -> None:
    reader = HistoryReader(Table(box.client("dynamodb"), box.outputs["GrantTableName"]))
    at = datetime.fromisoformat(outside.in_(hours=1))
    (told,) = reader.who_had_access(f"s3://{granted.bucket}", at)
    (item,) = _items(outside, granted, next(line for line in QUERIES if "BETWEEN" in line))
    mine = next(one for one in item["allows"] if granted.bucket in one["resource"])
    assert (told["arn"], told["principals"]) == (mine["resource"], item["principals"])
    assert told["until"] == item["expires_at"] == granted.expires_at
    assert reader.grants_of(granted.partner) == [f"{granted.partner}.main"]
