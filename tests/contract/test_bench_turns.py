"""What of the bench only warns takes turns in CI; what fails nowhere else is measured each time."""

import pytest

from tests.kit import parts
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
