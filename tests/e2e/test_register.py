"""The register in the sandbox: a change is on the page soon, and the day makes it anew."""

import json
import time
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

import pytest

from tests.e2e.commands import Shell, commands
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually
from tests.kit.registers import data_in
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

DAY = 24 * 3600


def _page(outside: Outside) -> str:
    """The register as it is in the results bucket; empty while there is none."""
    bucket = outside.box.outputs["ResultsBucketName"]
    try:
        found = outside.s3.get_object(Bucket=bucket, Key="register.html")
    except outside.s3.exceptions.NoSuchKey:
        return ""
    assert found["ContentType"] == "text/html; charset=utf-8"
    return str(found["Body"].read().decode())


def _entry(outside: Outside, grant: str) -> dict[str, Any]:
    page = _page(outside)
    entries = data_in(page)["grants"] if page else []
    return next((entry for entry in entries if entry["id"] == grant), {})


def _tell(outside: Outside, grants: list[str], outcome: str) -> None:
    """Put the events that tell of outcomes on the stack's own bus."""
    details = [{**_named(grant), "outcome": outcome} for grant in grants]
    entries = [
        {
            "Source": "latchkey",
            "DetailType": "told by a test",
            "EventBusName": "latchkey",
            "Detail": json.dumps(detail),
        }
        for detail in details
    ]
    for some in batched(entries, 10, strict=False):
        told = outside.box.client("events").put_events(Entries=list(some))
        assert told["FailedEntryCount"] == 0


def _named(grant: str) -> dict[str, str]:
    partner, name = grant.split(".")
    return {"partner": partner, "grant": name}


def _builds(outside: Outside) -> int:
    """How many registers were made."""
    return sum(
        call["caller"] == "PublishRegisterFunction"
        and call["action"] == "PutObject"
        and call["required_permissions"][0]["resource"].endswith("/register.html")
        for call in outside.box.calls()
    )


def test_change_is_on_the_page_soon_and_the_external_id_is_not(
    outside: Outside, case: Case
) -> None:
    grant = f"{case.partner}.main"
    outside.upload(case.key, case.config())
    _tell(outside, [grant], "created")
    found = eventually(lambda: _entry(outside, grant), bool)
    assert (found["status"], found["live"]) == ("active", True)
    assert [row["name"] for row in found["access"]] == [case.bucket, case.secret]
    outside.remove(case.key)
    _tell(outside, [grant], "revoked")
    found = eventually(lambda: _entry(outside, grant), lambda entry: not entry["live"])
    assert [fact["event"] for fact in found["history"]] == ["AccessRevoked", "AccessGranted"]
    assert case.config()["external_id"] not in _page(outside)


def test_command_of_the_documentation_fetches_the_page(outside: Outside) -> None:
    outside.box.advance(DAY + 60)
    shell = Shell(outside.box.client)
    shell.variables["RESULTS_BUCKET"] = outside.box.outputs["ResultsBucketName"]
    (line,) = commands((ROOT / "docs/register.md").read_text(encoding="utf-8"))
    assert shell.run(line)["Body"].read().startswith(b"<!doctype html>")


def test_every_day_makes_the_whole_register_anew(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    before = outside.box.now()
    outside.box.advance(DAY + 60)
    document = data_in(_page(outside))
    built = datetime.fromisoformat(document["built_at"])
    assert built > before
    assert outside.box.now() - built < timedelta(days=1)
    assert _entry(outside, f"{case.partner}.main")["status"] == "active"


def test_burst_of_changes_is_a_few_registers(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    outside.box.advance(0)
    before, began = _builds(outside), time.monotonic()
    _tell(outside, [f"{case.partner}.main"] * 400, "updated")
    outside.box.advance(0)
    windows = int(time.monotonic() - began) + 2  # of a second at least, in the sandbox
    assert 1 <= _builds(outside) - before <= windows < 40


def test_what_is_planned_only_asks_for_no_register(outside: Outside, case: Case) -> None:
    outside.box.advance(0)
    before = _builds(outside)
    _tell(outside, [f"{case.partner}.main"], "planned")
    outside.box.advance(0)
    assert _builds(outside) == before
