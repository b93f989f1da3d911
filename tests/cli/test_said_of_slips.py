"""What is said of slips on the command line, and that counts are right."""

import json
import re
from typing import get_args

import pytest

from latchkey.grants.record import Status
from tests.cli.desk import Desk
from tests.kit.examples import config_document


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Two grants of one partner."""
    for grant in ("exports", "reports"):
        path = desk.folder / f"{grant}.json"
        document = config_document(grant=grant, external_id=f"acme-{grant}-7f3b2c91")
        path.write_text(json.dumps(document), encoding="utf-8")
        desk.ok("apply", str(path), "--yes")
    return desk


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("plam", "there is no command 'plam'; did you mean plan"),
        ("suspended", "there is no command 'suspended'; did you mean suspend?"),
        ("xyzzy", "there is no command 'xyzzy'; --help lists them"),
    ],
)
def test_command_that_there_is_not(desk: Desk, typed: str, says: str) -> None:
    found = desk(typed)
    assert found.exit_code == 2
    assert says in found.stderr


def test_status_that_there_is_not(desk: Desk) -> None:
    found = desk("grants", "--status", "actve")
    assert found.exit_code == 2
    assert "'actve' is not one of 'active', 'suspended'" in found.stderr


def test_every_status_that_there_is_can_be_listed(desk: Desk) -> None:
    for status in get_args(Status):
        found = desk("grants", "--partner", "acme", "--status", status)
        assert found.exit_code == 0, found.stderr


def test_partner_with_several_grants(two: Desk) -> None:
    found = two("show", "acme")
    assert found.exit_code == 2
    assert "acme has several grants; name one of acme.exports, acme.reports" in found.stderr


def test_as_many_changes_are_counted_as_are_listed(desk: Desk) -> None:
    lines = desk.ok("plan", desk.file()).splitlines()
    number = re.match(r"acme\.main: (\d+) changes would be made", lines[0])
    assert number
    listed = lines[1 : lines.index("")]
    assert int(number[1]) == len(listed)


def test_dry_run_for_many_lists_their_names(two: Desk) -> None:
    found = two("suspend", "acme.*", "--reason", "drill", "--dry-run")
    assert found.stderr.splitlines()[:3] == [
        "suspend would be ordered for 2 grants:",
        "  acme.exports",
        "  acme.reports",
    ]
