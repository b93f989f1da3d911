"""A change to a role, as CloudTrail reports it: who called what, and when."""

from typing import Any, Self

from latchkey.frozen import Frozen


class IamCall(Frozen):
    """One call that changed a role; `event_id` is unique, `time` is as CloudTrail writes it."""

    role: str
    action: str
    caller: str
    time: str
    event_id: str

    @classmethod
    def from_detail(cls, detail: Any) -> Self | None:
        """The call in an event of CloudTrail, or None when it failed or was about no role.

        The fields are those of CloudTrail's record contents (CloudTrail user guide).
        """
        if not isinstance(detail, dict) or detail.get("errorCode"):
            return None
        role = (detail.get("requestParameters") or {}).get("roleName")
        event_id = detail.get("eventID")
        if not (role and event_id):
            return None
        who = detail.get("userIdentity") or {}
        caller = who.get("arn") or who.get("invokedBy") or who.get("type") or "somebody"
        return cls(
            str(role),
            str(detail.get("eventName")),
            str(caller),
            str(detail.get("eventTime")),
            str(event_id),
        )

    @property
    def description(self) -> str:
        """In words, for the record."""
        call = f"{self.caller} called {self.action} at {self.time}"
        return f"CloudTrail: {call} (event {self.event_id})"
