"""What commands print of one grant has no external ID of the partner's other grants."""

import pytest

from latchkey.errors import PermissionDenied
from latchkey_cli.grants import redaction
from tests.cli.desk import Desk
from tests.kit.examples import config_bytes
from tests.kit.stack.aws import FILE

OTHER_ID = "another-0f8fad5b"


def test_show_and_grants_leave_out_those_of_the_other_grants(desk: Desk) -> None:
    desk.stack.granted()
    desk.stack.upload(None, "partners/other.json", grant="other", external_id=OTHER_ID)
    desk.stack.run({**FILE, "key": "partners/other.json"})
    reason = f"they say that {OTHER_ID} works"
    desk.stack.run({"action": "suspend", "partner": "acme", "grant": "main", "reason": reason})
    shown = ("show", "acme.main"), ("show", "acme.main", "--json")
    for words in (*shown, ("grants", "--json", "--status", "suspended")):
        told = desk.ok(*words)
        assert "they say that" in told, words
        assert OTHER_ID not in told, words
    assert OTHER_ID in desk.ok("show", "acme.main", "--show-secrets")


def _with_another(desk: Desk) -> None:
    desk.stack.granted()
    desk.stack.upload(None, "partners/other.json", grant="other", external_id=OTHER_ID)
    desk.stack.run({**FILE, "key": "partners/other.json"})


def test_orders_and_results_leave_out_those_of_the_other_grants(desk: Desk) -> None:
    _with_another(desk)
    reason = f"they say that {OTHER_ID} works"
    for words in (
        ("suspend", "acme.main", "--reason", reason, "--json"),
        ("result", "acme.main"),
        ("result", "acme.main", "--json"),
    ):
        told = desk.ok(*words)
        assert "they say that" in told or "--json" not in words, words
        assert OTHER_ID not in told, words
    assert OTHER_ID in desk.ok("result", "acme.main", "--json", "--show-secrets")


def test_plans_and_uploads_leave_out_those_of_the_other_grants(desk: Desk) -> None:
    _with_another(desk)
    path = desk.folder / "acme.json"
    path.write_bytes(config_bytes(purpose=f"Nightly export, not by {OTHER_ID}"))
    for words in (
        ("plan", str(path)),
        ("plan", str(path), "--json"),
        ("apply", str(path), "--yes", "--json"),
    ):
        told = desk.ok(*words)
        assert "not by" in told or "--json" not in words, words
        assert OTHER_ID not in told, words


def test_who_may_only_plan_gets_the_plan(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_another(desk)
    path = desk.folder / "acme.json"
    path.write_bytes(config_bytes(purpose="Another"))

    def denied(*_: object) -> dict[str, list[str]]:
        raise PermissionDenied("read what a partner has: AccessDenied")

    monkeypatch.setattr(redaction, "beside", denied)
    assert "changes the description" in desk.ok("plan", str(path))
