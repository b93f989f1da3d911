"""The way of an upload through the planning package, as it is traced: down only.

`docs/architecture.md` states the figures.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from latchkey import concurrency
from latchkey.runtime.wiring.steps import planner
from latchkey.workflow import plan as package
from tests.kit.imports import run_time_imports
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

FOLDER = Path(package.__file__).parent
STEPS: tuple[tuple[str, ...], ...] = (
    ("planner", "waiting"),
    ("identify",),
    ("lease",),
    ("load", "config_loader", "lookups"),
    ("decide",),
    ("render",),
    ("approve", "asked_claims"),
    ("diff", "by_hand", "changing", "cut_off", "findings", "held", "next_state"),
    ("secure",),
)
"""The steps in their order, each with the modules that only it uses."""

SHARED = (
    "belonging",
    "context",
    "decisions",
    "endings",
    "newest",
    "orphan",
    "taken_away",
    "unsaid",
)
"""What is handed from step to step, and what plans of several of them say."""

STEP = {module: number for number, step in enumerate(STEPS) for module in step}
PURE = ("decide", "render", *STEPS[STEP["diff"]], *SHARED)
MODULES = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))

Call = tuple[str, str, str | None]
"""A module of the package, its function, and the module that called it, if one of these did."""


@pytest.fixture
def calls(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """The calls within the package while an upload is planned, in their order."""
    monkeypatch.setattr(concurrency, "MOST", 1)
    planner()
    stack.upload()
    found: list[Call] = []
    state = stack.state(FILE)

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and (module := _module(frame)) and not _is_property(frame):
            found.append((module, frame.f_code.co_name, next(_callers(frame), None)))

    sys.setprofile(note)
    try:
        stack.invoke("plan_grant", state)
    finally:
        sys.setprofile(None)
    return found


def _module(frame: FrameType) -> str | None:
    path = Path(frame.f_code.co_filename)
    named = not frame.f_code.co_name.startswith(("<", "__"))
    return path.stem if named and path.parent == FOLDER else None


def _callers(frame: FrameType) -> Iterator[str]:
    above = frame.f_back
    while above:
        if module := _module(above):
            yield module
        above = above.f_back


def _is_property(frame: FrameType) -> bool:
    """Whether a field is asked for: nobody has to read on there."""
    kind: Any = type(frame.f_locals.get("self"))
    return isinstance(getattr(kind, frame.f_code.co_name, None), property)


def _stays(calls: list[Call]) -> list[str]:
    """The modules that a reader is in, who reads each function when it is first called."""
    first = dict.fromkeys((module, name) for module, name, _ in calls)
    stays: list[str] = []
    for module, _ in first:
        if stays[-1:] != [module]:
            stays.append(module)
    return stays


def test_steps_come_in_their_order(calls: list[Call]) -> None:
    entries = [name for name, _, caller in calls if name in STEP and caller in (None, "planner")]
    steps = [STEP[name] for name in entries if STEP[name]]
    assert list(dict.fromkeys(steps)) == list(range(1, len(STEPS)))
    assert steps == sorted(steps)


def test_no_call_goes_back_up_to_an_earlier_step(calls: list[Call]) -> None:
    climbs = [
        call for call in calls if call[0] in STEP and STEP[call[0]] < STEP.get(call[2] or "", 0)
    ]
    assert climbs == []


def test_a_reader_stays_as_often_as_the_page_says(calls: list[Call]) -> None:
    stays = _stays(calls)
    page = (Path(__file__).parents[2] / "docs/architecture.md").read_text(encoding="utf-8")
    told = f"**{len(stays)} stays** (times in a row in one file) in {len(set(stays))} files"
    assert told in page


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_from_an_earlier_step(module: str) -> None:
    assert module in STEP or module in SHARED
    imported = {
        name.rsplit(".", 1)[-1]
        for name in run_time_imports(FOLDER / f"{module}.py")
        if name.startswith(package.__name__)
    }
    last = STEP.get(module, len(STEPS))
    assert [name for name in imported if STEP.get(name, last) < last] == []


@pytest.mark.parametrize("module", PURE)
def test_what_follows_load_knows_no_client_clock_or_logger(module: str) -> None:
    outside = ("latchkey.aws", "latchkey.runtime", "boto", "time", "logging", "aws_lambda")
    imports = run_time_imports(FOLDER / f"{module}.py")
    assert [name for name in imports if name.startswith(outside)] == []
