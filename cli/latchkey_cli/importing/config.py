"""The config that describes an existing role, valid as a whole, with notes about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from latchkey.config.problem import Problem
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey_cli.importing.access import catalogue_entries
from latchkey_cli.importing.custom import custom_entries
from latchkey_cli.importing.dates import without_own_account
from latchkey_cli.importing.itself import notes_about_permission, without_itself
from latchkey_cli.importing.limits import Limits, limits_of
from latchkey_cli.importing.managed import managed_access
from latchkey_cli.importing.note import Kind, Note
from latchkey_cli.importing.permissions import AllowStatement, allow_statements
from latchkey_cli.importing.role import ExistingRole
from latchkey_cli.importing.role_fields import (
    ImportOptions,
    dates_of,
    names_of,
    notes_about,
    owner_of,
    purpose_of,
    tags_of,
)
from latchkey_cli.importing.trust import trust_fields

_DURATION = 3_600
_RESTRICTIONS = ("organization_id", "starts_at")


@dataclass(frozen=True)
class ImportedConfig:
    """The config of a role, and notes about it; with `problems` it is not valid."""

    config: dict[str, Any]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()


def import_role(
    role: ExistingRole,
    options: ImportOptions,
    stack: StackContext,
    now: datetime,
    seen: Iterable[str] = (),
) -> ImportedConfig:
    """The config of a role, without the parts that would keep it from being valid.

    `seen` are the actions of the boundary of roles whose access is an AWS-managed policy.
    """
    role = _own_account_aside(role, stack.environment.account)
    trust = trust_fields(role.trust_policy, stack.environment.account, role.arn)
    itself = role.arn if trust.fields.get("self_assume") else ""
    limits = limits_of(role.policies, role.boundary, now)
    managed = managed_access(role, limits, seen)
    statements, dropped = allow_statements(without_itself(managed.policies, itself))
    access, access_notes = _access(statements, limits, stack)
    partner, grant = names_of(role, options)
    config = {
        "version": 1,
        "partner": partner,
        "grant": grant,
        "purpose": purpose_of(role),
        "owner": owner_of(role, options),
        **trust.fields,
        **dates_of(role, options),
        "max_session_duration": max(role.max_session_duration, _DURATION),
        "access": [*managed.entries, *access],
        "tags": tags_of(role),
    }
    permitted = notes_about_permission(
        role.trust_policy, role.policies, stack.environment.account, itself
    )
    notes = (
        *trust.notes,
        *permitted,
        *managed.notes,
        *dropped,
        *access_notes,
        *notes_about(role, config),
    )
    shown = {name: value for name, value in config.items() if value not in ({}, None)}
    return _valid(ImportedConfig(shown, notes), stack, now)


def _own_account_aside(role: ExistingRole, account: str) -> ExistingRole:
    plain = {name: without_own_account(one, account) for name, one in role.policies.items()}
    boundary = None if role.boundary is None else without_own_account(role.boundary, account)
    trust = without_own_account(role.trust_policy, account)
    return replace(role, policies=plain, boundary=boundary, trust_policy=trust)


def _access(
    statements: list[AllowStatement], limits: Limits, stack: StackContext
) -> tuple[list[dict[str, Any]], list[Note]]:
    chosen, added = catalogue_entries(statements, limits, stack.environment)
    custom, rest = custom_entries(statements, limits, chosen)
    given = {(one.action, one.resource) for candidate in chosen for one in candidate.permissions}
    given |= {
        (action, statement["Resource"])
        for entry in custom
        for statement in entry["statements"]
        for action in statement["Action"]
    }
    denied = {rule.label for pair in given if (rule := limits.deny_sometimes(*pair))}
    text = "denies some of it under conditions, which a config cannot have"
    wider = [Note("wider", f"{label} {text}") for label in sorted(denied)]
    return [*(candidate.entry for candidate in chosen), *custom], [*wider, *added, *rest]


def _valid(found: ImportedConfig, stack: StackContext, now: datetime) -> ImportedConfig:
    """The same without the parts that are not valid, if the config can do without them."""
    problems = read_document(found.config, stack, now).problems
    config, notes = dict(found.config), list(found.notes)
    for name in ("access", "principals", "source_ips"):
        bad = {_index(p.path): p for p in problems if p.path.startswith(f"/{name}/")}
        items = list(config.get(name) or ())
        for index, problem in bad.items():
            notes.append(Note("lost", f"{name}: {items[index]}: {problem.message}"))
        if bad:
            config[name] = [item for index, item in enumerate(items) if index not in bad]
        if bad and name == "source_ips" and not config[name]:
            notes.append(Note("wider", "source_ips: none of the networks can be kept"))
    for name in ("external_id", "tags", "session_tags", "organization_id", "starts_at"):
        if any(p.path == f"/{name}" for p in problems) and name in config:
            kind: Kind = "wider" if name in _RESTRICTIONS else "lost"
            notes.append(Note(kind, f"{name}: {config.pop(name)}"))
            if name == "external_id":
                config["generate_external_id"] = True
    left = read_document(config, stack, now).problems
    return ImportedConfig(config, tuple(dict.fromkeys(notes)), left)


def _index(path: str) -> int:
    return int(path.split("/")[2])
