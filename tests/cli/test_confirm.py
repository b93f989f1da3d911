"""`latchkey confirm`: a grant without a fixed end goes on, and `renew` says to confirm it."""

import json
import time

import pytest

from tests.cli.desk import Desk
from tests.kit.examples import config_document

WHY = ["--reason", "ticket 4711"]


@pytest.fixture
def granted(desk: Desk) -> Desk:
    """A desk with a grant without a fixed end."""
    desk.stack.guard(max_confirm_days=90)
    path = desk.folder / "open.json"
    path.write_text(json.dumps({**config_document("expires_at"), "confirm_every_days": 30}))
    assert "ends at " in desk.ok("plan", str(path))
    desk.ok("apply", str(path), "--yes")
    return desk


def test_confirm_is_carried_out_with_who_asked_and_why(granted: Desk) -> None:
    time.sleep(1.1)  # dates are to the second
    said = granted.ok("confirm", "acme", *WHY)
    assert "acme.main: confirmed" in said
    assert f"ends     {granted.stack.grant()['expires_at']}" in said
    request = granted.requests[-1]
    assert (request["action"], request["grant"]) == ("confirm", "main")
    assert request["requested_by"].startswith("arn:aws:sts::123456789012:")
    assert 'order confirm (the request says "arn:aws' in granted.ok("show", "acme")


def test_dry_run_shows_the_date_and_changes_nothing(granted: Desk) -> None:
    before = granted.stack.grant()
    said = granted.ok("confirm", "acme", *WHY, "--dry-run")
    assert "acme.main: " in said
    assert granted.stack.grant() == before


@pytest.mark.parametrize("name", ["acme.*", "*", "*.*"])
def test_one_grant_at_a_time(granted: Desk, name: str) -> None:
    found = granted("confirm", name, *WHY)
    assert (found.exit_code, granted.requests[-1].get("action")) == (2, None)
    assert "one grant at a time" in found.stderr


def test_refused_confirmation_fails_and_says_why(granted: Desk) -> None:
    granted.ok("suspend", "acme", *WHY)
    found = granted("confirm", "acme", *WHY)
    assert found.exit_code == 1
    assert "order `resume` first" in found.stdout
    assert granted("confirm", "acme", "--reason", "  ").exit_code == 2


def test_renew_says_to_confirm_instead(granted: Desk) -> None:
    found = granted("renew", "acme", "--for", "90d", "--yes")
    assert found.exit_code == 1
    assert "latchkey confirm acme.main --reason" in found.stderr


def test_grant_that_ends_instead_fails(granted: Desk) -> None:
    """Its file was removed, and nobody has looked yet: the order finds that it has to end."""
    granted.stack.remove("partners/acme/main.json")
    found = granted("confirm", "acme", *WHY)
    assert "acme.main: revoked" in found.stdout
    assert found.exit_code == 1


def test_order_with_nothing_to_do_names_its_grant(granted: Desk) -> None:
    granted.ok("suspend", "acme", *WHY)
    assert "acme.main: unchanged" in granted.ok("suspend", "acme", *WHY)
