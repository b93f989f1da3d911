"""What a suite tried, and what did not survive, or hold."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

_WIDEST = 600


@dataclass
class Tally:
    """Counts cases; `failures` says of each that did not survive what was wrong.

    `good` and `bad` are the words for both; with `listed` the good ones are printed too.
    """

    name: str
    good: str = "survived"
    bad: str = "LOST"
    listed: bool = False
    tried: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def survived(self) -> int:
        """The cases in which all was as it should be."""
        return self.tried - len(self.failures)

    def count(self, case: str, wrong: list[str]) -> None:
        """Count a case, with what was wrong after it, if anything."""
        self.tried += 1
        if wrong:
            self.failures.append(f"{case}: {'; '.join(wrong)}")
            sys.stdout.write(f"  {self.bad} {self.failures[-1][:_WIDEST]}\n")
        elif self.listed:
            sys.stdout.write(f"  {self.good:<{len(self.bad)}} {case}\n")
        sys.stdout.flush()

    def line(self) -> str:
        """`survived N of N`, with the name before it."""
        return f"{self.name:<14} {self.good} {self.survived} of {self.tried}"


def in_parallel(
    cases: Callable[..., list[tuple[str, list[str]]]], of: Iterable[int], *, short: bool
) -> Iterator[tuple[str, list[str]]]:
    """The cases of each number, in processes of their own: moto's state is one per process."""
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        for found in pool.map(partial(cases, short=short), of):
            yield from found
