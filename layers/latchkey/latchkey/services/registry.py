"""The services, found by their folders: adding one is adding its folder.

A folder is named as the service is in configs, with `_` for `-` and after Python's keywords. Its
`spec` describes the service, its `entry` what a config may say of it, its `lookup` how a resource
is found. Each is imported on first use.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latchkey.services.entry import Entry
    from latchkey.services.lookup import Lookup
    from latchkey.services.spec import Service

CUSTOM = "custom"
"""Statements as IAM writes them, which are of any service."""

_HERE = Path(__file__).parent
_FOLDERS = {
    path.name.rstrip("_").replace("_", "-"): path
    for path in sorted(_HERE.iterdir())
    if (path / "spec.py").exists()
}

KNOWN: tuple[str, ...] = tuple(name for name in _FOLDERS if name != CUSTOM)
"""Every service of AWS that has a spec, also those that no config may name."""

NAMES: tuple[str, ...] = tuple(
    sorted(
        (name for name, path in _FOLDERS.items() if (path / "entry.py").exists()),
        key=lambda name: (name == CUSTOM, name),
    )
)
"""The services that a config may name, `custom` last."""


@cache
def spec(name: str) -> "Service":
    """The spec of a service, or of `custom`."""
    found: Service = import_module(f"latchkey.services.{_FOLDERS[name].name}.spec").SPEC
    return found


@cache
def specs() -> "Mapping[str, Service]":
    """The specs of all that are `KNOWN`, by name."""
    return {name: spec(name) for name in KNOWN}


def titles() -> dict[str, str]:
    """What the services that a config may name are called, by name."""
    return {name: spec(name).title for name in NAMES}


def entry_class(name: str) -> "type[Entry]":
    """The model of a service's `access` entries."""
    found: type[Entry] = import_module(f"latchkey.services.{_FOLDERS[name].name}.entry").ENTRY
    return found


@cache
def lookup(name: str) -> "Lookup":
    """How a service's resources are looked up."""
    found: Lookup = import_module(f"latchkey.services.{_FOLDERS[name].name}.lookup").LOOKUP
    return found
