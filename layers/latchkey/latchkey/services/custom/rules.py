"""What a custom statement may say: exact actions, named resources, conditions with a value."""

import re
from difflib import get_close_matches
from typing import Any

from latchkey.iam.arn import arn_parts, is_partition
from latchkey.services import boundary
from latchkey.services.registry import KNOWN, spec

_ACTION = re.compile(r"([a-z0-9-]+):([A-Za-z]+)", re.ASCII)
_OURS = {"aws:currenttime", "aws:epochtime", "aws:resourceaccount", "aws:securetransport"}
_KEY = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.:/=+@ -]+", re.ASCII)
_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|"
    r"(Numeric|Date)(LessThan|GreaterThan)(Equals)?|Date(Not)?Equals|Bool|BinaryEquals|"
    r"(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?|Null",
    re.ASCII,
)


def texts(value: object) -> object:
    """A text as a list of one, as IAM reads it."""
    return [value] if isinstance(value, str) else value


def actions(actions: list[str]) -> list[str]:
    """The actions, if each is exact and within the permissions boundary.

    Raises
    ------
    ValueError
        With a sentence for each that is not.
    """
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
    if action in boundary.allowed():
        return None
    if action in boundary.beyond_usual():
        entry = f"an entry of the service {action.partition(':')[0]} has it"
        return f"{shown} is outside of the permissions boundary of other partner roles; {entry}"
    near = get_close_matches(action, boundary.allowed(), n=1, cutoff=0.8)
    also = f"; did you mean {near[0]!r}?" if near else ""
    return f"{shown} is outside of the permissions boundary of partner roles{also}"


def resources(resources: list[str]) -> list[str]:
    """The resources, if each is one that is named, or what is below it.

    Raises
    ------
    ValueError
        With a sentence for each that is not.
    """
    problems = [message for text in resources if (message := _resource_problem(text))]
    if problems:
        raise ValueError("; ".join(problems))
    return sorted(set(resources))


def _resource_problem(text: str) -> str | None:
    shown, parts = repr(text[:100]), arn_parts(text)
    if text == "*" or parts is None:
        return f"{shown} is not an ARN; name each resource by its full ARN"
    partition, service, region, account, rest = parts
    if service not in KNOWN or spec(service).bounded_by or not spec(service).boundary:
        return f"{shown}: the permissions boundary of partner roles has no service {service!r}"
    form = spec(service).arn
    if not re.fullmatch(form.pattern(), rest, re.ASCII):
        return (
            f"{shown} is not one resource of {service}; a wildcard may stand only at the end, "
            "behind a '/', for what is below a resource that is named"
        )
    if not form.placed(region, account, rest) or not is_partition(partition):
        return f"{shown} is not a full ARN of {service}"
    return None


def conditions(conditions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The conditions, if IAM knows their operators, each has a value, and none is ours to set.

    Raises
    ------
    ValueError
        With a sentence for the first that is not.
    """
    for operator, keys in conditions.items():
        if not _OPERATOR.fullmatch(operator):
            raise ValueError(f"{operator[:60]!r} is not a condition operator of IAM")
        if not keys:
            raise ValueError(f"{operator!r} holds no condition; remove it")
        for key, value in keys.items():
            if not _KEY.fullmatch(key):
                raise ValueError(f"{key[:60]!r} is not a condition key of IAM")
            if key.lower() in _OURS:
                raise ValueError(
                    f"{key!r} is set by Latchkey (`expires_at`, `starts_at`, HTTPS, account)"
                )
            if not _is_value(value):
                raise ValueError(
                    f"{key[:60]!r} needs a text or a list of texts, in plain ASCII; an empty list "
                    "would count as no condition at all"
                )
    return conditions


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, str) and _is_value(item) for item in value)
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()
