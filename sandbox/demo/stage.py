"""What each step of the story is made of: who is there, and what is asked of them."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

from sandbox import Sandbox
from sandbox.demo.desk import Desk
from sandbox.demo.people import Ops, Partner, Session, refusal
from sandbox.demo.screen import Screen

GRANT = "acme.reports"
ROLE = f"partner-{GRANT}"
EXTERNAL_ID = "acme-4711-2026"
REFUSED = ("AccessDenied", "AccessDeniedException")


class Stage:
    """A sandbox with ops and a partner in front of it, and a screen that says what happens."""

    def __init__(self, box: Sandbox, screen: Screen) -> None:
        self._box, self._screen = box, screen
        self._ops, self._partner = Ops(box), Partner(box.url)
        self._desk = Desk(box.url, screen.width)
        self._config: dict[str, Any] = {}
        self._role_arn = ""

    def _assume(self) -> Session:
        return self._partner.assume(self._role_arn, EXTERNAL_ID)

    def _allowed(self, what: str, call: Callable[[], Any]) -> None:
        code = refusal(call)
        self._screen.fact(f"allowed: {what}", code is None, f"({code})")

    def _denied(self, what: str, call: Callable[[], Any]) -> None:
        code = refusal(call)
        self._screen.fact(f"refused: {what}", code in REFUSED, f"({code or 'it went through'})")

    def _policy(self) -> Any:
        return (self._ops.role(ROLE) or {})["InlinePolicies"]["latchkey-access"]

    def _events(self) -> list[dict[str, Any]]:
        return [i for i in self._ops.history(GRANT) if i["sk"].startswith("EVENT#")]

    def _writes(self) -> list[str]:
        reads = ("Get", "List")
        calls = (call for call in self._box.calls() if call["service"] == "iam")
        made = (call for call in calls if call["caller"] != "outside")
        return [call["action"] for call in made if not call["action"].startswith(reads)]

    def _in(self, *, hours: int, minutes: int = 0) -> str:
        moment = (self._box.now() + timedelta(hours=hours, minutes=minutes)).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
