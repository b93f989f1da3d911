"""A function's process seldom looks for garbage until it is ready, and never in what it loaded."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from latchkey.runtime import cold_start
from latchkey.runtime.wiring import jobs as wiring
from tests.kit.environment import ENVIRONMENT

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:latchkey-grant-workflow"
LAYER = Path(cold_start.__file__).parents[2]

_SHOWN = """
import gc
usual = gc.get_threshold()
from latchkey.runtime import observability
from latchkey.runtime.wiring import jobs as wiring
from latchkey.runtime.cold_start import MANY
before = gc.get_threshold()[0] == MANY, gc.get_freeze_count()
wiring.intake()
print(before, gc.get_threshold() == usual, gc.get_freeze_count() > 10_000)
"""


def test_garbage_is_looked_for_as_usual_once_the_first_use_case_is_built() -> None:
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "PYTHONPATH": str(LAYER),
        "GRANT_TABLE": "table",
        "RECONCILE_WORKFLOW_ARN": ARN,
        "START_INTERVAL": "0",
    }
    ended = subprocess.run(
        [sys.executable, "-c", _SHOWN], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "(True, 0) True True\n"


def test_what_runs_already_is_left_alone() -> None:
    usual, frozen = gc.get_threshold(), gc.get_freeze_count()
    assert usual[0] < cold_start.MANY, "tests have been made ready at their start"
    cold_start.ready()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, frozen)


def test_use_case_that_cannot_be_built_says_why_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECONCILE_WORKFLOW_ARN", raising=False)
    wiring.intake.cache_clear()
    for _ in range(2):
        with pytest.raises(Exception, match="RECONCILE_WORKFLOW_ARN"):
            wiring.intake()
