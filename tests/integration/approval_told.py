"""What is told of a grant after each run: state, result, history, events and the list agree."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from tests.integration.approval_watch import Broken, Watch
from tests.kit.stack.approvals import FILE
from tests.kit.stack.aws import KEY, TABLE, aws
from tests.kit.stack.run import Run

ME = GrantId("acme", "main")
_ENDED = {"revoked": "AccessRevoked", "expired": "AccessExpired"}
_plain = TypeDeserializer().deserialize


@dataclass
class Telling(Watch):
    """A grant, and what is told of it; runs of what is `due` have not begun."""

    due: list[tuple[dict[str, Any], datetime]] = field(default_factory=list)

    def tells(self, request: dict[str, Any], run: Run, before: dict[str, Any]) -> None:
        """Whether all that is told agrees after a run that nothing went wrong with."""
        record = self.record
        known, pending = before.get("pending"), record.get("pending")
        self._agrees(run)
        if pending and not pending["rejected_by"] and not self._listed():
            raise Broken(f"waits, and is not listed: {pending}; {run.result}")
        if pending and pending != known and not pending["rejected_by"]:
            self._asked(pending, run)
        if known and not known["rejected_by"]:
            self._is_not_lost(request, run, before, record)
        if record.get("status") != before.get("status") and record.get("status") in _ENDED:
            ended = _ENDED[record["status"]]
            if ended not in [one["event"] for one in self._history()][-2:]:
                raise Broken(f"{record['status']}, and the history does not say so: {run.result}")
        self._waits_truly(request, run, record)

    def _agrees(self, run: Run) -> None:
        """The file that people read says what the run came to."""
        key = run.result.get("config_key")
        if len(run.steps) < 3 or not key:
            return
        told = self.stack.result(key.removesuffix(".json") + ".result.json")
        for name in ("outcome", "reason", "config_version", "digest"):
            if told.get(name) != run.result.get(name):
                raise Broken(f"the result says another {name}: {told} {run.result}")

    def _listed(self) -> bool:
        """Whether `latchkey pending` finds the grant."""
        grants = LiveGrants(Table(aws("dynamodb"), TABLE))
        if any(file.grant == ME for file in grants.troubled()):
            return True
        return any(one.id == ME for one in grants.all())

    def _asked(self, pending: dict[str, Any], run: Run) -> None:
        """What waits was asked for: history, bus and topic say so, with its digest."""
        digest = pending["digest"]
        asked = [one for one in self._history() if one["event"] == "ApprovalRequested"]
        if digest not in [one.get("digest") for one in asked]:
            raise Broken(f"the history does not say what waits: {pending}; {run.result}")
        events = [one["detail"] for one in self.stack.events()]
        if digest not in [one["digest"] for one in events if one["fact"] == "ApprovalRequested"]:
            raise Broken(f"no event says what waits: {pending}; {run.result}")
        if not any(digest in json.dumps(one) for one in self.stack.notices()):
            raise Broken(f"no notice says what waits: {pending}; {run.result}")

    def _is_not_lost(
        self, request: dict[str, Any], run: Run, before: dict[str, Any], record: dict[str, Any]
    ) -> None:
        """What waited waits, or was granted, or its file's run says what became of it."""
        known, pending = before["pending"], record.get("pending")
        version = known["version"]
        of_another = before.get("config_key") != KEY and before.get("instruction") == "suspend"
        if version != self.oracle.newest or request.get("action") == "revoke" or of_another:
            return  # what an order took away from another file is not given again by itself
        waits = pending is not None and pending["version"] == version
        granted = record.get("config_version") == version and record.get("status") == "active"
        due = [one for one, _ in self.due] + [FILE] * any(
            one["key"] == KEY for one in run.plan.get("waiting", ())
        )
        told = run.result.get("config_version") == version or FILE in due
        if not (waits or granted or told):
            raise Broken(f"what waited is lost: {known}; {run.result}")

    def _waits_truly(self, request: dict[str, Any], run: Run, record: dict[str, Any]) -> None:
        """After the run of the newest version, no other is said to wait."""
        pending = record.get("pending")
        version = run.result.get("config_version")
        if self.elsewhere or request != FILE or pending is None or version is None:
            return
        if version == self.oracle.newest != pending["version"]:
            raise Broken(f"an earlier version waits: {pending}; {run.result}")

    def _history(self) -> list[dict[str, Any]]:
        found = aws("dynamodb").query(
            TableName=TABLE,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
            ExpressionAttributeValues={":pk": {"S": f"GRANT#{ME}"}, ":event": {"S": "EVENT#"}},
        )
        return [{name: _plain(value) for name, value in item.items()} for item in found["Items"]]
