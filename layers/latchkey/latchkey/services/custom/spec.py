"""Custom statements: what no service has a word for, where the guardrails allow it."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.values import texts
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.registry import CUSTOM, spec
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

    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        """Those of the services whose actions a statement has; none that would change data."""
        for statement in entry[self.field]:
            actions = statement["Action"]
            for resource in texts(statement["Resource"]):
                service, rest = resource.split(":")[2], resource.split(":", 5)[5]
                yield from spec(service).tries_of(actions, resource, rest)

    @override
    def pasted(
        self, entry: Mapping[str, Any], arn: str, environment: AwsEnvironment
    ) -> Iterator[tuple[str, str]]:
        """The ARN, which may name all that lies below something."""
        yield "resource ARN", arn


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
