"""Scopes: what files may ask for now, and could not before.

Folders are compared, not names: of each folder of either document, the scope that its files had
with the one that they have.
"""

from collections.abc import Collection, Iterator, Sequence

from latchkey.config.loosened_lists import beyond, raised
from latchkey.config.scope import Scope
from latchkey.iam.patterns import arn_covers, covers
from latchkey.services.registry import NAMES, spec

Scopes = Sequence[Scope]


def loosened_scopes(old: Scopes | None, new: Scopes | None) -> Iterator[str]:
    """What files may ask for beyond what they could, by folder."""
    if old is None:
        return
    if new is None:
        yield "there are none any more: every file may ask for all that the guardrails allow"
        return
    for prefix in sorted({prefix for scope in (*old, *new) for prefix in scope.prefixes}):
        before, after = _scope_in_force(prefix, old), _scope_in_force(prefix, new)
        if after is None:
            continue
        where = f"{prefix} (scope {after.name})"
        if before is None:
            yield f"{where}: its files may ask for what they could not, they had no scope"
            continue
        yield from (f"{where}: {text}" for text in _wider_scope(before, after))


def _scope_in_force(prefix: str, scopes: Scopes) -> Scope | None:
    """The scope of the files in a folder, by the longest prefix."""
    found = ((len(p), s) for s in scopes for p in s.prefixes if prefix.startswith(p))
    return max(found, key=lambda each: each[0], default=(0, None))[1]


def _wider_scope(old: Scope, new: Scope) -> Iterator[str]:
    if taken := sorted({*new.names} - {*old.names}):
        yield f"its files may change what belongs to the scope {' or '.join(taken)}"
    yield from beyond(old.partners, new.partners, "partners", covers)
    yield from beyond(old.partner_accounts, new.partner_accounts, "partner accounts")
    yield from beyond(old.accounts, new.accounts, "grants in the accounts")
    yield from beyond(_scope_providers(old), _scope_providers(new), "web identities of")
    both = old.services is None and new.services is None
    yield from beyond(
        _scope_services(old), _scope_services(new) or (NAMES if both else None), "the services"
    )
    yield from beyond(old.resources, new.resources, "resources", arn_covers)
    yield from raised(old.max_days, new.max_days, "days")
    for field in Scope.model_fields.keys() - COMPARED:
        if getattr(old, field) != getattr(new, field):
            yield f"{field} changed"


COMPARED = {
    *("name", "formerly", "prefixes", "partners", "partner_accounts", "accounts"),
    *("oidc_providers", "services", "resources", "max_days"),
}
"""The fields that are compared here; of any other is only told that it changed."""


def _scope_providers(scope: Scope) -> Collection[str] | None:
    named = scope.oidc_providers
    return [] if named is None and scope.partner_accounts is not None else named


def _scope_services(scope: Scope) -> Collection[str] | None:
    """The services that files may name: what reaches the whole account, only by its name there."""
    if scope.services is not None or scope.resources is None:
        return scope.services
    return [name for name in NAMES if not spec(name).managed]
