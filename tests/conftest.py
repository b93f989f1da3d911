"""What all tests share: no real credentials, no deadline for Hypothesis, and which take long."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import tests.kit.environment  # noqa: F401 (before anything builds a client)
from latchkey.runtime.cold_start import ready
from tests.kit.later_sets import LATER_SETS

ready()  # the functions' modules are loaded here too, but tests go on for minutes

collect_ignore = [tests for tests, package in LATER_SETS.items() if not find_spec(package)]

settings.register_profile(
    "latchkey", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("latchkey")

_TESTS = Path(__file__).parent
_LONG = (
    "cli",
    "e2e",
    "integration/test_bad_configs.py",
    "integration/test_confirm_",
    "integration/test_convergence.py",
    "integration/test_cut_off_faults.py",
    "integration/test_drift.py",
    "integration/test_external_ids.py",
    "integration/test_failures.py",
    "integration/test_generated_history.py",
    "integration/test_given_back.py",
    "integration/test_inline_attacks.py",
    "integration/test_inline_faults.py",
    "integration/test_logs",
    "integration/test_many_resources.py",
    "integration/test_preflight_services.py",
    "integration/test_repair_never_widens.py",
    "integration/test_state_size.py",
    "integration/test_taking_away.py",
    "integration/test_unreadable.py",
)
_FIRST = "test_generated_history.py"
_SHORT = ("e2e/test_file_lifecycle.py", "e2e/test_workflow_input.py")
"""Of these, the main job."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` leaves to `make test-long`, and begin with what takes longest.

    What is first stays with one worker, so that its long history is recorded once.
    """
    items.sort(key=lambda item: item.path.name != _FIRST)
    for item in items:
        path = item.path.relative_to(_TESTS).as_posix()
        if path.startswith(_LONG) and path not in _SHORT:
            item.add_marker(pytest.mark.long)
