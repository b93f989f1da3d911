"""Messages for chats: an outcome in the form that Amazon Q Developer takes from an SNS topic.

Source: Amazon Q Developer in chat applications, administrator guide, "Custom notifications":
version `1.0`, source `custom`, a description; its texts are always the client's own Markdown, in
which `@` mentions people. No lengths of the guide are known here: ours are below those of Slack's
blocks (Slack API, "Block Kit": 3,000 characters of a section).
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.grants.trigger import triggered_by
from latchkey.keys import RESULT_TEXT, beside_result
from latchkey.reports.links import Links
from latchkey.reports.notice import about, changes_label, headline, ways_to_decide
from latchkey.reports.outcome_event import OutcomeEvent, account_beside
from latchkey.text import one_line

LONGEST_TITLE = 250
LONGEST_DESCRIPTION = 2_900
_LONGEST_TEXT = 300
_MOST = 6

_ACTS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "´", "@": "＠"})
"""What begins a mention, a link or an entity in Slack ("Formatting text for app surfaces"), what
ends a code span, and `@`, which Amazon Q makes a mention of."""


def chat_notice(
    event: OutcomeEvent, links: Links, *, created: bool = False, home: str = ""
) -> dict[str, Any]:
    """The message about an outcome, as JSON data; `created` says that the run made the role.

    `home` is the stack's own account: another one is named.
    Texts of anybody's stand between backticks, as code: no markup, emoji or mention in them acts.
    Messages about one grant make one thread.
    """
    name = about(event)
    title = f"{code(name, 150)}: {headline(event, created)}"
    show = f"latchkey show {name}" if event.grant else f"latchkey result {name}"
    steps = [show, *(ways_to_decide(event) if event.fact == "ApprovalRequested" else ())]
    return {
        "version": "1.0",
        "source": "custom",
        "id": _digest(f"{event.execution} {event.fact}")[:32],
        "content": {
            "textType": "client-markdown",
            "title": title[:LONGEST_TITLE],
            "description": _fitting(_lines(event, links, home)),
            "nextSteps": [f"At a terminal: {code(step, 200)}" for step in steps],
            "keywords": ["Latchkey", event.outcome],
        },
        "metadata": {
            "threadId": f"latchkey-{_digest(name)[:24]}",
            "summary": f"Latchkey: {event.outcome}",
            "eventType": event.fact,
            "relatedResources": [event.role_arn] if event.role_arn else [],
            "additionalContext": {"widens": str(bool(event.widens)).lower()},
        },
    }


def code(text: object, most: int = _LONGEST_TEXT) -> str:
    """A text of anybody's as a code span of `most` characters, which nothing in it ends."""
    shown = " ".join(one_line(text).split())
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    return f"`{shown.translate(_ACTS) or ' '}`"


def _lines(event: OutcomeEvent, links: Links, home: str) -> Iterator[str]:
    texts: tuple[tuple[str, list[str]], ...] = (
        (changes_label(event), [line.text for line in event.summary]),
        ("What had been changed by hand", [*event.drift]),
        ("What to mend", [f"{p.path or '(the file)'}: {p.message}" for p in event.problems]),
    )
    for label, found in texts:
        if found:
            yield f"{label}:"
            yield from (f"• {code(text)}" for text in found[:_MOST])
        if len(found) > _MOST:
            yield f"• and {len(found) - _MOST} more"
    facts: Mapping[str, str | None] = {
        "Why": event.reason,
        "By": triggered_by(event.document()),
        "Owner": event.owner,
        "Account": account_beside(event, home),
        "Until": event.expires_at,
    }
    yield from (f"{label}: {code(text)}" for label, text in facts.items() if text)
    if event.result_key:
        key = beside_result(event.result_key, RESULT_TEXT)
        yield f"Result: {links.to(event.result_bucket, key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fitting(lines: Iterator[str]) -> str:
    """As many whole lines as there is room for."""
    kept, room = [], LONGEST_DESCRIPTION
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept)
