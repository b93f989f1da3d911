"""CI runs large kinds of cases in parts: together they are the whole, and no kind is left out."""

import subprocess
from collections import Counter
from itertools import chain, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.kit import parts
from tests.kit.examples import ACCOUNT
from tests.kit.parts import BY_CASE, MANY, PARTS, TURNS, in_this_part, of_part
from tests.kit.repository import ROOT
from tools.faults import errors, places
from tools.faults.call_faults import FAULTS


@pytest.mark.parametrize("many", [1, 2, 3, 7, 29])
@pytest.mark.parametrize("cases", [0, 1, 2, 6, 7, 8, 30, 100])
def test_parts_in_a_row_are_the_whole_and_none_is_empty(cases: int, many: int) -> None:
    for first in (0, 1, 5, 1234):
        runs = [of_part(range(cases), many, first + run) for run in range(many)]
        assert {case for run in runs for case in run} == set(range(cases))
        assert all(runs) or not cases


@pytest.mark.parametrize("first", [0, 1, 5, 1234])
def test_searches_through_all_places_take_turns(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, counted = [], []
    for run in range(PARTS):
        monkeypatch.setattr(parts, "PART", str(first + run))
        listed.append(parts.in_turn(range(20)))
        counted.append(list(islice(parts.numbers_in_turn(), 7)))
    assert sorted(chain(*listed)) == list(range(20))
    assert sorted(chain(*counted)) == list(range(7 * PARTS))
    monkeypatch.setattr(parts, "PART", "")
    assert parts.in_turn(range(20)) == list(range(20))
    assert list(islice(parts.numbers_in_turn(), 7)) == list(range(7))


def _item(nodeid: str, *marks: str) -> Any:
    return SimpleNamespace(nodeid=nodeid, get_closest_marker=lambda mark: mark in marks or None)


def test_cases_of_long_tests_take_turns_and_everything_else_runs_each_time() -> None:
    many = [_item(f"a.py::test_many[{n}]", "long") for n in range(MANY + 1)]
    few = [_item(f"a.py::test_few[{n}]", "long") for n in range(MANY)]
    short = [_item(f"a.py::test_short[{n}]") for n in range(99)]
    e2e = [_item(f"a.py::test_e2e[{n}]", "long", "e2e") for n in range(99)]
    always = {item.nodeid for item in (*few, *short, *e2e)}
    runs = [{i.nodeid for i in in_this_part([*many, *few, *short, *e2e], n)} for n in range(PARTS)]
    assert all(always < run for run in runs)
    assert [len(run - always) for run in runs] == [len(many[n::PARTS]) for n in range(PARTS)]
    assert set.union(*runs) - always == {item.nodeid for item in many}


def test_modules_in_the_sandbox_take_turns_whole_and_the_others_run_each_time() -> None:
    there = {path.stem for path in (ROOT / "tests/e2e").glob("test_*.py")}
    taking = [module for turn in TURNS for module in turn]
    assert len(taking) == len(set(taking))
    assert set(taking) | set(BY_CASE) <= there
    assert not set(taking) & set(BY_CASE), "a case whose turn is never its module's would never run"
    items = [
        _item(f"tests/e2e/{module}.py::test[{n}]", "long", "e2e")
        for module in sorted(there)
        for n in range(MANY + 1)
    ]
    for first in (0, 1, 5, 1234):
        runs = [{i.nodeid for i in in_this_part(items, first + n)} for n in range(PARTS)]
        assert set.union(*runs) == {item.nodeid for item in items}
        whole = {item.nodeid for item in items if not any(one in item.nodeid for one in BY_CASE)}
        assert set.union(*runs[: len(TURNS)]) >= whole
        for number, run in enumerate(runs, first):
            cases = Counter(name.partition("::")[0].rpartition("/")[2][:-3] for name in run)
            assert there - set(taking) <= cases.keys()
            assert {cases[module] for module in taking} == {0, MANY + 1}
            due = len(range(number % PARTS, MANY + 1, PARTS))
            assert {cases[module] for module in BY_CASE} == {due}


def test_short_faults_have_every_fault_each_time_and_every_place_in_turn() -> None:
    operations, calls = range(20), 7
    found: Any = [(fault, call) for fault in FAULTS for call in range(calls)]
    seen = set()
    for run in range(3 * calls):
        chosen = [
            (number, place) for number in operations for place in errors._some(found, number + run)
        ]
        assert {fault for _, (fault, _) in chosen} == set(FAULTS)
        assert len(chosen) < len(operations) * len(FAULTS) / 2
        seen |= set(chosen)
    assert seen == {(number, place) for number in operations for place in found}


def test_short_faults_have_one_operation_in_another_account_and_all_places_of_all_in_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operations, parts = 20, 14
    seen = set()
    for run in range(operations * parts):
        monkeypatch.setattr(places, "turn", lambda run=run: run)
        chosen = [places.place(n, operations) for n in places.places(operations, short=True)]
        (there,) = [one for one in chosen if one.account == places.SPOKE]
        assert {one.number for one in chosen if one is not there} == {*range(operations)}
        seen.add((there.number, there.part % parts))
    assert len(seen) == operations * parts
    whole = [places.place(n, operations) for n in places.places(operations, short=False)]
    assert {(one.number, one.account) for one in whole} == {
        (n, account) for n in range(operations) for account in (ACCOUNT, places.SPOKE)
    }


def test_ci_says_which_part_it_runs_and_how_to_run_what_failed_again(tmp_path: Path) -> None:
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    start, end = text.index("failed() {"), text.index("trap report EXIT")
    script = f"""
        set -euo pipefail; PART=7 logs=/tmp rows=(); declare -A commands=([faults]="make faults")
        row() {{ rows+=("$*"); }}
        {text[start:end]}
        trap report EXIT; failed faults 12
    """
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    table = done.stdout.splitlines()
    assert table[-3:] == [
        "== steps, part 7",
        "faults 12 FAILED",
        "to run what failed again: PART=7 make faults",
    ]
    assert "== FAILED" in done.stderr


def test_modules_are_long_by_their_names_and_by_no_mark() -> None:
    """`make test-long` reads no others."""
    modules = [*(ROOT / "tests").rglob("test_*.py")]
    outside = [path for path in modules if "e2e" not in path.parts and path != Path(__file__)]
    assert not [path for path in outside if "mark.long" in path.read_text(encoding="utf-8")]
