"""Principals that were deleted: what is left of them in a trust policy."""

import json
import re

from latchkey.iam.canonical import statements
from latchkey.iam.document import Document

_UNIQUE_ID = re.compile(r'"((?:AROA|AIDA)[A-Z0-9]{12,124})"')


def gone_principals(trust_policy: Document) -> tuple[str, ...]:
    """The unique IDs in a trust policy, sorted.

    When a principal is deleted, IAM shows its ID in place of its ARN (IAM user guide, "AWS JSON
    policy elements: Principal").
    """
    return tuple(sorted(set(_UNIQUE_ID.findall(json.dumps(trust_policy)))))


def only_lost_principals(found: Document, written: Document) -> bool:
    """Whether a trust policy is the one that was written, but for principals that were deleted.

    IAM shows their IDs, or nothing. Anything else in it is a change by hand.
    """
    wanted = statements(written)
    for one in statements(found):
        twin = next((other for other in wanted if _lost_of(one, other)), None)
        if twin is None:
            return False
        wanted.remove(twin)
    return not wanted


def _lost_of(one: Document, other: Document) -> bool:
    """Whether a statement is another one but for principals that were deleted."""
    named = one.get("Principal")
    if not isinstance(named, dict) or named.keys() != {"AWS"}:
        return one == other
    left = {name for name in named["AWS"] if not _UNIQUE_ID.fullmatch(json.dumps(name))}
    return left <= {*other.get("Principal", {}).get("AWS", ())} and {**one, "Principal": None} == {
        **other,
        "Principal": None,
    }
