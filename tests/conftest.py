"""What all tests share: no real credentials, no deadline for Hypothesis, and which take long."""

import gc
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import tests.kit.environment  # noqa: F401 (before anything builds a client)
from latchkey.runtime.cold_start import ready
from tests.kit import parts
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
    "contract/test_mutants",
    "contract/test_whole",
    "e2e",
    "integration/test_access_history",
    "integration/test_approvals_killed",
    "integration/test_approvals_orders",
    "integration/test_bad_configs",
    "integration/test_calls",
    "integration/test_confirm",
    "integration/test_convergence",
    "integration/test_cut_off_faults",
    "integration/test_drift",
    "integration/test_evidence",
    "integration/test_external_ids",
    "integration/test_failures",
    "integration/test_file_and_grant",
    "integration/test_files_come_and_go",
    "integration/test_generated_history",
    "integration/test_given_back",
    "integration/test_inline_attacks",
    "integration/test_inline_faults",
    "integration/test_interrupted",
    "integration/test_logs",
    "integration/test_many_resources",
    "integration/test_nobody_inherits",
    "integration/test_plan_in_words",
    "integration/test_preflight_keys",
    "integration/test_preflight_services",
    "integration/test_red_team",
    "integration/test_refused_versions",
    "integration/test_register",
    "integration/test_renewal",
    "integration/test_repair_never_widens",
    "integration/test_resource_events",
    "integration/test_role_name",
    "integration/test_roles_astray",
    "integration/test_spoke_failures",
    "integration/test_state_size",
    "integration/test_sweep_",
    "integration/test_tags_taken_off",
    "integration/test_taking_away",
    "integration/test_unreadable",
    "integration/test_world",
    "unit/test_hostile",
    "unit/test_plan_properties",
    "unit/test_redacted_media",
    "unit/test_render_properties",
    "unit/test_sandbox_",
    "unit/test_summary_properties",
    "unit/test_text.py",
    "unit/test_text_in_media",
)
_FIRST = "test_generated_history.py"
_SHORT = ("e2e/test_file_lifecycle.py", "e2e/test_workflow_input.py")
"""Of these, the main job."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave modules unread that `-m` leaves out anyhow: to import them all costs ten seconds."""
    wanted = str(config.option.markexpr)
    if collection_path.suffix != ".py" or not wanted.startswith(("long and ", "not long and ")):
        return None
    return True if _is_long(collection_path) == wanted.startswith("not long") else None


def _is_long(module: Path) -> bool:
    path = module.relative_to(_TESTS).as_posix()
    return path.startswith(_LONG) and path not in _SHORT


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what `make test` leaves to `make test-long`, and begin with what takes longest.

    What is first stays with one worker, so that its long history is recorded once. With `PART`,
    long tests with many parameters take some of them.
    """
    items.sort(key=lambda item: item.path.name != _FIRST)
    for item in items:
        if _is_long(item.path):
            item.add_marker(pytest.mark.long)
    parts.leave_out(config, items)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded now stays: Python looks through it for garbage neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which part ran, with how to run it again."""
    parts.report(terminalreporter)
