"""The difference between policies, line by line."""

import difflib
import json
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from latchkey.iam.canonical import canonical_policy
from latchkey.iam.document import Document

Documents = Mapping[str, Document | None]

DIFFERENCE = 32_768
"""Bytes of JSON that all lines of a difference have at most."""


def policy_difference(before: Documents, after: Documents, most: int = DIFFERENCE) -> list[str]:
    """Unified diff lines of the documents in canonical form, by name; none where they are the same.

    A list of one stands as its value, and statements in the order of their names, so that one that
    changes stays in its place. A document that is None is not there.
    """
    lines = [line for name in after for line in _difference(name, before[name], after[name])]
    sizes = accumulate(len(json.dumps(line)) for line in lines)
    kept = sum(size <= most for size in sizes)
    if kept == len(lines):
        return lines
    return [*lines[:kept], f"# and {len(lines) - kept} more lines; `changes` has the documents"]


def _difference(name: str, old: Document | None, new: Document | None) -> Iterator[str]:
    before, after = _lines(old), _lines(new)
    froms, to = (f"{name} before" if before else "none"), (f"{name} after" if after else "none")
    return difflib.unified_diff(before, after, froms, to, lineterm="")


def _lines(document: Document | None) -> list[str]:
    if document is None:
        return []
    same = canonical_policy(document)
    named = sorted(same.get("Statement", ()), key=lambda statement: str(statement.get("Sid", "")))
    shown = _without_lists_of_one({**same, "Statement": named})
    return json.dumps(shown, indent=2, sort_keys=True).splitlines()


def _without_lists_of_one(found: Any) -> Any:
    match found:
        case dict():
            return {name: _without_lists_of_one(value) for name, value in found.items()}
        case [str() as only]:
            return only
        case list():
            return [*map(_without_lists_of_one, found)]
        case _:
            return found
