"""Custom statements: what no service has a word for, where the guardrails allow it."""

from collections.abc import Iterator, Mapping
from typing import Any, override

from latchkey.iam.values import texts
from latchkey.services.arn_form import ArnForm
from latchkey.services.registry import CUSTOM
from latchkey.services.spec import Row, Service


class _Custom(Service):
    @override
    def rows(self, entry: Mapping[str, Any]) -> Iterator[Row]:
        """A row for each resource of each statement."""
        statements = entry.get(self.field)
        for statement in statements if isinstance(statements, list) else []:
            may = ", ".join(texts(statement.get("Action")))
            for resource in texts(statement.get("Resource")):
                yield Row(self.name, "statement", resource, "", may)


SPEC = _Custom(
    name=CUSTOM,
    title="Custom",
    field="statements",
    arn=ArnForm(""),
    actions={},
    labels={},
    own=(),
    boundary=(),
)
