"""What bounds a role whose access is an AWS-managed policy: its dates, and no data.

Conditions of one's own cannot be put on the statements of such a policy. So everything is denied
outside of the grant's time, and reading data is denied but for what other entries give.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.permit import Permit
from latchkey.iam.statement import Statement, statements_of
from latchkey.iam.values import texts
from latchkey.services.allowance import Allowance
from latchkey.services.managed import access_by

_TIME = "aws:currenttime"
_WINDOW = {"NotBefore": "DateLessThan", "NotAfter": "DateGreaterThanEquals"}
_ALLOWS = {"DateLessThan": "DateGreaterThanEquals", "DateGreaterThanEquals": "DateLessThan"}


class Data(Frozen):
    """Where an action on data is given: all of these resources, or only some prefixes of one."""

    resources: tuple[str, ...] = ()
    prefixes: tuple[tuple[str, tuple[str, ...]], ...] = ()


def window_denials(starts_at: str | None, expires_at: str) -> Iterator[dict[str, Any]]:
    """The statements that deny everything before and after a grant's time."""
    for (sid, operator), at in zip(_WINDOW.items(), (starts_at, expires_at), strict=True):
        if at:
            deny = {"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*"}
            yield {**deny, "Condition": {operator: {"aws:CurrentTime": at}}}


def data_denials(
    withheld: Iterable[str], allowances: Iterable[Allowance]
) -> Iterator[dict[str, Any]]:
    """The statements that deny actions on data but where an allowance gives them.

    A listing that is bound to a folder is denied for all other prefixes.
    """
    given = list(allowances)
    groups: dict[tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]], list[str]]
    groups = defaultdict(list)
    for action in withheld:
        mine = [one for one in given if action in one.actions]
        resources = tuple(sorted({arn for one in mine for arn in one.resources}))
        groups[resources, tuple(_listed_prefixes(mine))].append(action)
    for number, ((resources, prefixes), actions) in enumerate(groups.items()):
        rest = {"NotResource": list(resources)} if resources else {"Resource": "*"}
        yield {"Sid": f"NoData{number}", "Effect": "Deny", "Action": actions, **rest}
        for place, (arn, patterns) in enumerate(prefixes):
            deny = {"Sid": f"NoData{number}Beside{place}", "Effect": "Deny", "Action": actions}
            condition = {"StringNotLike": {"s3:prefix": list(patterns)}}
            yield {**deny, "Resource": [arn], "Condition": condition}


def _listed_prefixes(allowances: list[Allowance]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The prefixes that may be listed of each resource that is not given as a whole."""
    found: dict[str, list[str] | None] = {}
    for one in allowances:
        patterns = one.conditions.get("StringLike", {}).get("s3:prefix")
        for arn in one.resources:
            if patterns is None:
                found[arn] = None
            elif (known := found.setdefault(arn, [])) is not None:
                known += texts(patterns)
    for arn, patterns in sorted(found.items()):
        if patterns is not None:
            yield arn, tuple(sorted(patterns))


def managed_permits(attached: Iterable[str], permissions: Document | None) -> list[Permit]:
    """What AWS-managed policies that are access let sessions do, within the role's time."""
    window = frozenset(_window(permissions))
    found = ((arn, access_by(arn)) for arn in attached)
    return [Permit(access, arn, "", window) for arn, access in found if access]


def _window(permissions: Document | None) -> Iterator[Condition]:
    for one in statements_of(permissions):
        if is_window(one):
            (condition,) = one.conditions
            yield Condition(_ALLOWS[condition.operator], condition.key, condition.values)


def is_window(one: Statement) -> bool:
    """Whether a statement is one that bounds a role's time by denying the rest."""
    everything = one.actions == one.resources == ("*",) and one.effect == "Deny"
    if not (everything and len(one.conditions) == 1 and one.sid in _WINDOW):
        return False
    return one.conditions[0].about == (_WINDOW[one.sid], _TIME)


def without_window(document: Document) -> Document:
    """A policy without the statements that bound its time."""
    rest = [one.source for one in statements_of(document) if not is_window(one)]
    return {**document, "Statement": rest}
