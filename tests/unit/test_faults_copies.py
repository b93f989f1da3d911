"""A case of the faults that goes on in a copy of the process leaves nothing behind in it."""

import subprocess
import sys

from tests.kit.repository import ROOT

_SCRIPT = """
import os
from tools.faults.copies import in_a_copy

state = ["prepared"]

def case():
    state.append("acted")
    return state, os.getpid()

first, second = in_a_copy(case), in_a_copy(case)
assert first[0] == second[0] == ["prepared", "acted"] and state == ["prepared"]
assert os.getpid() not in (first[1], second[1])
for broken in (lambda: {}["missing"], lambda: os._exit(3)):
    try:
        in_a_copy(broken)
    except ChildProcessError as error:
        print(error)
"""


def test_case_sees_what_was_prepared_and_its_error_is_raised() -> None:
    done = subprocess.run(  # of one thread, as the suites are
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "KeyError: 'missing'" in done.stdout
    assert "it ended without a word" in done.stdout
