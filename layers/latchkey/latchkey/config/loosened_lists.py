"""Lists and limits of guardrails: what the new ones allow beyond the old, in words."""

from collections.abc import Callable, Collection, Iterator

_MOST = 10
"""Values that one line names."""

Covers = Callable[[str, str], bool]
"""Whether the first allows, or refuses, all that the second does."""


def same(one: str, other: str) -> bool:
    """`Covers` for values that are no patterns."""
    return one == other


def beyond(
    old: Collection[str] | None, new: Collection[str] | None, said: str, covers: Covers = same
) -> Iterator[str]:
    """What is newly allowed, where None stands for anything."""
    if old is None:
        return
    if new is None:
        yield f"also allowed: {said}, any at all (before: {_first_listed(old) or 'none'})"
    elif more := [one for one in new if not any(covers(each, one) for each in old)]:
        yield f"also allowed: {said} {_first_listed(more)}"


def no_longer(
    old: Collection[str], new: Collection[str], said: str, covers: Covers = same
) -> Iterator[str]:
    """What was refused or asked for, and no longer is."""
    if gone := [one for one in old if not any(covers(each, one) for each in new)]:
        yield f"{said}: {_first_listed(gone)}"


def raised(old: int | None, new: int | None, unit: str) -> Iterator[str]:
    """A limit that is higher, where None stands for none."""
    if old is not None and (new is None or new > old):
        limit = "unlimited" if new is None else f"at most {new} {unit}"
        yield f"{limit} (before: at most {old} {unit})"


def _first_listed(values: Collection[str]) -> str:
    told = sorted(dict.fromkeys(values))
    more = f" and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return f"{', '.join(told[:_MOST])}{more}"
