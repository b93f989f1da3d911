"""`latchkey show --cloudtrail`: what it prints of who started the runs."""

import json
from typing import Any

import pytest

from latchkey_cli.authorship.run_starts import RunStart, RunStarts, RunStartsFound
from tests.cli.desk import Desk
from tests.cli.trails import ALICE, BOB

RUN = RunStart(
    at="2026-05-01T11:00:00.000000Z",
    event="AccessSuspended",
    execution="arn:aws:states:us-east-1:123456789012:execution:w:one",
    requested_by=ALICE,
    verdict="differs",
    started_by=BOB,
    why="the same role, in another session",
)


@pytest.fixture
def told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A grant of a file; answers what makes the lookups find something."""
    desk.ok("apply", desk.file(), "--yes")

    def telling(*runs: RunStart, incomplete: str | None = None) -> None:
        found = RunStartsFound(runs, incomplete)
        monkeypatch.setattr(RunStarts, "of", lambda *_: found)

    return telling


def test_who_started_a_run_stands_beside_who_is_said_to_have(desk: Desk, told: Any) -> None:
    told(RUN)
    text = desk.ok("show", "acme", "--cloudtrail")
    (line,) = [line for line in text.splitlines() if BOB in line]
    assert "2026-05-01T11:00:00Z" in line
    assert f"DIFFERS: the request says {ALICE} (the same role, in another session)" in line
    assert "docs/history.md" in text, "the file's author is not compared, and it says so"


def test_programs_get_verdicts(desk: Desk, told: Any) -> None:
    told(RUN)
    found = desk.json("show", "acme", "--cloudtrail")["cloudtrail"]
    assert found["incomplete"] is None
    assert found["runs"][0]["verdict"] == "differs"
    assert found["runs"][0]["started_by"] == BOB
    assert "cloudtrail" not in desk.json("show", "acme")


def test_what_could_not_be_told_is_an_error_after_all_that_could(desk: Desk, told: Any) -> None:
    told(RUN, incomplete="not allowed: no")
    for form in ([], ["--json"]):
        done = desk("show", "acme", "--cloudtrail", *form)
        assert done.exit_code == 1
        assert BOB in done.stdout
        assert "not allowed: no" in done.stderr
    json.loads(done.stdout)


def test_a_session_named_after_an_external_id_is_not_printed(desk: Desk, told: Any) -> None:
    from latchkey.newer_python import replace

    secret = "acme-7f3b2c91"
    told(replace(RUN, started_by=f"{BOB}/{secret}", requested_by=secret, why=secret))
    for form in ([], ["--json"]):
        assert secret not in desk.ok("show", "acme", "--cloudtrail", *form)
    assert secret in desk.ok("show", "acme", "--cloudtrail", "--show-secrets")
