"""What a role's policies allow, as entries of a config: never more, but for what is harmless.

Each entry that the named resources could have is rendered by the catalogue's own rules, and taken
if the role allows all of it. So an import follows the catalogue, whatever is added to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.patterns import covers
from latchkey.services.custom.entry import CustomAccess
from latchkey.services.entry import Entry
from latchkey.services.labels import service_of
from latchkey.services.registry import CUSTOM, KNOWN, entry_class, spec
from latchkey_cli.importing.hand_made import Note
from latchkey_cli.importing.permits import Permit
from latchkey_cli.importing.places import EntryResource, resources_in


@dataclass(frozen=True)
class Pair:
    """An action on a resource; `prefix` is the folder that a listing is for."""

    action: str
    resource: str
    prefix: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An entry that there might be, with all that it would allow."""

    entry: dict[str, Any]
    pairs: tuple[Pair, ...]


def entries(found: list[Permit], place: AwsEnvironment) -> tuple[list[dict[str, Any]], list[Note]]:
    """The `access` entries that the permits come to, and remarks about what is left."""
    chosen: list[Candidate] = []
    notes: list[Note] = []
    for candidate in _candidates(found, place):
        if all(_within(pair, chosen) for pair in candidate.pairs):
            continue
        missing = [pair for pair in candidate.pairs if not _allowed(pair, found)]
        if all(_harmless(pair.action) for pair in missing) and len(missing) < len(candidate.pairs):
            chosen.append(candidate)
            notes += _added(candidate, missing)
    custom, more = _rest(found, chosen)
    return [*(candidate.entry for candidate in chosen), *custom], notes + more


def _candidates(found: Iterable[Permit], place: AwsEnvironment) -> Iterator[Candidate]:
    """All entries that the resources could have: the widest place first, then what allows most."""
    places = {
        one
        for permit in found
        for resource in permit.resources
        for one in resources_in(resource, place)
    }
    for one in sorted(places):
        made = [_candidate(one, entry, allow, place) for entry, allow in _allows(one)]
        yield from sorted(filter(None, made), key=lambda item: -len(item.pairs))


def _allows(one: EntryResource) -> Iterator[tuple[type[Entry], str]]:
    entry = entry_class(one.service)
    yield from ((entry, allow) for allow in spec(one.service).actions)


def _candidate(
    one: EntryResource, entry: type[Entry], allow: str, place: AwsEnvironment
) -> Candidate | None:
    document = one.entry(allow)
    try:
        made = entry.model_validate(document)
    except ValidationError:
        return None
    pairs = tuple(
        Pair(action, resource, _prefix(allowance.conditions))
        for allowance in made.allowances([one.info], place)
        for action in allowance.actions
        for resource in allowance.resources
    )
    return Candidate(document, pairs)


def _prefix(conditions: Any) -> str | None:
    found = conditions.get("StringLike", {}).get("s3:prefix")
    return str(found) if found else None


def _allowed(pair: Pair, found: Iterable[Permit]) -> bool:
    return any(permit.allows(pair.action, pair.resource, pair.prefix) for permit in found)


def _within(pair: Pair, chosen: Iterable[Candidate]) -> bool:
    """Whether what is chosen allows a pair already."""
    return any(
        pair.action == other.action
        and covers(other.resource, pair.resource)
        and (other.prefix is None or (pair.prefix and covers(other.prefix, pair.prefix)))
        for candidate in chosen
        for other in candidate.pairs
    )


def _harmless(action: str) -> bool:
    """Whether an action reaches no data that the others of its entry do not."""
    return action in spec(service_of(action)).also


def _added(candidate: Candidate, missing: list[Pair]) -> Iterator[Note]:
    if actions := sorted({pair.action for pair in missing}):
        entry = candidate.entry
        name = next(value for key, value in entry.items() if key not in ("service", "allow"))
        yield Note("added", f"{', '.join(actions)}, which {entry['allow']} of {name} has")


def _rest(found: list[Permit], chosen: list[Candidate]) -> tuple[list[dict[str, Any]], list[Note]]:
    """What no entry of the catalogue has a word for: custom statements, or remarks."""
    statements: list[dict[str, Any]] = []
    notes: list[Note] = []
    for permit in found:
        for resource in permit.resources:
            left = sorted(a for a in permit.actions if not _kept(permit, a, resource, chosen))
            if not left:
                continue
            exact = [action for action in left if action in permit.exact()]
            statement = _statement(permit, exact, resource)
            if statement:
                statements.append(statement)
                text = f"{permit.label}: {', '.join(exact)} on {resource} is kept as a custom "
                notes.append(Note("decide", f"{text}statement, which the guardrails must allow"))
            elif exact:
                why = _why_not(permit, resource)
                notes.append(
                    Note("lost", f"{permit.label}: {', '.join(exact)} on {resource}: {why}")
                )
    grouped = [statements[i : i + 10] for i in range(0, len(statements), 10)]
    return [{"service": CUSTOM, "statements": some} for some in grouped], notes


def _kept(permit: Permit, action: str, resource: str, chosen: list[Candidate]) -> bool:
    prefixes: tuple[str | None, ...] = permit.prefixes or (None,)
    whole = all(_within(Pair(action, resource, prefix), chosen) for prefix in prefixes)
    return whole or _pointless(action, resource)


def _pointless(action: str, resource: str) -> bool:
    """Whether an action has no effect on what the ARN names."""
    service = service_of(action)
    return service in KNOWN and not spec(service).applies(action, resource)


def _statement(permit: Permit, actions: list[str], resource: str) -> dict[str, Any] | None:
    """A custom statement, if a config may have one like it."""
    if not actions:
        return None
    statement: dict[str, Any] = {"Action": actions, "Resource": resource}
    if permit.rest:
        statement["Condition"] = {op: dict(keys) for op, keys in permit.rest.items()}
    try:
        CustomAccess.model_validate({"service": CUSTOM, "statements": [statement]})
    except ValidationError:
        return None
    return statement


def _why_not(permit: Permit, resource: str) -> str:
    if resource == "*":
        return "it names no resource; name each in the config"
    if set(resource) & set("*?$"):
        return "a wildcard or variable that a config may not have; name the resource"
    if permit.rest:
        return f"under conditions that a config cannot have ({', '.join(permit.rest_keys())})"
    return "no entry names a resource of this form in this account and region"
