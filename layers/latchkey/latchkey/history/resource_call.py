"""A change to a resource, as CloudTrail reports it: what it may have been about."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Self

from latchkey.errors import ResourceUnclear
from latchkey.frozen import Frozen
from latchkey.history.resource_query import ResourceQuery, resource_queries
from latchkey.iam.cloudtrail import in_words
from latchkey.services.registry import KNOWN, spec

MOST_NAMES = 20
"""Texts of a call that are tried as names: calls have fewer parameters."""

_MOST_DEEP = 3


class ResourceCall(Frozen):
    """One call that changed a resource; `event_id` is unique, `description` is for the record."""

    about: tuple[ResourceQuery, ...]
    event_id: str
    description: str

    @classmethod
    def from_detail(cls, detail: Any) -> Self | None:
        """The call in an event of CloudTrail, or None when it failed, or changes nothing here.

        Which of its parameters is the name is not known: every text is taken for one, since what
        nobody was granted is found under no name. The fields are those of CloudTrail's record
        contents (CloudTrail user guide).
        """
        if not isinstance(detail, Mapping) or detail.get("errorCode"):
            return None
        source = str(detail.get("eventSource", "")).partition(".")[0]
        service = changed_by(f"{source}:{detail.get('eventName')}")
        event_id = detail.get("eventID")
        if service is None or not event_id:
            return None
        about = tuple(dict.fromkeys(_about(service, detail)))
        return cls(about, str(event_id), in_words(detail)) if about else None


def changed_by(call: str) -> str | None:
    """The service whose resources a call may change, of those that configs name."""
    return next((name for name in KNOWN if call in spec(name).changed_by), None)


def _about(service: str, detail: Mapping[str, Any]) -> Iterator[ResourceQuery]:
    texts = _texts([detail.get("requestParameters"), detail.get("resources")], _MOST_DEEP)
    for text in islice(dict.fromkeys(texts), MOST_NAMES):
        # The last part of a queue's URL is its name.
        name = text.rstrip("/").rpartition("/")[2] if text.startswith("https://") else text
        asked = name if name.startswith("arn:") else f"{service}:{name}"
        try:
            yield from (one for one in resource_queries(asked) if one.service == service)
        except ResourceUnclear:
            continue


def _texts(value: Any, deep: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif deep and isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one, deep - 1)
    elif deep and isinstance(value, Sequence):
        for one in value:
            yield from _texts(one, deep - 1)
