"""The bill of materials of a release: CycloneDX 1.6, JSON, from the locked requirements.

It has two parts, the functions with their layer and the command line, and each distribution that
is installed with them. The hashes of a distribution are all that its lock accepts. What Lambda's
runtime brings (boto3, for the functions) is of no release.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from latchkey import __version__
from tools.release import wheel
from tools.release.sources import epoch

PARTS = {"functions": "layers/dependencies/requirements.txt", "command-line": wheel.LOCK}
"""The lock of each part."""

_ENTRY = re.compile(r"^([\w.-]+)==([\w.+!-]+)(?: ; (.+?))? \\\n((?:    .*\n?)+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^    # +(?:via +)?(\S.*)$", re.MULTILINE)
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "latchkey:release")


@dataclass(frozen=True)
class Locked:
    """A distribution in a lock; `via` are those that ask for it, or the part itself ("")."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]
    via: frozenset[str]
    parts: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """Its package URL, which stands for it in the document."""
        return f"pkg:pypi/{self.name}@{self.version}"


def write(tree: Path, folder: Path) -> Path:
    """Write the document for the locks in the sources."""
    locks = {p: (tree / path).read_text(encoding="utf-8") for p, path in PARTS.items()}
    written = folder / f"latchkey-{__version__}.cdx.json"
    text = json.dumps(document(locks, epoch()), indent=2)
    written.write_text(f"{text}\n", encoding="utf-8")
    return written


def locked(text: str) -> Iterator[Locked]:
    """The distributions of a lock that `uv pip compile --generate-hashes` wrote."""
    for name, version, marker, rest in _ENTRY.findall(text):
        asking = (line for line in _VIA.findall(rest) if line != "via" and line[:2] != "-c")
        via = frozenset("" if " " in line else line for line in asking)
        yield Locked(name, version, marker or None, tuple(sorted(_HASH.findall(rest))), via)


def document(locks: Mapping[str, str], time: int) -> dict[str, Any]:
    """The document for the texts of locks by their parts, as of a time in seconds."""
    by_part = {part: [*locked(text)] for part, text in locks.items()}
    found = [*_together(by_part)]
    made: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z"),
            "component": _own("latchkey"),
        },
        "components": [*(_own(f"latchkey-{part}") for part in by_part), *map(_component, found)],
        "dependencies": [*_dependencies(by_part, found)],
    }
    serial = uuid.uuid5(_NAMES, json.dumps(made))
    return {**made, "serialNumber": f"urn:uuid:{serial}"}


def _together(by_part: Mapping[str, Sequence[Locked]]) -> Iterator[Locked]:
    """Each distribution once, with all parts that install it."""
    refs = {one.ref: one for found in by_part.values() for one in found}
    for ref, one in sorted(refs.items()):
        there = {part: [x for x in found if x.ref == ref] for part, found in by_part.items()}
        hashes = {digest for found in there.values() for x in found for digest in x.hashes}
        parts = tuple(part for part, found in there.items() if found)
        yield replace(one, hashes=tuple(sorted(hashes)), parts=parts)


def _own(name: str) -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": f"{name}@{__version__}",
        "name": name,
        "version": __version__,
        "licenses": [{"license": {"id": "MIT"}}],
    }


def _component(one: Locked) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": one.ref,
        "name": one.name,
        "version": one.version,
        "purl": one.ref,
        "scope": "optional" if one.marker else "required",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
        "properties": [{"name": "latchkey:part", "value": part} for part in one.parts]
        + ([{"name": "latchkey:marker", "value": one.marker}] if one.marker else []),
    }


def _dependencies(
    by_part: Mapping[str, Sequence[Locked]], found: Sequence[Locked]
) -> Iterator[dict[str, Any]]:
    own = {part: f"latchkey-{part}@{__version__}" for part in by_part}
    yield {"ref": f"latchkey@{__version__}", "dependsOn": [*own.values()]}
    for part, ref in own.items():
        yield {"ref": ref, "dependsOn": [x.ref for x in by_part[part] if "" in x.via]}
    for one in found:
        asked = {x.ref for part in by_part.values() for x in part if one.name in x.via}
        yield {"ref": one.ref, "dependsOn": sorted(asked)}
