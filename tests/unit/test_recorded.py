"""What the state carries of a result is small, however long the result is."""

import json

from latchkey.config.problem import Problem
from latchkey.reports.result import Result
from latchkey.reports.summary.line import Line
from latchkey.workflow.run_data import recorded

LONG = 50_000


def _result(reason: str, problems: int, lines: int) -> Result:
    given = {
        "outcome": "rejected",
        "reason": reason,
        "problems": tuple(Problem(f"/access/{n}", f"wrong {n}") for n in range(problems)),
        "summary": tuple(Line("none", f"line {n}") for n in range(lines)),
        "changes": (),
        "widens": False,
        "dry_run": False,
        "recorded_at": "2026-01-15T12:00:00Z",
    }
    names = Result.__annotations__
    return Result(**{name: given.get(name) for name in names})  # type: ignore[arg-type]


def test_long_reasons_are_cut() -> None:
    found = recorded(_result("x" * LONG, 0, 0), "results", "k", "v")
    assert found.reason.startswith("xxx")
    assert len(found.reason) < 5_000


def test_long_lists_are_cut() -> None:
    found = recorded(_result("short", LONG, LONG), "results", "k", "v")
    for documents in (found.problems, found.summary):
        assert documents
        assert len(json.dumps(list(documents))) < 5_000


def test_what_is_short_is_whole() -> None:
    found = recorded(_result("short", 2, 2), "results", "k", "v")
    assert (found.reason, len(found.problems), len(found.summary)) == ("short", 2, 2)
