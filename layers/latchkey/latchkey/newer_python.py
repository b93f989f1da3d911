"""What the standard library has in newer Pythons only: the command line runs on 3.11, too.

The functions run on the newest of them, where each name is the library's own.
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

__all__ = ["batched", "override", "replace"]

_T = TypeVar("_T")

if sys.version_info >= (3, 12):
    from itertools import batched
    from typing import override
else:
    from typing_extensions import override

    def batched(iterable: Iterable[_T], n: int) -> Iterator[tuple[_T, ...]]:
        """The items in tuples of `n`, of which the last may be shorter."""
        rest = iter(iterable)
        while batch := tuple(islice(rest, n)):
            yield batch


if sys.version_info >= (3, 13):
    from copy import replace
else:

    def replace(given: _T, /, **changes: Any) -> _T:
        """A copy of a model (`latchkey.frozen`) with other values in some fields."""
        made: _T = given.__replace__(**changes)  # type: ignore[attr-defined]
        return made
