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

class Collected:
    def pytest_collection_finish(self, session):
        print(json.dumps([item.nodeid for item in session.items]))

given = ["--collect-only", "-qq", "-m", "long", "tests/integration", "tests/e2e"]
pytest.main(given, [Collected()])
"""


def test_all_parts_of_the_tests_are_all_tests_and_each_has_every_test() -> None:
    def collected(part: str) -> list[str]:
        command = [sys.executable, "-c", _COLLECT]
        given = os.environ | {"PART": part, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(
            command, cwd=ROOT, env=given, capture_output=True, text=True, check=True
        )
        found: list[str] = json.loads(next(li for li in done.stdout.splitlines() if li[:1] == "["))
        return found

    whole, runs = collected(""), [collected(str(7 + n)) for n in range(PARTS)]
    assert len(whole) == len(set(whole))
    assert set(whole) == {name for run in runs for name in run}
    for run in runs:
        assert len(run) < len(whole)
        assert _kinds(run) == _kinds(whole)


def _kinds(names: list[str]) -> set[str]:
    return {name.partition("[")[0] for name in names if not name.startswith("tests/e2e/")}
