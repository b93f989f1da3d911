"""The permissions of a role as entries of a config, never more, except for harmless actions.

Every entry that the named resources could have is rendered by the rules of its service, and chosen
if the role allows all of it. So an import knows every service of the catalogue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.patterns import covers
from latchkey.services.allowance import HTTPS, NO_RESOURCE
from latchkey.services.boundary import conditional
from latchkey.services.labels import service_of
from latchkey.services.registry import NAMES, entry_class, spec
from latchkey_cli.importing.limits import Limits
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.permissions import AllowStatement, bound_by
from latchkey_cli.importing.resources import EntryResource, resources_in


@dataclass(frozen=True)
class Permission:
    """An action on a resource; `prefix` is the folder that is listed.

    `bound` are the conditions of an action that knows no resource.
    """

    action: str
    resource: str
    prefix: str | None = None
    bound: str = ""


@dataclass(frozen=True)
class Candidate:
    """A possible entry with all permissions that it would give."""

    entry: dict[str, Any]
    permissions: tuple[Permission, ...]


def catalogue_entries(
    statements: list[AllowStatement], limits: Limits, environment: AwsEnvironment
) -> tuple[list[Candidate], list[Note]]:
    """The entries of the catalogue that describe the statements, and notes about additions."""
    chosen: list[Candidate] = []
    notes: list[Note] = []
    for candidate in _candidates(statements, environment):
        if all(given(permission, chosen) for permission in candidate.permissions):
            continue
        missing = [one for one in candidate.permissions if not _allowed(one, statements, limits)]
        harmless = all(
            _harmless(one.action) and not limits.deny(one.action, one.resource) for one in missing
        )
        if harmless and len(missing) < len(candidate.permissions):
            chosen.append(candidate)
            notes += [*_added(candidate, missing), *_bounded(candidate, statements)]
    return chosen, notes


def given(permission: Permission, chosen: Iterable[Candidate]) -> bool:
    """Whether the chosen entries give a permission already."""
    return any(
        permission.action == other.action
        and covers(other.resource, permission.resource)
        and _prefix_given(permission.prefix, other.prefix)
        and (not permission.bound or other.bound in ("", permission.bound))
        for candidate in chosen
        for other in candidate.permissions
    )


def _prefix_given(prefix: str | None, pattern: str | None) -> bool:
    return pattern is None or bool(prefix and covers(pattern, prefix))


def _candidates(
    statements: Iterable[AllowStatement], environment: AwsEnvironment
) -> Iterator[Candidate]:
    """All entries that the resources could have: the widest resource first, then most actions."""
    resources = {
        resource
        for statement in statements
        for arn in statement.resources
        for resource in resources_in(arn, environment)
    }
    resources |= {
        EntryResource(name, tuple(fields.items()), "*")
        for statement in statements
        for name in (NAMES if "*" in statement.resources else ())
        for fields in spec(name).imported_unnamed(statement.conditions)
    }
    for resource in sorted(resources):
        made = [_candidate(resource, fields, environment) for fields in _levels(resource.service)]
        yield from sorted(filter(None, made), key=lambda item: -len(item.permissions))


def _levels(service: str) -> Iterator[dict[str, Any]]:
    """Each level of a service, with each choice of its options; those that do not fit are none."""
    options = spec(service).options
    for allow in spec(service).actions:
        for count in range(len(options) + 1):
            for chosen in combinations(options, count):
                yield {"allow": allow, **dict.fromkeys(chosen, True)}


def _candidate(
    resource: EntryResource, fields: dict[str, Any], environment: AwsEnvironment
) -> Candidate | None:
    document = resource.entry(fields)
    try:
        made = entry_class(resource.service).model_validate(document)
    except ValidationError:
        return None
    permissions = tuple(
        Permission(action, arn, _prefix(allowance.conditions), _bound(arn, allowance.conditions))
        for allowance in made.allowances([resource.info], environment)
        for action in allowance.actions
        for arn in allowance.resources
    )
    return Candidate(document, permissions)


def _prefix(conditions: Any) -> str | None:
    found = conditions.get("StringLike", {}).get("s3:prefix")
    return str(found) if found else None


def _bound(arn: str, conditions: Any) -> str:
    named = {op: keys for op, keys in conditions.items() if keys != HTTPS.get(op)}
    return bound_by(named) if arn in NO_RESOURCE else ""


def _allowed(permission: Permission, statements: Iterable[AllowStatement], limits: Limits) -> bool:
    action, resource, prefix = permission.action, permission.resource, permission.prefix
    if not limits.allow(action, resource):
        return False
    return any(
        statement.allows(action, resource, prefix)
        or (bool(permission.bound) and statement.allows_bound(action, permission.bound))
        for statement in statements
    )


def _harmless(action: str) -> bool:
    """Whether an action reaches no data that the other actions of its entry do not reach."""
    return action in spec(service_of(action)).also


def _added(candidate: Candidate, missing: list[Permission]) -> Iterator[Note]:
    if actions := sorted({permission.action for permission in missing}):
        entry = candidate.entry
        named = (value for key, value in entry.items() if key not in ("service", "allow"))
        name = next(named, spec(entry["service"]).unnamed)
        text = f"{', '.join(actions)}, which {entry['allow']} of {name} has"
        yield Note("added", text, tuple(actions))


def _bounded(candidate: Candidate, statements: Iterable[AllowStatement]) -> Iterator[Note]:
    """What a config gives under conditions only, such as one ACL of all, if there was more."""
    found = {
        one.action
        for one in candidate.permissions
        if not one.bound or any(each.allows(one.action, "*", None) for each in statements)
    } & conditional()
    for action in sorted(found):
        text = f"{action}, but only as far as partner roles may use it"
        yield Note("lost", text, (action,))
