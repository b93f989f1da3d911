"""Results and events are made of plain models; what is published of them is made from others."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from latchkey.frozen import Frozen, field_types
from latchkey.grants.record import EventType, Outcome
from latchkey.reports.guardrails_notice import GuardrailsEvent
from latchkey.reports.outcome_event import OutcomeEvent
from latchkey.reports.reminder import ExpiryEvent
from latchkey.reports.result import Result
from tests.kit.repository import ROOT
from tools.reference import event_models
from tools.reference.result_model import ResultFile


@pytest.mark.parametrize("kind", [OutcomeEvent, ExpiryEvent, GuardrailsEvent])
def test_published_schema_has_the_fields_of_the_event(kind: type[Frozen]) -> None:
    published = getattr(event_models, kind.__name__).model_fields
    assert list(published) == list(field_types(kind))


def test_published_schema_has_the_fields_of_the_result_and_their_types() -> None:
    assert list(_differences(Result, ResultFile, "")) == []


def _differences(kind: type[Frozen], published: type[BaseModel], where: str) -> Iterator[str]:
    """Where a model of the package and its published description part."""
    mine, theirs = field_types(kind), published.model_fields
    if sorted(mine) != sorted(theirs) or (where == "" and list(mine) != list(theirs)):
        yield f"{where}: {[*mine]}, published {[*theirs]}"
        return
    for name, field in theirs.items():
        model, described = _model(mine[name]), _model(field.annotation)
        if model and described:
            yield from _differences(model, described, f"{where}/{name}")
        elif described is None and (found := _schema(mine[name])) != _schema(field.annotation):
            yield f"{where}/{name}: {found}, published {_schema(field.annotation)}"


def _model(kind: Any) -> Any:
    """The model in a field's type, if there is one."""
    if isinstance(kind, type) and issubclass(kind, Frozen | BaseModel):
        return kind
    return next(filter(None, map(_model, getattr(kind, "__args__", ()))), None)


def _schema(kind: Any) -> Any:
    """What JSON data may be of a type; patterns are published only, and texts tell the rest."""
    schema = TypeAdapter(kind).json_schema()
    options = schema.get("anyOf", [schema])
    return sorted(
        (str(option.get("type")), tuple(option.get("enum", ())), str(option.get("items")))
        for option in options
    )


def test_page_on_notices_lists_every_event_and_outcome_that_is_sent() -> None:
    page = (ROOT / "docs/notices.md").read_text(encoding="utf-8")
    known = {*get_args(EventType), *get_args(Outcome)} - {"planned"}
    assert sorted(name for name in known if f"`{name}`" not in page) == []
