"""`python -m tools.mutants [safeguards] [part of a name]`: is every breakage caught?

`make mutants` breaks what policies and rules say, `make safeguards` takes away what keeps work
from being lost.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.kit.repository import ROOT
from tools.mutants.breakages import BREAKAGES, Breakage
from tools.mutants.safeguards import SAFEGUARDS
from tools.mutants.words import WORDS

_LEFT_OUT = (".git", ".venv", ".aws-sam", "__pycache__", ".*_cache", ".cache", ".hypothesis")
UNIT = (
    "test_catalogue",
    "test_permissions_policy",
    "test_trust_policy",
    "test_custom_statements",
    "test_config_rules",
    "test_read_config",
    "test_guardrails",
    "test_glob",
    "test_key_policy",
    "test_plan",
    "test_plan_properties",
    "test_role",
    "test_render_properties",
)
STAGES = (
    [f"tests/unit/{name}.py" for name in UNIT],
    ["tests/contract/test_boundary.py", "tests/contract/test_policy_linters.py"],
)
"""What runs on each breakage: the linters, which load slowly, only when nothing before fails."""


def caught(breakage: Breakage) -> bool:
    """Whether a test fails on a copy of everything with the breakage in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        broken(copy, breakage)
        stages = [breakage.tests] if breakage.tests else STAGES
        return any(_run(copy, tests) == 1 for tests in stages)


def broken(copy: Path, breakage: Breakage) -> None:
    """Apply a breakage to a copy.

    Raises
    ------
    ValueError
        When its old text does not stand there exactly once.
    """
    file = copy / breakage.folder / breakage.file
    text = file.read_text(encoding="utf-8")
    if text.count(breakage.old) != 1:
        raise ValueError(f"{breakage.name}: stands {text.count(breakage.old)} times in {file.name}")
    file.write_text(text.replace(breakage.old, breakage.new), encoding="utf-8")


def _run(folder: Path, tests: Sequence[str]) -> int:
    """The exit status of pytest: 0 when nothing fails, 1 when a test does, others for accidents."""
    options = ["-x", "-p", "no:cacheprovider", "--no-header"]
    command = [sys.executable, "-B", "-m", "pytest", *options, *tests]
    there = {**os.environ, "PYTHONPATH": str(folder / "layers/latchkey")}
    ended = subprocess.run(command, cwd=folder, env=there, capture_output=True, check=False)
    return ended.returncode


def main(chosen: Sequence[Breakage]) -> int:
    """Try all breakages; answers the exit status."""
    with ThreadPoolExecutor(2) as pool:
        results = zip(chosen, pool.map(caught, chosen), strict=True)
        survivors = []
        for breakage, was_caught in results:
            print(f"{'caught  ' if was_caught else 'SURVIVED'} {breakage.name}", flush=True)
            survivors += [] if was_caught else [breakage.name]
    print(f"caught {len(chosen) - len(survivors)} of {len(chosen)}")
    return 1 if survivors or not chosen else 0


def _stages(breakages: Sequence[Breakage]) -> Sequence[Sequence[str]]:
    """What runs on some breakage."""
    named = sorted({test for breakage in breakages for test in breakage.tests})
    unnamed = STAGES if not all(breakage.tests for breakage in breakages) else ()
    return [*([named] if named else ()), *unnamed]


if __name__ == "__main__":
    words = sys.argv[1:]
    wanted = " ".join(word for word in words if word != "safeguards")
    everything = SAFEGUARDS if words[:1] == ["safeguards"] else (*BREAKAGES, *WORDS)
    named = [breakage for breakage in everything if wanted in breakage.name]
    if any(_run(ROOT, tests) for tests in _stages(named)):
        sys.exit("the tests fail without any breakage; mend that first")
    sys.exit(main(named))
