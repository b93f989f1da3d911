"""What CI collects in parts is, together, what it collects without."""

import json
import os
import subprocess
import sys

from tests.kit.parts import PARTS
from tests.kit.repository import ROOT

_COLLECT = """
import json, sys
import pytest
from tests.kit.parts import PARTS, in_this_part

def names(items):
    return [item.nodeid for item in items]

class Collected:
    def pytest_collection_finish(self, session):
        parts = [names(in_this_part(session.items, 7 + n)) for n in range(PARTS)]
        print(json.dumps([names(session.items), *parts]))

given = ["--collect-only", "-qq", "-m", "long", "tests/integration", "tests/e2e"]
pytest.main(given, [Collected()])
"""


def _collected(part: str) -> list[list[str]]:
    """What a command collects with `PART`, and of that each part."""
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    given = os.environ | {"PART": part, "PYTHONPATH": paths}
    command = [sys.executable, "-c", _COLLECT]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    found: list[list[str]] = json.loads(next(x for x in done.stdout.splitlines() if x[:1] == "["))
    return found


def test_all_parts_of_the_tests_are_all_tests_and_each_has_every_test() -> None:
    whole, *runs = _collected("")
    assert len(whole) == len(set(whole))
    assert len(runs) == PARTS
    assert set(whole) == {name for run in runs for name in run}
    for run in runs:
        assert len(run) < len(whole)
        assert _kinds(run) == _kinds(whole)
    assert _collected("8")[0] == runs[1]


def _kinds(names: list[str]) -> set[str]:
    return {name.partition("[")[0] for name in names if not name.startswith("tests/e2e/")}
