"""The digest of what a grant's role is to be: what an approval is for (docs/decisions/0060)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import product
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.grants.sessions import with_cut_off
from latchkey.iam.canonical import canonical_policy
from latchkey.iam.document import Document
from latchkey.iam.statement import Statement, statements_of

_PRINCIPAL_TAG = re.compile(r"aws:principaltag/([\w.:/=+@ -]+)")


def state_digest(
    role: DesiredRole | ObservedRole,
    grant: GrantId,
    account: str,
    confirm_every_days: int | None = None,
) -> str:
    """A digest of what a role gives to whom: 64 hexadecimal digits, the same for the same access.

    It is of the grant, the account that the role is in, its name, who may assume it, what its
    sessions may do, boundary, attached policies and session length. It leaves out what gives
    nothing: description, tags that its policies do not name, unique IDs, Sids, and the statement
    that ends sessions issued before a time. The dates of the grant stand in both policies, and so
    count; that its end moves on with each confirmation stands in none, and counts as well. Of a
    role as observed, policies of others count, so that a role that was changed by hand has another
    digest.
    """
    parts = {
        "grant": str(grant),
        "account": account,
        "role": role.name,
        "trust": _meaning(role.trust_policy),
        "permissions": _meaning(_without_cut_off(role.permissions_policy)),
        "others": {name: _meaning(document) for name, document in _others(role)},
        "boundary": role.boundary_arn,
        "attached": sorted({*_attached(role)}),
        "max_session_duration": role.max_session_duration,
    }
    if named := tags_named(role, role.tags):
        parts["tags"] = named
    if confirm_every_days is not None:
        parts["confirm_every_days"] = confirm_every_days
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def tags_named(role: DesiredRole | ObservedRole, tags: Mapping[str, str]) -> dict[str, str | None]:
    """Those of some tags that the role's own policies go by, as custom statements may.

    Keys of tags are the same in any case (IAM user guide, "Tags for IAM resources"). A space at the
    end may be the key's, or stand before a variable's default.
    """
    documents = [role.trust_policy, role.permissions_policy, *role.others.values()]
    text = json.dumps(documents, ensure_ascii=False).lower()
    found = _PRINCIPAL_TAG.findall(text)
    keys = {key[:end] for key in found for end in range(len(key.rstrip()), len(key) + 1)}
    values = {key.lower(): value for key, value in tags.items()}
    return {key: values.get(key) for key in sorted(keys - {""})}


def _meaning(document: Document | None) -> Any:
    """What a policy says, statement by statement and taken apart: one action, one resource each.

    So it makes no difference how a policy is divided into statements, in which order, how often it
    says the same, and what has no meaning to IAM: Sids, and the case of actions and condition keys
    (IAM user guide, "IAM JSON policy elements: Action", "Sid" and "Condition").
    """
    if document is None:
        return None
    found = (cell for one in statements_of(canonical_policy(document)) for cell in _cells(one))
    return [document.get("Version"), sorted({json.dumps(cell, sort_keys=True) for cell in found})]


def _cells(one: Statement) -> Iterator[Any]:
    conditions = sorted([c.operator, c.key.lower(), *c.values] for c in one.conditions)
    actions: Iterable[Any] = [action.lower() for action in one.actions]
    if one.not_actions is not None:
        actions = [["all but", *sorted({action.lower() for action in one.not_actions})]]
    resources: Iterable[Any] = one.resources or [None]
    if one.not_resources is not None:
        resources = [["all but", *one.not_resources]]
    for action, resource, principal in product(actions, resources, _principals(one)):
        yield [one.effect, action, resource, principal, conditions]


def _principals(one: Statement) -> Iterable[Any]:
    if one.not_principals is not None:
        return [["all but", *sorted([named.kind, named.name] for named in one.not_principals)]]
    return [[named.kind, named.name] for named in one.principals or ()] or [None]


def _without_cut_off(permissions: Document | None) -> Document | None:
    return permissions and with_cut_off(permissions, None)


def _others(role: DesiredRole | ObservedRole) -> Iterable[tuple[str, Document | None]]:
    """The inline policies beside Latchkey's own; one whose document is unknown counts as well."""
    if isinstance(role, DesiredRole):
        return role.others.items()
    named = (name for name in role.inline_policies if name != POLICY_NAME)
    return ((name, role.others.get(name)) for name in named)


def _attached(role: DesiredRole | ObservedRole) -> Iterable[str]:
    return role.all_attached if isinstance(role, DesiredRole) else role.attached_policies
