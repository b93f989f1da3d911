"""What a policy document permits, taken apart: one action, on one resource, for one principal."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.canonical import canonical_policy
from latchkey.iam.condition import Conditions, implies, wider
from latchkey.iam.document import Document
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of

_NONE = [""]
_PROVIDERS = ("oidc-provider/", "saml-provider/")


class Permit(Frozen):
    """One thing that an Allow statement lets somebody do.

    `resource` is empty in trust policies, `principal` in permissions policies. A permit is
    `opaque` when it is made of all but something (NotAction, NotResource, NotPrincipal): it can be
    compared only with itself.
    """

    action: str
    resource: str
    principal: str
    conditions: Conditions
    opaque: bool = False


def permits(document: Document | None) -> list[Permit]:
    """All that a document permits; nothing when it denies everything."""
    if document is None or denies_all(document):
        return []
    found = (p for s in _of_effect(document, "Allow") for p in _permits(s))
    return list(dict.fromkeys(found))


def denies_all(document: Document) -> bool:
    """Whether a permissions policy denies every action on every resource, without condition."""
    return any(
        "*" in statement.actions
        and "*" in statement.resources
        and not statement.source.get("Condition")
        for statement in _of_effect(document, "Deny")
    )


def denials(document: Document | None) -> set[str]:
    """The Deny statements of a document, each as one canonical text."""
    found = _of_effect(document, "Deny") if document else ()
    return {
        json.dumps({k: v for k, v in statement.source.items() if k != "Sid"}, sort_keys=True)
        for statement in found
    }


def lifted(old: Document | None, new: Document | None) -> list[Statement]:
    """The Deny statements of the old document that the new one has neither as such nor stricter."""
    kept = list(_of_effect(new, "Deny")) if new else []
    found = _of_effect(old, "Deny") if old else ()
    return [one for one in found if not any(_denies_as_much(other, one) for other in kept)]


def within(new: Document | None, old: Document | None) -> bool:
    """Whether it is sure that a document permits nothing that the old one did not permit."""
    permitted = permits(new)
    if not permitted:
        return True
    if lifted(old, new):
        return False
    before = Permitted(permits(old))
    return all(before.covers(permit) for permit in permitted)


class Permitted:
    """Permits to look others up in."""

    def __init__(self, found: Iterable[Permit]) -> None:
        self.all = dict.fromkeys(found)
        self._by_action: dict[str, list[Permit]] = defaultdict(list)
        for permit in self.all:
            name = permit.action.lower()
            self._by_action["" if "*" in name or "?" in name else name].append(permit)

    def covers(self, permit: Permit) -> bool:
        """Whether one of these is sure to permit all that a permit does."""
        return permit in self.all or any(
            implies(permit.conditions, other.conditions) for other in self.reaching(permit)
        )

    def reaching(self, permit: Permit) -> Iterator[Permit]:
        """Those that would permit the same, if it were not for conditions.

        The texts of opaque ones (`all but …`) match nothing but themselves.
        """
        if permit.opaque:
            return
        name = permit.action.lower()
        for other in (*self._by_action[name], *self._by_action[""]):
            if (
                wider(other.action.lower(), name)
                and wider(other.resource, permit.resource)
                and stands_for(other.principal, permit.principal)
            ):
                yield other


def stands_for(principal: str, other: str) -> bool:
    """Whether a trust policy that names a principal also lets the other one in.

    An account stands for all principals in it, but for its identity providers, which are none
    (IAM user guide, "AWS JSON policy elements: Principal"); account IDs are the canonical form of
    an account's root.
    """
    if principal in (other, "*"):
        return True
    parts = other.split(":")
    named = len(parts) == 6 and (parts[0], parts[2]) == ("arn", "iam")
    return named and principal == parts[4] != "" and not parts[5].startswith(_PROVIDERS)


def _denies_as_much(one: Statement, other: Statement) -> bool:
    """Whether a Deny is sure to apply wherever another one of the same elements applies."""
    if implies(other.conditions, one.conditions):
        return _elements(one) == _elements(other)
    return False


def _elements(statement: Statement) -> dict[str, Any]:
    rest = ("Sid", "Condition")
    return {name: value for name, value in statement.source.items() if name not in rest}


def _permits(statement: Statement) -> Iterator[Permit]:
    actions, other_actions = _either(statement.actions, statement.not_actions)
    resources, other_resources = _either(statement.resources, statement.not_resources)
    principals, other_principals = _principals(statement)
    opaque = other_actions or other_resources or other_principals
    conditions = frozenset(statement.conditions)
    for action, resource, principal in product(actions, resources, principals):
        yield Permit(action, resource, principal, conditions, opaque)


def _either(named: Sequence[str], all_but: Sequence[str] | None) -> tuple[Sequence[str], bool]:
    if all_but is not None:
        return [f"all but {', '.join(all_but)}"], True
    return named or _NONE, False


def _principals(statement: Statement) -> tuple[Sequence[str], bool]:
    if statement.not_principals is not None:
        text = json.dumps(statement.source["NotPrincipal"], sort_keys=True)
        return [f"all but {text}"], True
    if statement.principals is None:
        return _NONE, False
    return [_principal(one) for one in statement.principals], False


def _principal(named: NamedPrincipal) -> str:
    return named.name if named.kind == "AWS" else f"{named.kind} {named.name}"


def _of_effect(document: Document, effect: str) -> Iterator[Statement]:
    """The statements of an effect in canonical form."""
    found = statements_of(canonical_policy(document))
    return (statement for statement in found if statement.effect == effect)
