"""`python -m tools.mutants [safeguards] [part of a name]`: each mutant must be caught by a test.

`make mutants` changes what policies and rules say, `make safeguards` takes away what keeps work
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
from tools.mutants.entries import MUTANTS, SAFEGUARDS
from tools.mutants.mutant import Mutant

_LEFT_OUT = (".git", ".venv", ".aws-sam", "__pycache__", ".*_cache", ".cache", ".hypothesis")
_UNIT = (
    "test_catalogue",
    "test_catalogue_names",
    "test_permissions_policy",
    "test_trust_policy",
    "test_custom_statements",
    "test_config_rules",
    "test_read_config",
    "test_guardrails",
    "test_guardrails_reach",
    "test_own_resources",
    "test_patterns",
    "test_patterns_against_all_texts",
    "test_external_ids",
    "test_networks",
    "test_principals",
    "test_own_account",
    "test_key_policy",
    "test_plan",
    "test_plan_properties",
    "test_role",
    "test_render_properties",
)
_STAGES = (
    [f"tests/unit/{name}.py" for name in _UNIT],
    ["tests/contract/test_boundary.py", "tests/contract/test_policy_linters.py"],
)
"""What runs on a mutant that names no tests: the slow linters only when nothing before fails."""


def caught(mutant: Mutant) -> bool:
    """Whether a test fails on a copy of everything with the mutant in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        path, text = mutant.mutated()
        (copy / path).write_text(text, encoding="utf-8")
        stages = [mutant.tests] if mutant.tests else _STAGES
        return any(_run(copy, tests) == 1 for tests in stages)


def _run(folder: Path, tests: Sequence[str]) -> int:
    """The exit status of pytest: 0 when nothing fails, 1 when a test does, others for accidents."""
    options = ["-x", "-p", "no:cacheprovider", "--no-header"]
    command = [sys.executable, "-B", "-m", "pytest", *options, *tests]
    own = os.pathsep.join(str(folder / path) for path in ("layers/latchkey", "cli"))
    there = {**os.environ, "PYTHONPATH": own}
    ended = subprocess.run(  # noqa: S603 (our own interpreter)
        command, cwd=folder, env=there, capture_output=True, check=False
    )
    return ended.returncode


def main(chosen: Sequence[Mutant]) -> int:
    """Try mutants; answers the exit status."""
    survivors = 0
    with ThreadPoolExecutor(2) as pool:
        for mutant, was_caught in zip(chosen, pool.map(caught, chosen), strict=True):
            print(f"{'caught  ' if was_caught else 'SURVIVED'} {mutant.name}", flush=True)
            survivors += not was_caught
    print(f"caught {len(chosen) - survivors} of {len(chosen)}")
    return 1 if survivors or not chosen else 0


def _stages(mutants: Sequence[Mutant]) -> Sequence[Sequence[str]]:
    """What runs on some mutant."""
    named = sorted({test for mutant in mutants for test in mutant.tests})
    unnamed = _STAGES if not all(mutant.tests for mutant in mutants) else ()
    return [*([named] if named else ()), *unnamed]


if __name__ == "__main__":
    words = sys.argv[1:]
    wanted = " ".join(word for word in words if word != "safeguards")
    mutants = SAFEGUARDS if words[:1] == ["safeguards"] else MUTANTS
    named = [mutant for mutant in mutants if wanted in mutant.name]
    if any(_run(ROOT, tests) for tests in _stages(named)):
        sys.exit("the tests fail without any mutant; mend that first")
    sys.exit(main(named))
