"""What of the bench only warns takes turns in CI; what fails nowhere else is measured each time."""

import re

import pytest

from tests.kit import parts
from tests.kit.repository import ROOT
from tools.bench import __main__ as bench

ALWAYS = {"sizes", "scale", "spokes", "urgency"}


@pytest.mark.parametrize("first", [0, 1, 5, 1234])
def test_parts_take_turns_and_those_that_fail_do_not(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    for run in range(len(bench.IN_TURN)):
        monkeypatch.setattr(bench, "PART", str(first + run))
        monkeypatch.setattr(parts, "PART", str(first + run))
        runs.append(set(bench.due(short=True)))
    assert all(ALWAYS < run < bench.PARTS.keys() for run in runs)
    assert set().union(*runs) == bench.PARTS.keys()
    assert bench.due(short=False) == list(bench.PARTS)


def test_without_a_part_the_short_form_has_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PART", "")
    assert bench.due(short=True) == list(bench.PARTS)


@pytest.mark.parametrize("part", ["", "7"])
def test_ci_measures_each_part_that_is_due_either_beside_other_suites_or_alone(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "PART", part)
    monkeypatch.setattr(parts, "PART", part)
    run = (ROOT / ".ci/run").read_text(encoding="utf-8")
    given = [words.split() for words in re.findall(r"bench BENCH='(.+?)'", run)]
    shared, alone = (bench.asked(words, short="short" in words) for words in given)
    assert sorted(shared + alone) == sorted(bench.due(short=True))
    assert alone == ["urgency"]
    *_, before, last = run.splitlines()
    assert before.startswith("join ") and "short alone" in last, "nothing runs beside it"
