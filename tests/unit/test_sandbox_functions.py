"""The sandbox runs functions as Lambda does: own process, declared variables, timeout, errors."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sandbox.compute.function_spec import FunctionSpec
from sandbox.compute.functions import MOST_WORKERS, Function, Throttled
from sandbox.compute.warm_process import WarmProcess

ROOT = Path(__file__).parents[2]
FUNCTIONS, LAYER = ROOT / "functions", ROOT / "layers" / "latchkey"
WORKER = ROOT / "sandbox" / "compute" / "worker.py"
CODE = """
import os, time
from datetime import UTC, datetime
from layered import VALUE

print("to the log, not into the answer")
count = 0

def handler(event, context):
    global count
    count += 1
    if event == "sleep":
        time.sleep(60)
    if event == "take a second":
        time.sleep(1)
    if event == "crash":
        os._exit(3)
    if event == "raise":
        raise LookupError("nothing there")
    return {
        "event": event,
        "count": count,
        "layer": VALUE,
        "variable": os.environ["GIVEN"],
        "home": os.environ.get("HOME"),
        "endpoint": os.environ["AWS_ENDPOINT_URL"],
        "year": datetime.now(UTC).year,
        "name": context.function_name,
        "left": context.get_remaining_time_in_millis(),
    }
"""


class _Ahead:
    """A clock that is a year ahead."""

    def offset(self) -> float:
        return 366 * 24 * 3600.0


@pytest.fixture
def spec(tmp_path: Path, socket_enabled: None) -> FunctionSpec:
    """A function with a layer; what starts its process is told so by a socket of this process."""
    layer = tmp_path / "layer" / "python"
    layer.mkdir(parents=True)
    (layer / "layered.py").write_text("VALUE = 'from the layer'")
    (tmp_path / "app.py").write_text(CODE)
    return FunctionSpec(
        name="some-function",
        logical_id="SomeFunction",
        arn="arn:aws:lambda:us-east-1:123456789012:function:some-function",
        handler="app.handler",
        code=tmp_path,
        layers=(tmp_path / "layer",),
        variables={"GIVEN": "given", "AWS_ENDPOINT_URL": ""},
        memory=128,
        timeout=2,
    )


@pytest.fixture
def function(spec: FunctionSpec) -> Iterator[Function]:
    """The function, running."""
    with _running(spec) as made:
        yield made


@contextmanager
def _running(spec: FunctionSpec) -> Iterator[Function]:
    log = os.open(os.devnull, os.O_WRONLY)
    clock: Any = _Ahead()
    warm = WarmProcess(log)
    made = Function(spec, "http://127.0.0.1:1", clock, warm)
    yield made
    made.stop()
    warm.stop()
    os.close(log)


def _payload(answer: dict[str, Any]) -> Any:
    return json.loads(answer["payload"])


def test_it_sees_what_it_declares_and_the_moved_clock(function: Function) -> None:
    seen = _payload(function.invoke({"a": 1}))
    assert seen["event"] == {"a": 1}
    assert (seen["layer"], seen["variable"], seen["home"]) == ("from the layer", "given", None)
    assert seen["endpoint"] == "http://127.0.0.1:1"
    assert seen["year"] > datetime.now(UTC).year
    assert seen["name"] == "some-function"
    assert 0 < seen["left"] <= 2000


def test_a_warm_worker_is_used_again(function: Function) -> None:
    assert [_payload(function.invoke(n))["count"] for n in range(3)] == [1, 2, 3]


def test_an_exception_is_answered_by_its_class(function: Function) -> None:
    error = function.invoke("raise")["error"]
    assert (error["errorType"], error["errorMessage"]) == ("LookupError", "nothing there")
    assert _payload(function.invoke(1))["count"] == 2


def test_it_is_stopped_at_its_timeout_and_starts_again(function: Function) -> None:
    error = function.invoke("sleep")["error"]
    assert error["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 2.00 seconds" in error["errorMessage"]
    assert _payload(function.invoke(1))["count"] == 1


def test_a_crash_is_answered_and_it_starts_again(function: Function) -> None:
    assert function.invoke("crash")["error"]["errorType"] == "Runtime.ExitError"
    assert _payload(function.invoke(1))["count"] == 1


def test_a_handler_that_cannot_be_imported_says_why(function: Function) -> None:
    (function.spec.code / "app.py").write_text("import nonsense")
    function.stop()
    assert function.invoke(1)["error"]["errorType"] == "ModuleNotFoundError"


def test_stopping_leaves_no_process(function: Function) -> None:
    function.invoke(1)
    function.stop()
    assert not any(worker.alive() for worker in function._all)


def _at_once(function: Function, runs: int) -> list[str]:
    """What becomes of so many invocations at once."""

    def invoke(_: int) -> str:
        try:
            return "error" if "error" in function.invoke("take a second") else "ran"
        except Throttled:
            return "throttled"

    with ThreadPoolExecutor(runs) as pool:
        return sorted(pool.map(invoke, range(runs)))


def test_what_is_above_the_reserved_concurrency_is_throttled(spec: FunctionSpec) -> None:
    with _running(replace(spec, reserved=2)) as function:
        function.await_ready()
        assert _at_once(function, 5) == ["ran"] * 2 + ["throttled"] * 3
        assert _at_once(function, 1) == ["ran"]
        assert function.document() == {
            "name": "SomeFunction",
            "reserved": 2,
            "peak": 2,
            "throttled": 3,
        }


def test_nothing_runs_of_a_function_that_none_may_run_of(spec: FunctionSpec) -> None:
    with _running(replace(spec, reserved=0)) as function:
        assert _at_once(function, 1) == ["throttled"]


def test_without_a_reserved_concurrency_runs_wait_for_a_worker(function: Function) -> None:
    function.await_ready()
    assert _at_once(function, MOST_WORKERS + 1) == ["ran"] * (MOST_WORKERS + 1)
    assert function.document()["peak"] == MOST_WORKERS


def test_function_s_own_module_is_not_the_warm_process_s(spec: FunctionSpec) -> None:
    (spec.code / "botocore.py").write_text("VALUE = 'of its own'")
    code = "import botocore\n\ndef handler(event, context):\n    return botocore.VALUE\n"
    (spec.code / "app.py").write_text(code)
    with _running(spec) as function:
        assert _payload(function.invoke(1)) == "of its own"


def test_function_imports_its_own_code_anew(spec: FunctionSpec) -> None:
    code = "import os, sys\n\ndef handler(event, context):\n    return sorted(sys.modules)\n"
    (spec.code / "app.py").write_text(code)
    with _running(spec) as function:
        found = _payload(function.invoke(1))
    assert not [name for name in found if name.startswith(("latchkey", "sandbox", "moto"))]


@pytest.mark.parametrize("folder", sorted(FUNCTIONS.iterdir()), ids=lambda folder: folder.name)
def test_warm_process_imports_no_more_than_each_function(folder: Path) -> None:
    assert _imported("*worker['LIBRARIES']") <= _imported("'app'", folder, LAYER)


@cache
def _imported(names: str, *path: Path) -> set[str]:
    """All that is imported after modules, in a process of a worker that sees these folders."""
    code = f"""
import importlib, runpy, sys
worker = runpy.run_path({str(WORKER)!r})
for name in [{names}]:
    importlib.import_module(name)
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={"PYTHONPATH": os.pathsep.join(map(str, path)), "POWERTOOLS_SERVICE_NAME": "any"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())
