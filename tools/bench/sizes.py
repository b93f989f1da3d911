"""How large the built layers and functions are: bytes unzipped and, as Lambda is sent them, zipped.

Exact, so that a package that comes in unseen fails; a hundredth of tolerance is for new lines.
"""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from tools.bench.cold import BUILD

HELD = Path(__file__).with_name("sizes.json")
MOST_UNZIPPED, MOST_ZIPPED_LAYERS = 20_000_000, 6_000_000
_TOLERANCE = 1.01


def parts(build: Path = BUILD) -> list[Path]:
    """The folders of all layers and functions.

    Raises
    ------
    SystemExit
        When nothing is built.
    """
    found = sorted(path for path in build.glob("*") if path.is_dir())
    if not found:
        raise SystemExit(f"there is no {build}; run `make build` first")
    return found


def unzipped(part: Path) -> int:
    """The bytes of all files of a part."""
    return sum(path.stat().st_size for path in part.rglob("*") if path.is_file())


def zipped(part: Path) -> int:
    """The bytes of the part as a zip file."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(part.rglob("*")):
            archive.write(path, path.relative_to(part))
    return len(data.getvalue())


def measure(build: Path = BUILD) -> dict[str, Any]:
    """All sizes, in bytes; functions together, as each is its handler only."""
    found = parts(build)
    layers = {part.name: unzipped(part) for part in found if part.name.endswith("Layer")}
    return {
        **layers,
        "functions": sum(unzipped(part) for part in found if part.name not in layers),
        "unzipped": sum(unzipped(part) for part in found),
        "zipped_layers": sum(zipped(part) for part in found if part.name in layers),
    }


def grown(sizes: dict[str, Any]) -> Iterator[str]:
    """What is larger than it was held to be, or than it may be at all."""
    held = json.loads(HELD.read_text())
    for name, size in sizes.items():
        if size > held.get(name, 0) * _TOLERANCE:
            yield f"{name}: {size} bytes, held at {held.get(name)} in {HELD.name}"
    if sizes["unzipped"] >= MOST_UNZIPPED:
        yield f"unzipped: {sizes['unzipped']} bytes, not under {MOST_UNZIPPED}"
    if sizes["zipped_layers"] >= MOST_ZIPPED_LAYERS:
        yield f"zipped layers: {sizes['zipped_layers']} bytes, not under {MOST_ZIPPED_LAYERS}"
