"""Who waits looks often at first, and ever more seldom."""

import pytest

from sandbox.demo import looks


class _Clock:
    """Time that passes only where it is waited for."""

    def __init__(self) -> None:
        self.now, self.pauses = 0.0, list[float]()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)


def test_looks_grow_rare_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = _Clock()
    monkeypatch.setattr(looks, "time", clock)
    made = looks.Looks(30)
    while made.left():
        made.pause()
    assert 30 <= clock.now < 30.25
    assert clock.pauses[:10] == [0.05] * 10
    assert clock.pauses == sorted(clock.pauses)
    assert len(clock.pauses) < 150  # instead of 600
