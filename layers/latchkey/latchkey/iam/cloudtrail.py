"""A change to a role, as CloudTrail reports it: who called what, and when."""

from collections.abc import Mapping
from typing import Any, Self

from latchkey.frozen import Frozen

_MOST = 1_024
"""Characters of a reason, as the workflow's input may have it."""


class IamCall(Frozen):
    """One call that changed a role; `description` is for the record."""

    role: str
    description: str

    @classmethod
    def from_detail(cls, detail: Any) -> Self | None:
        """The call in an event of CloudTrail, or None when it failed or was about no role.

        The fields are those of CloudTrail's record contents (CloudTrail user guide).
        """
        if not isinstance(detail, dict) or detail.get("errorCode"):
            return None
        role = (detail.get("requestParameters") or {}).get("roleName")
        if not (role and detail.get("eventID")):
            return None
        return cls(str(role), in_words(detail))


def in_words(detail: Mapping[str, Any]) -> str:
    """Who called what, and when, for the record: never longer than a reason may be."""
    who = detail.get("userIdentity") or {}
    caller = who.get("arn") or who.get("invokedBy") or who.get("type") or "somebody"
    call = f"{caller} called {detail.get('eventName')} at {detail.get('eventTime')}"
    told = f"CloudTrail: {call} (event {detail.get('eventID')})"
    return told[:_MOST]
