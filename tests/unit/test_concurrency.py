"""Independent calls run at once; their answers and errors keep the order in which they stand."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from latchkey import concurrency
from latchkey.concurrency import MOST, concurrently


def _meeting(barrier: threading.Barrier, answer: object) -> Callable[[], Any]:
    def call() -> object:
        barrier.wait(5)
        return answer

    return call


def test_calls_run_at_once_and_answer_in_their_order() -> None:
    barrier = threading.Barrier(3)
    assert concurrently(*(_meeting(barrier, n) for n in range(3))) == [0, 1, 2]


def test_more_calls_than_may_run_at_once_are_all_made() -> None:
    assert concurrently(*(lambda n=n: n for n in range(3 * MOST))) == list(range(3 * MOST))


def test_no_calls_answer_nothing() -> None:
    assert concurrently() == []


def test_first_error_by_order_is_raised_after_all_have_ended() -> None:
    second, ended = threading.Event(), []

    def first() -> None:
        second.wait(5)
        raise ValueError("first")

    def fails_before() -> None:
        second.set()
        raise KeyError("second")

    with pytest.raises(ValueError, match="first"):
        concurrently(first, fails_before, lambda: ended.append("third"))
    assert ended == ["third"]


def _died() -> None:
    raise SystemExit


def test_one_at_a_time_all_are_made_but_after_what_ends_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(concurrency, "MOST", 1)
    made: list[int] = []
    with pytest.raises(ZeroDivisionError):
        concurrently(lambda: made.append(1), lambda: 1 // 0, lambda: made.append(3))
    with pytest.raises(SystemExit):
        concurrently(lambda: made.append(4), _died, lambda: made.append(5))
    assert made == [1, 3, 4]
