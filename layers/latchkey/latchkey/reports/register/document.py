"""The register's data: every grant that is live, and those that ended not too long ago."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from latchkey.reports.register.entry import RegisterEntry
from latchkey.services.registry import titles
from latchkey.times import instant

Document = dict[str, Any]

VERSION = 1
KEPT = timedelta(days=400)
"""How long a grant that is over stays in the register: over a year, for a yearly audit."""

MOST_ENDED = 2_000
"""Grants that are over and still shown, the newest; the table answers for all others."""


def document_of(
    stack: str,
    entries: Iterable[RegisterEntry],
    now: datetime,
    files: Iterable[Mapping[str, str]] = (),
    elsewhere: Iterable[str] = (),
) -> Document:
    """The register's data: live grants by their end, then those that ended.

    `{"version", "stack", "built_at", "services", "files", "elsewhere", "grants"}`; `services` are
    names for people. `files` are those whose newest version was not granted: `{"file", "grant",
    "at"}`. `elsewhere` are the accounts beside the stack's own that live grants are in.
    """
    every = list(entries)
    live = sorted((e for e in every if e["live"]), key=lambda e: (e["expires_at"] or "", e["id"]))
    since = instant(now - KEPT)
    ended = [entry for entry in every if not entry["live"] and entry["updated_at"] >= since]
    ended.sort(key=lambda entry: (entry["updated_at"], entry["id"]), reverse=True)
    grants = [*live, *ended[:MOST_ENDED]]
    return {
        "version": VERSION,
        "stack": stack,
        "built_at": instant(now),
        "services": titles(),
        "files": [dict(file) for file in files],
        "elsewhere": sorted(elsewhere),
        "grants": grants,
    }


def of_accounts(document: Document, accounts: Collection[str]) -> Document:
    """The grants in some accounts only; files that were not granted may be for any, and stay."""
    grants = [entry for entry in document["grants"] if entry["account"] in accounts]
    return {**document, "elsewhere": sorted(accounts), "grants": grants}


def entries_in(text: str | bytes | None) -> dict[str, RegisterEntry]:
    """The entries of a register that was written before, by grant; none where it is unreadable.

    Nothing rests on it but which ended grants are shown, so a register of another version, or one
    that somebody spoilt, is not worth a failure.
    """
    try:
        found = json.loads(text or "{}")
        if found.get("version") != VERSION:
            return {}
        return {str(entry["id"]): entry for entry in found["grants"]}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}
