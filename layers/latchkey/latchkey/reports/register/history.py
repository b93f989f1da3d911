"""A grant's history in the register: a few lines per event."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.grants.trigger import triggered_by
from latchkey.reports.redaction import Redactor
from latchkey.reports.register.plain_text import shown

HistoryLine = dict[str, Any]

EVENTS = 30
"""The newest events of one grant that a register holds; the table has them all."""

_DETAILS = 12
_DONE: Mapping[str, str] = {
    "CreateRole": "role created",
    "PutRolePolicy": "permissions policy written",
    "UpdateAssumeRolePolicy": "trust policy written",
    "UpdateRole": "description or session length set",
    "PutRolePermissionsBoundary": "permissions boundary put back",
    "TagRole": "tags set",
    "UntagRole": "tags removed",
    "DeleteRolePolicy": "permissions policy removed",
    "DetachRolePolicy": "managed policy detached",
    "RemoveRoleFromInstanceProfile": "taken out of an instance profile",
    "DeleteRole": "role deleted",
    "PutSchedule": "expiry scheduled",
    "DeleteSchedule": "expiry schedule removed",
}


def history_line(item: Mapping[str, Any], redact: Redactor) -> HistoryLine:
    """`{"at", "event", "reason", "by", "details"}` of an event in the grant table.

    `at` is `YYYY-MM-DDTHH:MM:SSZ`; `by` says what set it off and who, as far as that is known.
    """
    details = [shown(redact(text)) for text in _details(item)]
    more = len(details) - _DETAILS
    return {
        "at": _second(str(item.get("recorded_at") or item["sk"].split("#")[1])),
        "event": shown(item.get("event", "")),
        "reason": shown(redact(item.get("reason") or "")),
        "by": shown(redact(triggered_by(item))),
        "details": details[:_DETAILS] + ([f"and {more} more"] if more > 0 else []),
    }


def redacted_line(known: HistoryLine, redact: Redactor) -> HistoryLine:
    """A line of an earlier register, without the external IDs that are known by now."""
    texts = {name: redact(known.get(name, "")) for name in ("reason", "by")}
    return {**known, **texts, "details": [redact(text) for text in known.get("details", [])]}


def _details(item: Mapping[str, Any]) -> Iterator[str]:
    """What changed in words where there are any, else by the calls that were made."""
    summary = [
        entry.get("text") for entry in item.get("summary") or () if isinstance(entry, Mapping)
    ]
    if summary := [text for text in summary if text]:
        yield from map(str, summary)
    else:
        for change in item.get("changes") or ():
            action = str(change.get("action", ""))
            yield _DONE.get(action, action)
    yield from map(str, item.get("drift") or ())
    for problem in item.get("problems") or ():
        path = problem.get("path")
        yield f"{path}: {problem.get('message')}" if path else str(problem.get("message"))


def _second(stamp: str) -> str:
    """A time without its fraction of a second."""
    return f"{stamp[:19]}Z"
