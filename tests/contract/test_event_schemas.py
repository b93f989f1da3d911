"""Events are made of plain models; what is published of them is made from others."""

import pytest

from latchkey.frozen import Frozen, field_types
from latchkey.reports.outcome_event import OutcomeEvent
from latchkey.reports.reminder import ExpiryEvent
from tools.reference import event_models


@pytest.mark.parametrize("kind", [OutcomeEvent, ExpiryEvent])
def test_published_schema_has_the_fields_of_the_event(kind: type[Frozen]) -> None:
    published = getattr(event_models, kind.__name__).model_fields
    assert list(published) == list(field_types(kind))
