"""The difference between policies, line by line."""

import difflib
import json
from collections.abc import Iterator, Mapping
from itertools import accumulate

from latchkey.domain.canonical import canonical
from latchkey.domain.policies import Document

MOST_BYTES = 40_000
"""Of all lines: a result goes through the workflow, which carries 262,144 bytes."""

Documents = Mapping[str, Document | None]


def policy_difference(before: Documents, after: Documents) -> list[str]:
    """Unified diff lines of the documents in canonical form, by name; none where they are the same.

    Statements stand in the order of their names, so that one that changes stays in its place. A
    document that is None is not there.
    """
    lines = [line for name in after for line in _difference(name, before[name], after[name])]
    sizes = accumulate(len(json.dumps(line)) for line in lines)
    kept = sum(size <= MOST_BYTES for size in sizes)
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
    same = json.loads(canonical(document))
    named = sorted(same.get("Statement", ()), key=lambda statement: str(statement.get("Sid", "")))
    return json.dumps({**same, "Statement": named}, indent=2, sort_keys=True).splitlines()
