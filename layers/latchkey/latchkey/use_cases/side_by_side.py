"""Calls that do not need each other, made at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

_MOST = 8


def side_by_side(calls: Sequence[Callable[[], object]]) -> None:
    """Make all calls, eight at a time; each is made, whatever becomes of the others.

    Raises
    ------
    Exception
        What the first of them raised, in their order, that raised anything.
    """
    with ThreadPoolExecutor(_MOST) as pool:
        made = [pool.submit(call) for call in calls]
    for one in made:
        one.result()
