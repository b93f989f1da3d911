"""Many runs at once, one call of AWS at a time: whose turn it is, is drawn, and can be drawn again.

Each run is a thread that stops before every call until it is its turn. Time is given: when all wait
for some time to come, that time is now.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random


@dataclass
class _Runner:
    name: str
    wakes: float = 0
    done: bool = False
    error: BaseException | None = None
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Turns:
    """Gives turns; `random` draws, `clock` answers the seconds now, `advance` lets some pass."""

    def __init__(
        self, random: Random, clock: Callable[[], float], advance: Callable[[float], None]
    ) -> None:
        self._random, self._clock, self._advance = random, clock, advance
        self._runners: list[_Runner] = []
        self._back = threading.Semaphore(0)
        self._mine = threading.local()

    @property
    def running(self) -> bool:
        """Whether any run has not ended."""
        return bool(self._runners)

    def start(self, name: str, work: Callable[[], object]) -> None:
        """Let a run begin; it waits for its first turn."""
        runner = _Runner(name)

        def body() -> None:
            self._mine.runner = runner
            runner.go.acquire()
            try:
                work()
            except BaseException as error:  # noqa: BLE001 (reported by the scheduler of turns)
                runner.error = error
            runner.done = True
            self._back.release()

        self._runners.append(runner)
        threading.Thread(target=body, name=name, daemon=True).start()

    def yield_turn(self, seconds: float = 0) -> None:
        """Stop until it is this run's turn again, which is not before some seconds have passed.

        Outside of any run only the time passes.
        """
        runner = getattr(self._mine, "runner", None)
        if runner is None:
            self._advance(seconds)
            return
        runner.wakes = self._clock() + seconds
        self._back.release()
        runner.go.acquire()

    def give(self) -> None:
        """Give one turn, to a run that does not wait for a time, or after the shortest wait.

        Raises whatever the run ended with.
        """
        ready = [runner for runner in self._runners if runner.wakes <= self._clock()]
        if not self._runners:
            return
        if not ready:
            first = min(self._runners, key=lambda runner: runner.wakes)
            self._advance(first.wakes - self._clock())
            ready = [first]
        runner = self._random.choice(ready)
        runner.go.release()
        self._back.acquire()
        if runner.done:
            self._runners.remove(runner)
        if runner.error:
            raise runner.error
