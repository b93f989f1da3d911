"""The permissions of a role's policies, statement by statement, as exact actions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.statement import Statement, statements_of
from latchkey.services.boundary import KEY_ACTIONS, allowed
from latchkey_cli.importing.dates import written_by_latchkey
from latchkey_cli.importing.note import Note

_PREFIX = "s3:prefix"
_BY_LOWER = {action.lower(): action for action in allowed()}


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

    def condition_keys(self) -> list[str]:
        """The keys of its conditions."""
        return [key for keys in self.conditions.values() for key in keys]

    def exact(self) -> set[str]:
        """The actions that are written without a wildcard."""
        return {_BY_LOWER[text.lower()] for text in self.written if text.lower() in _BY_LOWER}


def allow_statements(
    policies: Mapping[str, Document],
) -> tuple[list[AllowStatement], list[Note]]:
    """The Allow statements of all policies, and notes about everything else."""
    found: list[AllowStatement] = []
    notes: list[Note] = []
    for name, document in policies.items():
        for index, statement in enumerate(statements_of(document)):
            label = f"{name}/{statement.sid or index}"
            if reason := _unsupported(statement):
                notes.append(Note("lost", f"{label}: {reason}"))
                continue
            read = _allow_statement(label, statement)
            notes += _dropped_actions(read)
            if read.actions:
                found.append(read)
    return found, notes


def _unsupported(statement: Statement) -> str | None:
    if statement.effect != "Allow":
        return "a Deny; not needed, as only what a config names is allowed"
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
        conditions = {"StringLike": conditions["StringEquals"]}
    actions = frozenset(action for text in statement.actions for action in _expanded(text))
    return AllowStatement(
        label, statement.actions, actions, statement.resources, conditions, prefixes
    )


def _expanded(written: str) -> Iterator[str]:
    pattern = written.lower()
    return (action for low, action in _BY_LOWER.items() if covers(pattern, low))


def _dropped_actions(statement: AllowStatement) -> Iterator[Note]:
    """Notes about actions outside the permissions boundary, and about wildcards."""
    for written in statement.written:
        if written in KEY_ACTIONS or written.lower().startswith("kms:"):
            if "kms:ViaService" not in statement.condition_keys():
                text = f"{statement.label}: {written}; the use of keys behind resources is added"
                yield Note("lost", text)
        elif "*" in written or "?" in written:
            text = f"{statement.label}: {written} as a whole; only what is listed is kept"
            yield Note("lost", text)
        elif written.lower() not in _BY_LOWER:
            text = f"{statement.label}: {written} is outside of what partner roles may do"
            yield Note("lost", text)
