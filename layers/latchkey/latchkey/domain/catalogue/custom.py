"""Custom statements: what the catalogue has no word for, where the guardrails allow it."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Literal, override

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from latchkey.domain import boundary
from latchkey.domain.catalogue.entry import HTTPS, Allowance, Entry, Facts, Place
from latchkey.domain.catalogue.resource import Named, arn_parts

_ACTION = re.compile(r"([a-z0-9-]+):([A-Za-z]+)", re.ASCII)
_WITHOUT_HTTPS = {"dynamodb", "s3", "sns", "sqs"}
_READS = re.compile(r":(Get|List|Describe|Query|Scan|Receive|BatchGet|PartiQLSelect)")
_NO_KEYS = {"events", "lambda"}
_OURS = {"aws:currenttime", "aws:epochtime", "aws:securetransport"}
_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|"
    r"(Numeric|Date)(LessThan|GreaterThan)(Equals)?|Date(Not)?Equals|Bool|BinaryEquals|"
    r"(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?|Null",
    re.ASCII,
)

_FORMS: Mapping[str, tuple[str, str]] = {
    "dynamodb": (r"table/[A-Za-z0-9_.-]{3,255}", r"/index/(?:[A-Za-z0-9_.-]{3,255}|\*)"),
    "events": (r"event-bus/[A-Za-z0-9_.-]{1,256}", ""),
    "kinesis": (r"stream/[A-Za-z0-9_.-]{1,128}", ""),
    "lambda": (r"function:[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_-]{1,128})?", ""),
    "s3": (r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", r"/(?:[A-Za-z0-9!_.'()=,@:;+& /-]+/)?\*"),
    "secretsmanager": (r"secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}", ""),
    "sns": (r"[A-Za-z0-9_.-]{1,256}", ""),
    "sqs": (r"[A-Za-z0-9_.-]{1,80}", ""),
    "ssm": (r"parameter(?:/[A-Za-z0-9_.-]+){1,15}", r"/\*"),
}
"""By service, how an ARN names one resource, and what of it may follow."""


def _texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _actions(actions: list[str]) -> list[str]:
    problems = [message for action in actions if (message := _action_problem(action))]
    if problems:
        raise ValueError("; ".join(problems))
    return sorted(set(actions))


def _action_problem(action: str) -> str | None:
    shown = repr(action[:60])
    if "*" in action or "?" in action:
        return f"{shown} has a wildcard; name each action"
    if not _ACTION.fullmatch(action):
        return f"{shown} is not an action; write <service>:<Action>"
    if action in boundary.ALLOWED:
        return None
    near = get_close_matches(action, boundary.ALLOWED, n=1, cutoff=0.8)
    also = f"; did you mean {near[0]!r}?" if near else ""
    return f"{shown} is outside of the permissions boundary of partner roles{also}"


def _resources(resources: list[str]) -> list[str]:
    problems = [message for text in resources if (message := _resource_problem(text))]
    if problems:
        raise ValueError("; ".join(problems))
    return sorted(set(resources))


def _resource_problem(text: str) -> str | None:
    shown, parts = repr(text[:100]), arn_parts(text)
    if text == "*" or parts is None:
        return f"{shown} is not an ARN; name each resource by its full ARN"
    partition, service, region, account, rest = parts
    if service not in _FORMS:
        return f"{shown}: the permissions boundary of partner roles has no service {service!r}"
    name, more = _FORMS[service]
    if not re.fullmatch(f"{name}(?:{more})?", rest, re.ASCII):
        return (
            f"{shown} is not one resource of {service}; a wildcard may stand only at the end, "
            "behind a '/', for what is below a resource that is named"
        )
    placed = (not region and not account) if service == "s3" else (bool(region) and bool(account))
    if not placed or partition not in ("aws", "aws-cn", "aws-us-gov"):
        return f"{shown} is not a full ARN of {service}"
    return None


def _conditions(conditions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for operator, keys in conditions.items():
        if not _OPERATOR.fullmatch(operator):
            raise ValueError(f"{operator[:60]!r} is not a condition operator of IAM")
        for key, value in keys.items():
            if key.lower() in _OURS:
                raise ValueError(f"{key!r} is set by Latchkey (`expires_at`, `starts_at`, HTTPS)")
            if not _is_value(value):
                raise ValueError(
                    f"{key[:60]!r} needs a text or a list of texts; an empty list would count as "
                    "no condition at all"
                )
    return conditions


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, str) and item for item in value)
    return isinstance(value, str) and value != ""


class CustomStatement(BaseModel):
    """An Allow statement as IAM writes it, of exact actions on resources of this account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    Effect: Annotated[Literal["Allow"], Field(description="Always `Allow`.")] = "Allow"
    Action: Annotated[
        list[str],
        BeforeValidator(_texts, json_schema_input_type=str | list[str]),
        AfterValidator(_actions),
        Field(
            min_length=1,
            max_length=30,
            description="Exact actions within the permissions boundary, without wildcards.",
        ),
    ]
    Resource: Annotated[
        list[str],
        BeforeValidator(_texts, json_schema_input_type=str | list[str]),
        AfterValidator(_resources),
        Field(
            min_length=1,
            max_length=20,
            description="Full ARNs in this account; `*` only at the end, behind a `/`.",
        ),
    ]
    Condition: Annotated[
        dict[str, dict[str, Any]],
        Field(
            max_length=10,
            description="Conditions as IAM writes them; Latchkey's are added to them.",
        ),
        AfterValidator(_conditions),
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
    """Statements of your own, where the guardrails allow them."""

    service: Literal["custom"]
    statements: Annotated[
        list[CustomStatement],
        AfterValidator(_one_service),
        Field(min_length=1, max_length=10, description="IAM statements: Allow only."),
    ]

    @override
    def named(self) -> tuple[Named, ...]:
        """The resources of all statements, without what is below them."""
        return tuple(
            Named(("statements", index, "Resource"), arn.split(":")[2], _named(arn))
            for index, statement in enumerate(self.statements)
            for arn in statement.Resource
        )

    @override
    def targets(self, found: Sequence[Facts]) -> tuple[str, ...]:
        """The resources as they are written."""
        return tuple(arn for statement in self.statements for arn in statement.Resource)

    @override
    def allowances(self, found: Sequence[Facts], place: Place) -> tuple[Allowance, ...]:
        """The statements as written, with HTTPS, and the use of the keys behind the resources."""
        facts = iter(found)
        return tuple(
            allowance
            for index, statement in enumerate(self.statements)
            for allowance in _allowances(
                index, statement, [next(facts) for _ in statement.Resource], place
            )
        )


def _named(arn: str) -> str:
    """The resource that an ARN names, as its service's lookup wants it."""
    parts = arn_parts(arn)
    assert parts  # as validated
    service, rest = parts[1], parts[4]
    if service == "s3":
        return rest.partition("/")[0]
    if service == "ssm":
        return rest.removeprefix("parameter").removesuffix("*")
    name = re.match(_FORMS[service][0], rest, re.ASCII)
    assert name
    return arn[: len(arn) - len(rest)] + name.group()


def _allowances(
    index: int, statement: CustomStatement, found: Sequence[Facts], place: Place
) -> tuple[Allowance, ...]:
    (service,) = statement.services
    https = HTTPS if service in _WITHOUT_HTTPS else {}
    conditions = {**statement.Condition}
    for operator, required in https.items():
        conditions[operator] = {**conditions.get(operator, {}), **required}
    name = f"Custom{index}"
    own = Allowance(name, tuple(statement.Action), tuple(statement.Resource), conditions)
    keys = tuple(sorted({key for facts in found for key in facts.kms_keys}))
    if not keys or service in _NO_KEYS:
        return (own,)
    reads = all(_READS.search(action) for action in statement.Action)
    actions = boundary.KEY_ACTIONS[:1] if reads else boundary.KEY_ACTIONS
    via = {"StringEquals": {"kms:ViaService": f"{service}.{place.region}.{place.dns_suffix}"}}
    return (own, Allowance(f"{name}Key", actions, keys, via))
