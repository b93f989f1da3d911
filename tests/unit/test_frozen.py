"""Frozen models behave as frozen dataclasses do."""

import json
from collections.abc import Mapping
from copy import replace
from typing import Any, ClassVar, Literal

import pytest

from latchkey.frozen import DocumentInvalid, Frozen, Ordered, field_types


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


def test_fields_that_are_missing_or_too_many_are_reported() -> None:
    with pytest.raises(TypeError, match="lacks x"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has no z"):
        Point(1, z=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has no more fields"):
        Point(1, 2, 3)  # type: ignore[call-arg]


def test_field_given_twice_is_reported() -> None:
    with pytest.raises(TypeError, match="Point has no more fields"):
        Point(1, x=2)  # type: ignore[misc]


class Line(Ordered):
    """Models in fields, and a constant that is none."""

    LONGEST: ClassVar[int] = 9
    start: Point
    others: tuple[Point, ...] = ()


def test_copies_are_made_with_other_values() -> None:
    line = Line(Point(1), (Point(2),))
    assert replace(line, start=Point(3)) == Line(Point(3), (Point(2),))
    with pytest.raises(TypeError, match="Line has no length"):
        replace(line, length=1)  # type: ignore[call-arg]


def test_data_of_a_model_goes_all_the_way_down() -> None:
    line = Line(Point(1), (Point(2, 3),))
    assert line.document() == {"start": {"x": 1, "y": 0}, "others": [{"x": 2, "y": 3}]}
    assert Line.from_document(line.document()) == line
    assert Named(1, name="a").document() == {"x": 1, "y": 0, "name": "a"}
    assert list(field_types(Named)) == ["x", "y", "name"]


def test_ordered_models_are_compared_by_their_fields() -> None:
    class Version(Ordered):
        major: int
        minor: int

    assert min(Version(2, 0), Version(1, 10), Version(1, 9)) == Version(1, 9)
    assert max(Version(1, 2), Version(1, 3)) == Version(1, 3)


def test_fields_are_matched_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


class Opened(Frozen):
    """One of two, distinguished by name; a field may have the name of a method."""

    TAG: ClassVar = "event"
    document: str  # type: ignore[assignment]


class Closed(Frozen):
    """The other."""

    TAG: ClassVar = "event"
    reasons: tuple[str, ...] = ()


class Door(Frozen):
    """Each kind of field."""

    last: Opened | Closed | None
    tags: Mapping[str, str]
    kind: Literal["a", "b"] = "a"
    before: tuple[Opened | Closed, ...] = ()
    owner: str | None = None


DOOR = Door(Opened("x"), {"a": "b"}, "b", (Closed(("y", "z")), Opened("w")), "me")


def test_model_is_read_as_it_was_written() -> None:
    written = json.loads(json.dumps(DOOR.document()))
    assert written["last"] == {"event": "Opened", "document": "x"}
    assert written["before"][0] == {"event": "Closed", "reasons": ["y", "z"]}
    assert Door.from_document(written) == DOOR
    assert Door.from_document({"last": None, "tags": {}, "more": 1}) == Door(None, {})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"last": {"event": "secret"}}, "Door.last has to be one of Opened, Closed"),
        ({"last": {"event": "Opened"}}, "Door.last lacks document"),
        ({"before": "secret"}, "Door.before has to be a list"),
        ({"before": ["secret"]}, "Door.before has to be one of Opened, Closed"),
        ({"tags": "secret"}, "Door.tags has to be a dict"),
        ({"owner": 7}, "Door.owner has to be a str"),
    ],
)
def test_data_that_is_not_of_the_model_is_reported_without_its_values(
    changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        Door.from_document({**DOOR.document(), **changes})
    assert str(refused.value) == expected


def test_data_that_lacks_fields_or_is_no_object_is_reported() -> None:
    with pytest.raises(DocumentInvalid, match=r"^Door lacks last, tags$"):
        Door.from_document({})
    with pytest.raises(DocumentInvalid, match=r"^Point has to be an object$"):
        Point.from_document([])  # type: ignore[arg-type]
