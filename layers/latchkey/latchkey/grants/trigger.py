"""What set a run off, in words: the same ones in every history."""

from collections.abc import Mapping
from typing import Any

from latchkey.grants.author import Author
from latchkey.grants.record import Trigger

TRIGGER_WORDS: Mapping[Trigger, str] = {
    "schedule": "expiry schedule",
    "sweep": "sweep",
    "drift": "drift check",
    "file": "config file",
    "file_check": "file check",
    "resync": "resync",
    "approval": "approval",
    "order": "workflow input",
}
_OF_FILES = ("file", "file_check", "resync")


def triggered_by(event: Mapping[str, Any]) -> str:
    """What set off the run of an event in the history: what, which version, and by whom.

    A file's author is whom S3 named; `requested_by` is what a request said, quoted as that, so that
    no text in it passes for an author. Whoever approved is named besides: a run that was set off by
    an approval is no deed of the author's. Entries of releases before have `ended_by` at most, and
    only where a grant ended.
    """
    by = event.get("by") or event.get("ended_by")
    order, author = event.get("order"), _author(event.get("author"))
    what = _what(by, order, event.get("config_key"), event.get("config_version"))
    said = event.get("requested_by")
    approved = ", ".join(event.get("approved_by") or ())
    if by == "approval" and not order:
        decided = f"approval by {approved}" if approved else "approvers"
        return f"{decided}, on what {author} uploaded" if author else decided
    named = f"by {author}" if author else ""
    quoted = f'(the request says "{_within_quotes(said)}")' if said else ""
    found = " ".join(filter(None, (what, named, quoted)))
    return f"{found}, approved by {approved}" if found and approved else found


def _within_quotes(said: Any) -> str:
    return str(said).replace('"', "'")


def _author(document: Any) -> Author | None:
    return Author.from_document(document) if isinstance(document, Mapping) else None


def _what(by: Any, order: Any, key: Any, version: Any) -> str:
    if order:
        return f"order {order}"
    if by not in TRIGGER_WORDS:
        return str(by or "")
    if by not in _OF_FILES:
        return TRIGGER_WORDS[by]
    about = f"version {version}" if version else "removed" if key else ""
    what = "upload" if by == "file" and version else TRIGGER_WORDS[by]
    return f"{what}, {about}" if about else what
