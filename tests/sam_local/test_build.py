"""What `sam build` made starts without compiling anything, and is as small as it was.

On Lambda `/opt` and `/var/task` are read-only: what has no bytecode is compiled at every start.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.stack.build import ENVIRONMENT
from tools.bench.cold import BUILD, BUILDERS, path_of
from tools.bench.sizes import grown, measure, parts

pytestmark = pytest.mark.sam_local
UNCHECKED_HASH = (0b01).to_bytes(4, "little")  # flags of a pyc (PEP 552)

_PROGRAM = """
import json, sys
from importlib.machinery import SourceFileLoader
compiled = []
compile_source = SourceFileLoader.source_to_code
def source_to_code(self, data, path, **options):
    compiled.append(str(path))
    return compile_source(self, data, path, **options)
SourceFileLoader.source_to_code = source_to_code
import app
from latchkey.runtime.wiring import {module}
{builder}()
cached = [m.__cached__ for m in list(sys.modules.values()) if getattr(m, "__cached__", None)]
print(json.dumps([compiled, cached]))
"""


def _started(function: str, build: Path) -> tuple[list[str], list[str]]:
    """The files that a function's start compiled, and the bytecode that it loaded."""
    environment = {
        **ENVIRONMENT,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": path_of(function, build),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }
    program = _PROGRAM.format(builder=BUILDERS[function], module=BUILDERS[function].split(".")[0])
    command = [sys.executable, "-P", "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    compiled, cached = json.loads(ended.stdout)
    root = str(build.resolve())
    return [p for p in compiled if p.startswith(root)], [p for p in cached if p.startswith(root)]


def test_every_function_is_built() -> None:
    assert {part.name for part in parts() if part.name.endswith("Function")} == BUILDERS.keys()


@pytest.mark.parametrize("function", BUILDERS)
def test_start_compiles_no_module_of_ours_or_of_the_layers(function: str) -> None:
    compiled, cached = _started(function, BUILD)
    assert compiled == []
    assert len(cached) > 50
    assert all(Path(path).exists() for path in cached)


def test_a_module_without_bytecode_would_be_seen(tmp_path: Path) -> None:
    for part in parts():
        (tmp_path / part.name).mkdir()
        for child in part.iterdir():
            (tmp_path / part.name / child.name).symlink_to(child.resolve())
    function = tmp_path / "SweepGrantsFunction"
    (function / "__pycache__").unlink()
    compiled, _ = _started("SweepGrantsFunction", tmp_path)
    assert [Path(path).name for path in compiled] == ["app.py"]


def test_all_bytecode_is_of_this_python_and_never_checked_against_its_source() -> None:
    sources = [source for part in parts() for source in part.rglob("*.py")]
    assert len(sources) > 100
    for source in sources:
        cached = Path(importlib.util.cache_from_source(str(source)))
        header = cached.read_bytes()[:8]
        assert header == importlib.util.MAGIC_NUMBER + UNCHECKED_HASH, cached


def test_layers_and_functions_have_not_grown() -> None:
    assert list(grown(measure())) == []
