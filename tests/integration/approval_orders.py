"""Events around a grant that waits for approval, in any order, each held to the oracle."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from tests.integration.approval_faults import NO_ANSWER, spoils, started
from tests.integration.approval_oracle import Version
from tests.integration.approval_rivals import RIVAL, Rivals
from tests.integration.approval_states import PEOPLE, document, has_key
from tests.integration.approval_watch import Broken
from tests.integration.approval_world import CONFIRMED
from tests.kit.examples import ACCOUNT
from tests.kit.stack.approvals import CHECK, FILE, UPLOADER
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.taps import Taps


@dataclass
class Orders(Rivals):
    """A grant, what happens to it, and how that ends."""

    told: list[str] = field(default_factory=list)
    failed: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._rules("two")
        if self.stack.account != ACCOUNT:
            self.stack.spokes.guard(self.stack.account, json.dumps(CONFIRMED))
        self.taps = Taps()
        self.stack.hears_of_clients(self.taps.tap)
        self._known: set[str] = set()

    def happens(self, event: str) -> None:
        """An event by its name, in words: `upload wider`, `approve ada`, `run`, `order suspend`."""
        self.told.append(event)
        self.desk.passes(seconds=10)
        verb, _, what = event.partition(" ")
        act: Callable[[str], None] = getattr(self, f"_{verb}")
        try:
            act(what)
            self.holds()
            self.is_still_theirs()
        except Broken as error:
            raise Broken(f"{error}\nafter: {self.told}") from None

    def granted(self, first: str) -> None:
        """Begin with a grant that was approved."""
        for event in (f"upload {first}", "run", "approve ada", "check", "approve ben", "check"):
            self.happens(event)
        assert self.record["status"] == "active", self.record

    def _upload(self, what: str) -> None:
        name, _, by = what.partition(" by ")
        who = PEOPLE[by][0] if by else UPLOADER
        self.desk.passes()
        version = self.stack.upload(json.dumps(document(name)).encode())
        self.desk.notes(version, who)
        self.oracle.versions[version] = Version(name, who, self.desk.now)
        self.oracle.newest = version
        self._comes(FILE)

    def _remove(self, _: str) -> None:
        self.desk.passes()
        self.stack.remove()
        self.oracle.newest = None
        self._comes(FILE)

    def _approve(self, who: str) -> None:
        self._says(who, "")

    def _reject(self, who: str) -> None:
        self._says(who, "reject/")

    def _says(self, who: str, how: str) -> None:
        """Somebody says something of what waits by the record, and a run is due."""
        pending = self.record.get("pending")
        if not pending:
            return
        person, group = PEOPLE[who]
        self.desk.writes(self.desk.key(f"{how}{person}", group, pending["digest"]))
        version, oracle = self.oracle.versions[pending["version"]], self.oracle
        if how:
            version.refused[person, group] = (self.desk.now, oracle.waits)
        else:
            version.approved[person, group] = (self.desk.now, self.asked.get(pending["digest"]))
        self._comes(CHECK)

    def _withdraw(self, _: str) -> None:
        """Somebody removes all that was said."""
        s3 = aws("s3")
        for one in s3.list_objects_v2(Bucket=CONFIG_BUCKET, Prefix="approvals/").get(
            "Contents", []
        ):
            s3.delete_object(Bucket=CONFIG_BUCKET, Key=one["Key"])
        for version in self.oracle.versions.values():
            version.approved.clear()
            version.refused.clear()

    def _hand(self, _: str) -> None:
        """Somebody who may write to roles adds to this one."""
        if self.role is None:
            return
        anything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        aws("iam", self.stack.account).put_role_policy(
            RoleName=self.role,
            PolicyName="more",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": anything}),
        )
        self.by_hand = True

    def _passes(self, days: str) -> None:
        self.desk.passes(days=int(days))

    def _run(self, how: str) -> None:
        """A run for the file: of its notification, of one twice, or late."""
        self._does(FILE, how)

    def _check(self, how: str) -> None:
        """Somebody looks again: a trigger, or a fault of AWS on the way."""
        by = how if how in ("drift", "schedule", "order") else "approval"
        self._does({**CHECK, "by": by}, "" if how == by else how)

    def _order(self, what: str) -> None:
        action, _, how = what.partition(" ")
        if how == "late":
            self._comes(_order(action))
        else:
            self._does(_order(action), how)

    def _deliver(self, how: str) -> None:
        """All that is due, the last first where it is said so."""
        due, self.due = self.due, []
        for request, at in reversed(due) if how == "last first" else due:
            self._does(request, "", at)

    def _comes(self, request: dict[str, Any]) -> None:
        """A run begins that is not at work yet."""
        self.due.append((request, self.desk.now))

    def _does(
        self,
        request: dict[str, Any],
        fault: str,
        at: datetime | None = None,
        begins: Callable[[str], None] | None = None,
    ) -> None:
        before, stack, at = self.record, self.stack, at or self.desk.now
        fault = "" if fault == "spoke" and stack.account == ACCOUNT else fault
        state = started(stack.state, at, 5 if fault else 0, begins)
        with pytest.MonkeyPatch.context() as patch:
            if fault:
                self.taps.before = lambda call: NO_ANSWER if spoils(call, fault) else None
            patch.setattr(stack, "state", state)
            run = self.desk.run(request)
            self.taps.disarm()
        if run.error is not None and not fault:
            raise Broken(f"{request} failed: {run.error!r}")
        self.failed = self.failed or bool(fault)
        if request.get("action") == "confirm" and run.outcome != "rejected":
            self.oracle.confirmed = max(at, self.oracle.confirmed or at)
        self.notes(request, run, before, at)
        self.holds()
        self.is_kept(before, self.record)
        self._follow()
        left = "looked at the same version" in str(run.result.get("reason"))
        if left and self.failed:
            return  # to a run that may have failed: its version is to be looked at again
        if not fault:
            self.sees_taken_away(request, run)
            self.tells(request, run, before)
            of_file = request.get("action") not in ("suspend", "revoke")  # they read none
            if of_file and request != RIVAL and not self.elsewhere:
                self.hears(run)

    def _follow(self) -> None:
        """Runs that runs have started."""
        new = {n: r for n, r in self.stack.executions().items() if n not in self._known}
        self._known |= new.keys()
        for one in new.values():
            self._comes({name: value for name, value in one.items() if value is not None})

    def ends_well(self) -> None:
        """What waits is not lost: once all is delivered and approved, the newest version counts."""
        self.happens("rules one")
        if self.failed:
            self._comes(FILE)
            self._comes(RIVAL)
        self._all_is_delivered()
        self._is_resumed()
        self.happens("check drift")
        self._all_is_delivered()
        self._is_resumed()
        newest = self.newest
        said = f"{self.record.get('status')} {self.record.get('reason')}\nafter: {self.told}"
        if self.by_hand:
            raise Broken(f"what was added by hand is still there: {said}")
        self.rival_is_not_lost()
        if self.elsewhere:
            return
        if newest is None or not newest.valid or self.inline or self.oracle.clashes(newest):
            return
        over = newest.ends(self.oracle.confirmed) <= self.desk.now
        ordered = self.revoked_at is not None and newest.at < self.revoked_at
        if over or ordered or not newest.active or newest.rejected:
            return
        for _ in range(2):
            if self._is_granted():
                return
            waits = (self.record.get("pending") or {}).get("version") == self.oracle.newest
            if not waits:
                raise Broken(f"{newest.name} is lost: {said}")
            for who in ("ada", "ben"):
                self.happens(f"approve {who}")
            self._all_is_delivered()
            self._is_resumed()
        if not self._is_granted():
            raise Broken(f"{newest.name} is approved, and not granted: {said}")

    def _all_is_delivered(self) -> None:
        while self.due:
            self.happens("deliver")

    def _is_resumed(self) -> None:
        """An order that waited for approval is given once more."""
        if self.record.get("status") == "suspended" and self.record.get("instruction") == "suspend":
            self.happens("order resume")
            self._all_is_delivered()

    def _is_granted(self) -> bool:
        newest = self.oracle.newest
        if (self.record["config_version"], self.record["status"]) != (newest, "active"):
            return False
        version, key, seen = self.oracle.versions[str(newest)], self.oracle.key, self.seen()
        given = {gift for gift in seen if gift[1] != "kms:Decrypt"}
        uses = ("may", "kms:Decrypt", key) in seen or not (key and has_key(version.name))
        return uses and given == version.gives


def _order(action: str) -> dict[str, Any]:
    return {"action": action, "partner": "acme", "grant": "main", "reason": "said so"}
