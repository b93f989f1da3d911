"""The expanded template, kept in `.cache` for as long as all that it depends on stays the same."""

import hashlib
import json
import os
import re
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sandbox.account import REGION
from sandbox.deployment.code_location import DEFINITION

_DIGEST, _TEMPLATE = "digest", "template"
_NAMED = re.compile(rf"{DEFINITION}: *(\S+)")


def load_once(path: Path, region: str = REGION) -> dict[str, Any]:
    """What `template.load` answers or raises; the transform takes a good part of a second."""
    digest = _digest(path, region)
    kept = path.parent / ".cache" / "sandbox" / f"{path.stem}-{region}.json"
    try:
        found = json.loads(kept.read_bytes())
        if found[_DIGEST] == digest:
            return dict(found[_TEMPLATE])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there, or cut off
    from sandbox.deployment.template import load  # takes as long to import as it does to run

    template = load(path, region)
    with suppress(OSError):  # where nothing may be written
        kept.parent.mkdir(parents=True, exist_ok=True)
        written = kept.with_suffix(f".{os.getpid()}")  # several sandboxes may start at once
        written.write_text(json.dumps({_DIGEST: digest, _TEMPLATE: template}), encoding="utf-8")
        written.replace(kept)
    return template


def _digest(path: Path, region: str) -> str:
    """Of all that the expanded template depends on: files, where they lie, and who expands them."""
    named = _NAMED.findall(path.read_text(encoding="utf-8"))
    definitions = (path.parent / name for name in named)
    files = (path, *definitions, *sorted(Path(__file__).parent.glob("*.py")))
    found = hashlib.sha256(f"{path.resolve()} {region} {version('aws-sam-translator')}".encode())
    for file in files:
        body = file.read_bytes()
        found.update(f"{file.name} {len(body)} ".encode() + body)
    return found.hexdigest()
