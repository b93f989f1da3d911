"""The permissions that no entry of the catalogue describes: custom statements, or notes."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from latchkey.iam.arn import arn_parts
from latchkey.iam.patterns import overlaps
from latchkey.newer_python import batched
from latchkey.services.boundary import conditional
from latchkey.services.custom.entry import CustomAccess
from latchkey.services.labels import service_of
from latchkey.services.registry import CUSTOM, KNOWN, spec
from latchkey_cli.importing.access import Candidate, Permission, given
from latchkey_cli.importing.limits import Limits
from latchkey_cli.importing.note import Note, some
from latchkey_cli.importing.permissions import AllowStatement

_STATEMENTS = 10
"""The most statements of one custom entry."""


def custom_entries(
    statements: list[AllowStatement], limits: Limits, chosen: list[Candidate]
) -> tuple[list[dict[str, Any]], list[Note]]:
    """The custom entries for what the chosen entries do not give, and notes."""
    custom: list[dict[str, Any]] = []
    notes: list[Note] = []
    for statement, left, resource in _remaining(statements, chosen):
        actions = [action for action in left if limits.allow(action, resource)]
        if taken := sorted(set(left) - set(actions)):
            text = _taken(statement, taken, resource, limits)
            notes.append(Note("lost", text, tuple(taken)))
        if bounded := [action for action in actions if action in conditional()]:
            text = "only what partner roles may have of it, by an entry of the catalogue"
            text = f"{statement.label}: {some(bounded)} on {resource}: {text}"
            notes.append(Note("lost", text, tuple(bounded)))
            actions = [action for action in actions if action not in bounded]
        if not actions:
            continue
        what = f"{statement.label}: {some(actions)} on {resource}"
        if made := _custom_statement(statement, actions, resource):
            custom.append(made)
            text = f"{what} is kept as a custom statement, which the guardrails must allow"
            notes.append(Note("decide", text))
        else:
            text = f"{what}: {_reason(statement, resource)}"
            notes.append(Note("lost", text, tuple(actions)))
    grouped = batched(custom, _STATEMENTS)
    return [{"service": CUSTOM, "statements": list(part)} for part in grouped], notes


def _remaining(
    statements: list[AllowStatement], chosen: list[Candidate]
) -> Iterator[tuple[AllowStatement, list[str], str]]:
    """Each statement and resource with the actions that the chosen entries do not give."""
    for statement in statements:
        for resource in statement.resources:
            left = [a for a in statement.actions if not _kept(statement, a, resource, chosen)]
            if left:
                yield statement, sorted(left), resource


def _taken(statement: AllowStatement, actions: list[str], resource: str, limits: Limits) -> str:
    """Why actions that a statement allows are not the role's after all, or not on everything."""
    denial = limits.deny(actions[0], resource)
    why = f"denied by {denial.label}, at least in part" if denial else "not within its boundary"
    return f"{statement.label}: {some(actions)} on {resource}: {why}"


def _kept(statement: AllowStatement, action: str, resource: str, chosen: list[Candidate]) -> bool:
    prefixes: tuple[str | None, ...] = statement.prefixes or (None,)
    bound = statement.bound if resource == "*" else ""
    whole = all(given(Permission(action, resource, prefix, bound), chosen) for prefix in prefixes)
    return whole or _without_effect(action, resource)


def _without_effect(action: str, resource: str) -> bool:
    """Whether an action has no effect on a resource of this kind."""
    service, parts = service_of(action), arn_parts(resource)
    if parts is not None and not overlaps(parts[1], service):
        return True  # a statement about several services names the resources of each
    if service not in KNOWN:
        return False
    names_none = action in spec(service).discovers and resource != "*"
    return names_none or not spec(service).applies(action, resource)


def _custom_statement(
    statement: AllowStatement, actions: list[str], resource: str
) -> dict[str, Any] | None:
    """A custom statement, if a config may have one like it."""
    made: dict[str, Any] = {"Action": actions, "Resource": resource}
    if statement.conditions:
        made["Condition"] = {op: dict(keys) for op, keys in statement.conditions.items()}
    try:
        CustomAccess.model_validate({"service": CUSTOM, "statements": [made]})
    except ValidationError:
        return None
    return made


def _reason(statement: AllowStatement, resource: str) -> str:
    if resource == "*":
        return "it names no resource; name each in the config"
    if set(resource) & set("*?$"):
        return "a wildcard or variable that a config may not have; name the resource"
    if statement.conditions:
        keys = ", ".join(statement.condition_keys())
        return f"under conditions that a config cannot have ({keys})"
    return "no entry names a resource of this form in this account and region"
