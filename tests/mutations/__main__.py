"""`python -m tests.mutations [part of a name]` (`make mutants`): is every breakage caught?"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutations.breakages import BREAKAGES, Breakage

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers/latchkey/latchkey"
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
    """Whether a test fails on a copy of the package with the breakage in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "latchkey"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        broken(copy, breakage)
        return any(_run(Path(folder), tests) == 1 for tests in STAGES)


def broken(package: Path, breakage: Breakage) -> None:
    """Apply a breakage to a copy of the package.

    Raises
    ------
    ValueError
        When its old text does not stand there exactly once.
    """
    file = package / breakage.file
    text = file.read_text(encoding="utf-8")
    if text.count(breakage.old) != 1:
        raise ValueError(f"{breakage.name}: stands {text.count(breakage.old)} times in {file.name}")
    file.write_text(text.replace(breakage.old, breakage.new), encoding="utf-8")


def _run(folder: Path, tests: Sequence[str]) -> int:
    """The exit status of pytest: 0 when nothing fails, 1 when a test does, others for accidents."""
    options = ["-x", "-p", "no:cacheprovider", "-o", f"pythonpath=. {folder}", "--no-header"]
    command = [sys.executable, "-B", "-m", "pytest", *options, *tests]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode


def main(wanted: str) -> int:
    """Try all breakages whose names hold `wanted`; answers the exit status."""
    chosen = [breakage for breakage in BREAKAGES if wanted in breakage.name]
    with ThreadPoolExecutor(2) as pool:
        results = zip(chosen, pool.map(caught, chosen), strict=True)
        survivors = []
        for breakage, was_caught in results:
            print(f"{'caught  ' if was_caught else 'SURVIVED'} {breakage.name}", flush=True)
            survivors += [] if was_caught else [breakage.name]
    print(f"caught {len(chosen) - len(survivors)} of {len(chosen)}")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    if any(_run(PACKAGE.parent, tests) for tests in STAGES):
        sys.exit("the tests fail without any breakage; mend that first")
    sys.exit(main(" ".join(sys.argv[1:])))
