"""Custom statements: what the catalogue has no word for, where the guardrails allow it."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictStr,
    WithJsonSchema,
)

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services import boundary
from latchkey.services.allowance import HTTPS, Allowance
from latchkey.services.custom import rules
from latchkey.services.entry import Entry
from latchkey.services.registry import spec
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo

_READS = re.compile(r":(Get|List|Describe|Query|Scan|Receive|BatchGet|PartiQLSelect)")


def _one_or_many(most: int) -> dict[str, Any]:
    """A text or a list of them, as IAM takes both."""
    text = {"type": "string"}
    return {"anyOf": [text, {"type": "array", "items": text, "minItems": 1, "maxItems": most}]}


class CustomStatement(BaseModel):
    """An Allow statement as IAM writes it, of exact actions on resources of this account."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    Sid: Annotated[
        StrictStr | None,
        Field(description="Ignored; Latchkey assigns its own statement IDs."),
    ] = None
    Effect: Annotated[Literal["Allow"], Field(description="Always `Allow`.")] = "Allow"
    Action: Annotated[
        list[str],
        BeforeValidator(rules.texts, json_schema_input_type=str | list[str]),
        Field(
            min_length=1,
            max_length=30,
            description="Actions within the permissions boundary, without wildcards.",
        ),
        AfterValidator(rules.actions),
        WithJsonSchema(_one_or_many(30)),
    ]
    Resource: Annotated[
        list[str],
        BeforeValidator(rules.texts, json_schema_input_type=str | list[str]),
        Field(
            min_length=1,
            max_length=20,
            description="Full ARNs in this account; `*` only at the end, after a `/`.",
        ),
        AfterValidator(rules.resources),
        WithJsonSchema(_one_or_many(20)),
    ]
    Condition: Annotated[
        dict[str, dict[str, Any]],
        Field(
            max_length=10,
            description="IAM conditions; Latchkey adds its own.",
        ),
        AfterValidator(rules.conditions),
    ] = Field(default_factory=dict)

    @property
    def services(self) -> set[str]:
        """The services of all actions and resources."""
        return {action.split(":")[0] for action in self.Action} | {
            arn.split(":")[2] for arn in self.Resource
        }


def _one_service(statements: list[CustomStatement]) -> list[CustomStatement]:
    for statement in statements:
        if len(statement.services) > 1:
            named = ", ".join(sorted(statement.services))
            raise ValueError(f"a statement is about one service, not {named}; write one for each")
    return statements


class CustomAccess(Entry):
    """Your own IAM statements, if the guardrails allow them."""

    service: Literal["custom"]
    statements: Annotated[
        list[CustomStatement],
        AfterValidator(_one_service),
        Field(min_length=1, max_length=10, description="IAM statements with the effect Allow."),
    ]

    @override
    def named(self) -> tuple[Named, ...]:
        """The resources of all statements, without what is below them."""
        return tuple(
            Named(_place(index), arn.split(":")[2], _named(arn))
            for index, statement in enumerate(self.statements)
            for arn in statement.Resource
        )

    @override
    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        """The resources by their ARNs."""
        return tuple(ResourceInfo(arn) for each in self.statements for arn in each.Resource)

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements as written, with HTTPS, and the use of the keys behind the resources."""
        infos = iter(found)
        return tuple(
            allowance
            for index, statement in enumerate(self.statements)
            for allowance in _allowances(
                index, statement, [next(infos) for _ in statement.Resource], environment
            )
        )


def _place(index: int) -> tuple[str | int, ...]:
    return ("statements", index, "Resource")


def _named(arn: str) -> str:
    """The resource that an ARN names, as its service's lookup wants it."""
    parts = arn_parts(arn)
    assert parts  # as validated
    return spec(parts[1]).looked_up(arn, parts[4])


def _allowances(
    index: int,
    statement: CustomStatement,
    found: Sequence[ResourceInfo],
    environment: AwsEnvironment,
) -> tuple[Allowance, ...]:
    (service,) = statement.services
    https = HTTPS if spec(service).plain_http else {}
    conditions = {**statement.Condition}
    for operator, required in https.items():
        conditions[operator] = {**conditions.get(operator, {}), **required}
    name, place = f"Custom{index}", _place(index)
    own = Allowance(name, tuple(statement.Action), tuple(statement.Resource), conditions, place)
    keys = tuple(sorted({key for info in found for key in info.kms_keys}))
    if not keys or not spec(service).key_use:
        return (own,)
    reads = all(_READS.search(action) for action in statement.Action)
    actions = boundary.KEY_ACTIONS[:1] if reads else boundary.KEY_ACTIONS[:2]
    via = {
        "StringEquals": {
            "kms:ViaService": f"{service}.{environment.region}.{environment.dns_suffix}"
        }
    }
    return (own, Allowance(f"{name}Key", actions, keys, via, place))


ENTRY = CustomAccess
