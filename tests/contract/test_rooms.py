"""The package's rooms: arrows run down only, the pure ones know no AWS, none is too large."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.imports import imports
from tests.kit.repository import ROOT

PACKAGE = ROOT / "layers/latchkey/latchkey"
ROOMS = (
    "iam",
    "services",
    "config",
    "grants",
    "history",
    "reports",
    "aws",
    "workflow",
    "jobs",
    "runtime",
)
"""From the lowest to the highest; what all of them use lies loose, below."""

PURE = ROOMS[: ROOMS.index("aws")]
OUTSIDE = {"boto3", "botocore", "logging", "os", "random", "secrets", "socket", "threading", "time"}
"""AWS, the clock, chance, the environment, the log: passed in as values, or not there at all."""

MOST_LINES = 250


def _room(module: str) -> str | None:
    """The room of a module; None for what lies loose, and for what is not ours."""
    package, *rest = module.split(".")
    return rest[0] if package == "latchkey" and rest and rest[0] in ROOMS else None


def _modules(*rooms: str) -> Iterator[tuple[str, Path]]:
    for room in rooms:
        yield from ((room, path) for path in sorted((PACKAGE / room).rglob("*.py")))


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_run_down_only(room: str) -> None:
    above = ROOMS[ROOMS.index(room) + 1 :]
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for _, path in _modules(room)
        for name in imports(path)
        if _room(name) in above
    ]
    assert wrong == []


def test_what_all_rooms_use_uses_none_of_them() -> None:
    loose = [path for path in PACKAGE.glob("*.py") if path.name != "__init__.py"]
    assert [path.name for path in loose for name in imports(path) if _room(name)] == []
    assert len(loose) <= 8


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_know_no_aws_clock_or_log(room: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for _, path in _modules(room)
        if path.name != "lookup.py"  # a service's lookup calls AWS, with a client that is passed in
        for name in imports(path)
        if name.split(".")[0] in OUTSIDE or name.startswith("aws_lambda_powertools")
    ]
    assert wrong == []


def test_no_room_but_services_is_more_than_a_fifth() -> None:
    lines = dict.fromkeys(ROOMS, 0)
    for room, path in _modules(*ROOMS):
        lines[room] += len(path.read_text(encoding="utf-8").splitlines())
    total = sum(lines.values())
    large = {room: found for room, found in lines.items() if found > total / 5}
    assert set(large) <= {"services"}


def test_every_folder_of_the_package_is_a_room() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(ROOMS)


def test_no_file_is_long() -> None:
    sources = (
        path
        for folder in ("layers", "cli", "functions", "sandbox", "tools", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not {".venv", ".aws-sam"} & set(path.parts)
    )
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in sources
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]
    assert long == []
