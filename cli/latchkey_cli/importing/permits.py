"""What a role's policies allow, statement by statement, in exact actions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from latchkey.iam.patterns import covers
from latchkey.services.boundary import KEY_ACTIONS, allowed
from latchkey_cli.importing.hand_made import Document, Note, conditions, is_ours, listed, statements

_PREFIX = "s3:prefix"
_BY_LOWER = {action.lower(): action for action in allowed()}


@dataclass(frozen=True)
class Permit:
    """An Allow statement: its actions as written and, exactly, those that partner roles may have.

    `rest` are its conditions without those that Latchkey sets itself; `prefixes` are the patterns
    of `s3:prefix` among them, None where there is no such condition.
    """

    label: str
    written: tuple[str, ...]
    actions: frozenset[str]
    resources: tuple[str, ...]
    rest: Mapping[str, Mapping[str, Any]]
    prefixes: tuple[str, ...] | None

    def allows(self, action: str, resource: str, prefix: str | None) -> bool:
        """Whether it allows an action on all that `resource` stands for.

        `prefix` is the folder that a listing is for; None is for any.
        """
        if action not in self.actions or not any(covers(r, resource) for r in self.resources):
            return False
        if self.prefixes is not None:
            listed_there = prefix is not None and any(covers(p, prefix) for p in self.prefixes)
            return listed_there and set(self.rest) == {"StringLike"} and len(self.rest_keys()) == 1
        return not self.rest

    def rest_keys(self) -> list[str]:
        """The keys of its conditions."""
        return [key for keys in self.rest.values() for key in keys]

    def exact(self) -> set[str]:
        """The actions that are written without a wildcard."""
        return {_BY_LOWER[text.lower()] for text in self.written if text.lower() in _BY_LOWER}


def permits(policies: Mapping[str, Document]) -> tuple[list[Permit], list[Note]]:
    """The Allow statements of all policies, and remarks about the others."""
    found: list[Permit] = []
    notes: list[Note] = []
    for name, document in policies.items():
        for index, statement in enumerate(statements(document)):
            label = f"{name}/{statement.get('Sid') or index}"
            refused = _refused(statement)
            if refused:
                notes.append(Note("lost", f"{label}: {refused}"))
                continue
            permit = _permit(label, statement)
            notes += _outside(permit)
            if permit.actions:
                found.append(permit)
    return found, notes


def _refused(statement: Mapping[str, Any]) -> str | None:
    if statement.get("Effect") != "Allow":
        return "a Deny; Latchkey allows only what a config names, and needs none"
    for name in ("NotAction", "NotResource"):
        if name in statement:
            return f"{name} allows everything else; name what is needed"
    return None


def _permit(label: str, statement: Mapping[str, Any]) -> Permit:
    written = tuple(listed(statement.get("Action")))
    rest: dict[str, dict[str, Any]] = {}
    prefixes: tuple[str, ...] | None = None
    for operator, key, values in conditions(statement):
        if is_ours(operator, key):
            continue
        rest.setdefault(operator, {})[key] = values
        if key.lower() == _PREFIX and operator.lower() in ("stringlike", "stringequals"):
            prefixes = tuple(values)
    if prefixes is not None and list(rest) == ["StringEquals"]:
        rest = {"StringLike": rest["StringEquals"]}
    actions = frozenset(action for text in written for action in _expanded(text))
    return Permit(label, written, actions, tuple(listed(statement.get("Resource"))), rest, prefixes)


def _expanded(written: str) -> Iterator[str]:
    pattern = written.lower()
    return (action for low, action in _BY_LOWER.items() if covers(pattern, low))


def _outside(permit: Permit) -> Iterator[Note]:
    """Remarks about actions that no partner role may have, or that stand for many."""
    for written in permit.written:
        if written in KEY_ACTIONS or written.lower().startswith("kms:"):
            if "kms:ViaService" not in permit.rest_keys():
                text = f"{permit.label}: {written}; the use of keys behind resources is added"
                yield Note("lost", text)
        elif "*" in written or "?" in written:
            yield Note("lost", f"{permit.label}: {written} as a whole; only what is listed is kept")
        elif written.lower() not in _BY_LOWER:
            yield Note("lost", f"{permit.label}: {written} is outside of what partner roles may do")
