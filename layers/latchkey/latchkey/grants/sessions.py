"""Sessions that were issued already: what ends them, and when they have to end.

A session outlives the trust policy that let it in. So when the trust narrows, or when what was
denied is allowed again, everything is denied to the sessions issued so far (docs/decisions/0026).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from latchkey.grants.managed_access import without_window
from latchkey.iam.document import Document
from latchkey.iam.permit import denies_all, lifted, within
from latchkey.iam.statement import Statement, statements_of, without_sids
from latchkey.iam.values import listed
from latchkey.times import instant

VERSION = "2012-10-17"
ISSUED_BEFORE = "IssuedBefore"
"""The Sid of the statement that ends sessions by when they were issued."""

SPREADING = timedelta(seconds=60)
"""How long a trust policy that was replaced may still let somebody in: IAM is eventually
consistent (IAM user guide, "Troubleshoot IAM", "Changes that I make are not always immediately
visible"), and names no bound."""

_DATES = ("DateLessThan", "DateGreaterThanEquals")
_NOW = "aws:currenttime"
_ISSUED = ("DateLessThan", "aws:tokenissuetime")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def suspended_policy() -> Document:
    """Denies everything, to sessions already issued as well; one write puts it in place."""
    deny = {"Sid": "Suspended", "Effect": "Deny", "Action": "*", "Resource": "*"}
    return {"Version": VERSION, "Statement": [deny]}


def cut_off_at(written: datetime) -> str:
    """Until when sessions count as issued under the trust policy that was replaced by `written`."""
    return instant(written + SPREADING)


def with_cut_off(permissions: Document, cut_off: str | None) -> Document:
    """A permissions policy that denies everything to sessions issued before a time.

    `cut_off` is `YYYY-MM-DDTHH:MM:SSZ`; None leaves the statement out. It is the statement of the
    console's "Revoke active sessions" (IAM user guide, "Revoke IAM role temporary security
    credentials"). A policy that denies everything to everybody needs none. What else somebody has
    under its Sid stays, without it: IAM takes no Sid twice.
    """
    if denies_all(permissions):
        return permissions
    rest = [one.source for one in statements_of(permissions) if _cut_off(one) is None]
    if cut_off is None:
        return {**permissions, "Statement": rest}
    deny = {"Sid": ISSUED_BEFORE, "Effect": "Deny", "Action": "*", "Resource": "*"}
    condition = {"DateLessThan": {"aws:TokenIssueTime": cut_off}}
    others = (without_sids(one, {ISSUED_BEFORE}) for one in rest)
    return {**permissions, "Statement": [*others, {**deny, "Condition": condition}]}


def cut_off_in(permissions: Document | None) -> str | None:
    """The time that `with_cut_off` put into a policy, if it did; what is unclear is no time."""
    return next(filter(None, map(_cut_off, statements_of(permissions))), None)


def _cut_off(one: Statement) -> str | None:
    """The time of a statement that is exactly what `with_cut_off` adds."""
    everything = one.actions == one.resources == ("*",) and not one.not_actions
    if (one.sid, one.effect) != (ISSUED_BEFORE, "Deny") or not everything:
        return None
    if len(one.conditions) == 1:
        (condition,) = one.conditions
        if condition.about == _ISSUED and _INSTANT.fullmatch("".join(condition.values)):
            return condition.values[0]
    return None


def far_ahead(cut_off: str | None, now: datetime) -> bool:
    """Whether a cut-off is later than any that Latchkey writes: somebody moved it on by hand."""
    return cut_off is not None and cut_off > instant(now + 2 * SPREADING)


def narrows(trust: Document, to: Document) -> bool:
    """Whether a trust policy may let somebody in whom another one keeps out; not by dates alone.

    The dates of a role stand on its permissions as well, which end its sessions by themselves.
    """
    return not within(_timeless(trust), _timeless(to))


def allows_again(permissions: Document | None, to: Document) -> bool:
    """Whether sessions may do again what a permissions policy denies everybody.

    The dates of a role make no difference, also where they are denials: a new end needs no cut-off.
    """
    if permissions is None:
        return False
    before, after = without_window(with_cut_off(permissions, None)), without_window(to)
    return bool(lifted(before, after))


def _timeless(document: Document) -> Document:
    """A document whose statements hold at any time."""
    return {**document, "Statement": [_any_time(one) for one in listed(document.get("Statement"))]}


def _any_time(statement: Any) -> Any:
    conditions = statement.get("Condition") if isinstance(statement, dict) else None
    if not isinstance(conditions, dict) or statement.get("Effect") != "Allow":
        return statement
    rest = {
        operator: {k: v for k, v in keys.items() if operator not in _DATES or k.lower() != _NOW}
        for operator, keys in conditions.items()
        if isinstance(keys, dict)
    }
    return {**statement, "Condition": {operator: keys for operator, keys in rest.items() if keys}}
