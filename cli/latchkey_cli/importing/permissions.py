"""The permissions of a role's policies, statement by statement, as exact actions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.statement import Statement, statements_of
from latchkey.iam.values import texts
from latchkey.services.boundary import allowed, beyond_usual, conditional
from latchkey.services.registry import spec
from latchkey_cli.importing.dates import written_by_latchkey
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.outside import outside

_PREFIX, _THROUGH = "s3:prefix", "kms:viaservice"
_BY_LOWER = {action.lower(): action for action in allowed() | conditional()}
_BEYOND = {action.lower(): action for action in beyond_usual()}


@dataclass(frozen=True)
class AllowStatement:
    """An Allow statement with its actions expanded to those that partner roles may have.

    `written` are the actions as the policy has them. `conditions` are those that a config would
    have to keep; `prefixes` are the patterns of `s3:prefix` among them, or None.
    """

    label: str
    written: tuple[str, ...]
    actions: frozenset[str]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, Any]]
    prefixes: tuple[str, ...] | None

    def allows(self, action: str, resource: str, prefix: str | None) -> bool:
        """Whether it allows an action on everything that `resource` matches.

        `prefix` is the folder that is listed; None means any.
        """
        if action not in self.actions or not any(covers(r, resource) for r in self.resources):
            return False
        if self.prefixes is None:
            return not self.conditions
        if prefix is None or not any(covers(pattern, prefix) for pattern in self.prefixes):
            return False
        return set(self.conditions) == {"StringLike"} and len(self.condition_keys()) == 1

    def allows_bound(self, action: str, bound: str) -> bool:
        """Whether it allows an action that knows no resource, under exactly these conditions."""
        return action in self.actions and "*" in self.resources and self.bound == bound

    @property
    def bound(self) -> str:
        """Its conditions, as `bound_by` writes them."""
        return bound_by(self.conditions)

    def condition_keys(self) -> list[str]:
        """The keys of its conditions."""
        return [key for keys in self.conditions.values() for key in keys]


def bound_by(conditions: Mapping[str, Mapping[str, Any]]) -> str:
    """Conditions as a text that is the same for the same ones; none are nothing."""
    pairs = (
        (operator, key.lower(), sorted(texts(values)))
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )
    return json.dumps(found) if (found := sorted(pairs)) else ""


def allow_statements(
    policies: Mapping[str, Document],
) -> tuple[list[AllowStatement], list[Note]]:
    """The Allow statements of all policies, and notes about what partner roles may not do."""
    found: list[AllowStatement] = []
    written: list[str] = []
    notes: list[Note] = []
    for name, document in policies.items():
        for index, statement in enumerate(statements_of(document)):
            label = f"{name}/{statement.sid or index}"
            if statement.effect != "Allow":
                continue
            if reason := _unsupported(statement):
                notes.append(Note("lost", f"{label}: {reason}"))
                continue
            read = _allow_statement(label, statement)
            written += _without_service_keys(read)
            if read.actions:
                found.append(read)
    return found, [*notes, *outside(written)]


def _unsupported(statement: Statement) -> str | None:
    if statement.not_actions is not None:
        return "NotAction allows everything else; name what is needed"
    if statement.not_resources is not None:
        return "NotResource allows everything else; name what is needed"
    return None


def _allow_statement(label: str, statement: Statement) -> AllowStatement:
    conditions: dict[str, dict[str, Any]] = {}
    prefixes: tuple[str, ...] | None = None
    for one in statement.conditions:
        if written_by_latchkey(one):
            continue
        conditions.setdefault(one.operator, {})[one.key] = list(one.values)
        if one.key.lower() == _PREFIX and one.operator.lower() in ("stringlike", "stringequals"):
            prefixes = one.values
    if prefixes is not None and list(conditions) == ["StringEquals"]:
        if any(set(prefix) & set("*?") for prefix in prefixes):
            prefixes = None  # to StringEquals these are characters like others
        else:
            conditions = {"StringLike": conditions["StringEquals"]}
    actions = frozenset(action for text in statement.actions for action in _expanded(text))
    actions |= _of_an_entry(statement)
    return AllowStatement(
        label, statement.actions, actions, statement.resources, conditions, prefixes
    )


def _without_service_keys(statement: AllowStatement) -> Iterator[str]:
    """The actions as written, but for the use of keys.

    What goes through a service, Latchkey adds; what an entry has is kept.
    """
    through = _THROUGH in map(str.lower, statement.condition_keys())
    for one in statement.written:
        kept = one in statement.actions and one in _BEYOND.values()
        if not kept and not (through and one.lower().startswith("kms:")):
            yield one


def _expanded(written: str) -> Iterator[str]:
    pattern = written.lower()
    return (action for low, action in _BY_LOWER.items() if covers(pattern, low))


def _of_an_entry(statement: Statement) -> frozenset[str]:
    """The actions beyond the usual boundary, where an entry has a level that they make up.

    Others of its service are what is allowed beside other resources, such as the use of their keys,
    and so is whatever goes through another service.
    """
    if any(one.key.lower() == _THROUGH for one in statement.conditions):
        return frozenset()
    patterns = [text.lower() for text in statement.actions]
    found = {a for low, a in _BEYOND.items() if any(covers(text, low) for text in patterns)}
    kept = frozenset[str]()
    for service in {action.partition(":")[0] for action in found}:
        for level in spec(service).actions.values():
            if {*level} - spec(service).also <= found:
                kept |= found & {*level}
    return kept
