"""A function's process looks for no garbage until it is ready, and for none of what it loaded."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from latchkey import starting, wiring
from tests.environment import ENVIRONMENT

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:latchkey-grant-workflow"
LAYER = Path(starting.__file__).parents[1]

_SHOWN = """
import gc
from latchkey import observability, wiring
before = gc.isenabled(), gc.get_freeze_count()
wiring.intake_workflow()
print(before, gc.isenabled(), gc.get_freeze_count() > 10_000)
"""


def test_garbage_is_looked_for_once_the_first_use_case_is_built() -> None:
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(LAYER), "GRANT_WORKFLOW_ARN": ARN}
    ended = subprocess.run(
        [sys.executable, "-c", _SHOWN], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "(False, 0) True True\n"


def test_what_runs_already_is_left_alone() -> None:
    assert gc.isenabled(), "tests have been made ready at their start"
    frozen = gc.get_freeze_count()
    starting.ready()
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, frozen)


def test_use_case_that_cannot_be_built_says_why_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRANT_WORKFLOW_ARN", raising=False)
    wiring.intake_workflow.cache_clear()
    for _ in range(2):
        with pytest.raises(Exception, match="GRANT_WORKFLOW_ARN"):
            wiring.intake_workflow()
