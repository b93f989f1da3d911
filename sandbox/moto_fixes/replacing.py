"""How fixes put something else in the place of a member of moto's."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_ABSENT = object()
_originals: dict[tuple[Any, str], Any] = {}


def replace_member(owner: Any, name: str, by: Any) -> None:
    """Replace an attribute of one of moto's modules or classes, for the whole process."""
    _originals.setdefault((owner, name), _own(owner, name))
    setattr(owner, name, by)


@contextmanager
def plain_moto() -> Iterator[None]:
    """Take all replacements back for a while; tests look at what moto does without them.

    What is replaced meanwhile is as it was before, too.
    """
    replaced = {(owner, name): _own(owner, name) for owner, name in _originals}
    try:
        _restore(_originals)
        yield
    finally:
        _restore({**_originals, **replaced})


def _own(owner: Any, name: str) -> Any:
    """A member as it is written, static and class methods included."""
    return inspect.getattr_static(owner, name) if name in vars(owner) else _ABSENT


def _restore(members: dict[tuple[Any, str], Any]) -> None:
    for (owner, name), member in members.items():
        if member is not _ABSENT:
            setattr(owner, name, member)
        elif name in vars(owner):
            delattr(owner, name)
