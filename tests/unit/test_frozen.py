"""Frozen models behave as frozen dataclasses do."""

import pytest

from latchkey.frozen import Frozen


class Point(Frozen):
    """Two fields, and one with a default."""

    x: int
    y: int = 0


class Named(Point):
    """A field more."""

    name: str = ""


def test_fields_are_given_by_position_or_name_and_default() -> None:
    assert (Point(1).x, Point(1).y, Named(1, name="a").name) == (1, 0, "a")
    assert Point(1, 2) == Point(y=2, x=1)
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert Point(1, 2) != Named(1, 2)
    assert repr(Named(1, 2, "a")) == "Named(x=1, y=2, name='a')"


def test_nothing_can_be_set() -> None:
    with pytest.raises(AttributeError, match="x cannot be set"):
        Point(1).x = 2  # type: ignore[misc]


def test_fields_that_are_missing_or_too_many_are_told() -> None:
    with pytest.raises(TypeError, match="lacks x"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has no z"):
        Point(1, z=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has no more fields"):
        Point(1, 2, 3)  # type: ignore[call-arg]
