"""Whether a role gives more than it did: what approval rules are about (docs/decisions/0060)."""

from collections.abc import Iterator
from typing import Any, Literal

from latchkey.grants.managed_access import is_window
from latchkey.grants.role import DesiredRole, ObservedRole
from latchkey.grants.sessions import with_cut_off
from latchkey.grants.state_digest import tags_named
from latchkey.iam.document import Document
from latchkey.iam.permit import denies_all, lifted, within
from latchkey.iam.statement import Statement, statements_of

More = Literal["widens", "prolongs"]
"""More access, or the same access for longer."""

_END, _NOW, _AFTER_END = "DateLessThan", "aws:CurrentTime", "NotAfter"


def more(before: ObservedRole | None, after: DesiredRole) -> More | None:
    """Whether a role gives more than the one before, more only by a later end, or no more.

    What cannot be shown to be no more counts as more, as does everything of a new role, and of one
    that was suspended.
    """
    if before is None or _more(before, after, ends=False):
        return "widens"
    return "prolongs" if _more(before, after, ends=True) else None


def _more(before: ObservedRole, after: DesiredRole, *, ends: bool) -> bool:
    was = _documents(before.trust_policy, before.permissions_policy, ends=ends)
    will = _documents(after.trust_policy, after.permissions_policy, ends=ends)
    return any(
        (
            *(not _no_more(new, old) for new, old in zip(will, was, strict=True)),
            bool({*after.all_attached} - {*before.attached_policies}),
            bool({*after.others} - {*before.others}),
            after.max_session_duration > before.max_session_duration,
            _bounded_less(before, after),
            tags_named(after, after.tags) != tags_named(after, before.tags),
        )
    )


def _no_more(new: Document | None, old: Document | None) -> bool:
    """Where a policy only bounds what others allow, its denials are what counts."""
    if old is not None and denies_all(old):
        return new is not None and denies_all(new)
    return within(new, old) and not lifted(old, new)


def _bounded_less(before: ObservedRole, after: DesiredRole) -> bool:
    """A boundary instead of none takes away; of the stack's own the usual one allows least."""
    found, wanted = before.boundary_arn, after.boundary_arn
    if found in (None, wanted):
        return False
    usual = after.own_boundaries[:1]
    return not (found in after.own_boundaries and (wanted,) == usual)


def _documents(
    trust: Document, permissions: Document | None, *, ends: bool
) -> tuple[Document | None, Document | None]:
    """Both policies without the statement that ends sessions and, unless `ends`, without an end."""
    open_to = permissions and with_cut_off(permissions, None)
    return (trust, open_to) if ends else (_endless(trust), _endless(open_to))


def _endless(document: Document | None) -> Document | None:
    if document is None:
        return None
    return {**document, "Statement": [*_without_end(document)]}


def _without_end(document: Document) -> Iterator[dict[str, Any]]:
    """The end stands on every Allow, or is a Deny of its own; only as Latchkey writes it."""
    for one in statements_of(document):
        if one.sid == _AFTER_END and is_window(one):
            continue
        yield _open_ended(one) if one.effect == "Allow" else dict(one.source)


def _open_ended(one: Statement) -> dict[str, Any]:
    conditions = one.source.get("Condition")
    if not isinstance(conditions, dict) or not isinstance(conditions.get(_END), dict):
        return dict(one.source)
    dates = {key: value for key, value in conditions[_END].items() if key != _NOW}
    rest = {name: keys for name, keys in conditions.items() if name != _END}
    return {**one.source, "Condition": {**rest, **({_END: dates} if dates else {})}}
