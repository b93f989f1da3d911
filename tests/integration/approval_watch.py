"""What is seen of a grant after each event, held to the oracle."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.integration.approval_oracle import Oracle, Version
from tests.integration.approval_states import (
    IDS,
    NAME,
    PARTNERS,
    PLACES,
    READS,
    RULES,
    SESSIONS,
    WRITES,
    Gives,
    touches_other,
)
from tests.kit.access import Access
from tests.kit.stack.approvals import ApprovalDesk
from tests.kit.stack.aws import KEY, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

ROLE = "partner-acme.main"
_VIA = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
_VIA |= {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::data-bucket"}


class Broken(AssertionError):
    """What must never be was found."""


@dataclass
class Watch:
    """A grant, and what may be; `suspended_at` and `revoked_at` are of orders."""

    stack: StackDriver
    oracle: Oracle = field(default_factory=Oracle)
    suspended_at: datetime | None = None
    revoked_at: datetime | None = None
    by_hand: bool = False
    closed_at: datetime | None = None
    asked: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk = ApprovalDesk(self.stack, *RULES["two"])

    @property
    def newest(self) -> Version | None:
        """The file's newest version, if it is there."""
        return self.oracle.versions[self.oracle.newest] if self.oracle.newest else None

    @property
    def role(self) -> str | None:
        """The name of the grant's role, if there is one."""
        for name in (ROLE, NAME):
            found = self.stack.role(name)
            tags = found.get("Tags", []) if found else []
            if any(tag["Value"] == "acme.main" for tag in tags):
                return name
        return None

    def notes(
        self, request: dict[str, Any], run: Run, before: dict[str, Any], at: datetime
    ) -> None:
        """What a run recorded: it has to be what may be."""
        record, now, oracle = self.record, self.desk.now, self.oracle
        status = record.get("status")
        if request.get("action") == "suspend" and record.get("instruction") == "suspend":
            self.suspended_at = self.closed_at = max(at, self.suspended_at or at)
        if request.get("action") == "resume" and self.closed_at and at > self.closed_at:
            self.closed_at = None
        if request.get("action") == "revoke" and status == "revoked":
            self.revoked_at = at
        self._notes_what_waits(record)
        if status in ("revoked", "expired"):
            self.closed_at = None
            oracle.had.clear()
            oracle.closed.clear()
            oracle.keys.clear()
        version = oracle.versions.get(str(record.get("config_version")))
        if version is None or status not in ("active", "suspended", "failed"):
            return
        closed = self.closed_at and version.at < self.closed_at and status != "failed"
        if closed and not self._nothing():
            raise Broken(f"suspended at {self.closed_at}, and works: {run.result}")
        moved = record["config_version"] != before.get("config_version")
        if version.active and version not in oracle.had:
            if oracle.grantable(version, now):
                if status == "active":
                    oracle.had, oracle.closed = [version], []
                else:
                    oracle.had.append(version)
            elif status != "failed" or record.get("granted"):
                raise Broken(f"{version.name} is on record as accepted: {run.result}")
        elif version.active and status == "active":
            oracle.had, oracle.closed = [version], []
        elif moved and not version.active:
            oracle.closed.append(version)

    def _notes_what_waits(self, record: dict[str, Any]) -> None:
        """What waits by the record; what was rejected of an accepted version may go by itself."""
        oracle, pending = self.oracle, record.get("pending")
        oracle.waits = f"{pending['digest']} {pending['since']}" if pending else None
        if pending:
            self.asked.setdefault(pending["digest"], oracle.key)
        if pending and pending["rejected_by"]:
            oracle.versions[pending["version"]].rejected = True
        for one in oracle.had:
            one.rejected = one.rejected and pending is not None

    def sees_taken_away(self, request: dict[str, Any], run: Run) -> None:
        action, record = request.get("action"), self.record
        newest = self.newest
        if record.get("status") == "suspended" and not self._nothing():
            raise Broken(f"suspended, and works: {run.result}")
        if action == "suspend" and run.outcome not in ("rejected", "suspended", "unchanged"):
            raise Broken(f"suspend came to {run.result}")
        if action == "suspend" and self.role and not self._nothing():
            raise Broken(f"suspend came to {run.result}")
        if action == "revoke" and self.role:
            raise Broken(f"revoke came to {run.result}")
        if request.get("key") != KEY or self.inline or self.elsewhere:
            return
        if newest is None:
            if self.role:
                raise Broken(f"its file is gone, and the role is not: {run.result}")
            return
        if newest.name == "revoked" and self.role:
            raise Broken(f"the file says revoked: {run.result}")
        if self.oracle.rules == "unreadable" or not newest.valid or self.oracle.clashes(newest):
            return
        if newest.name == "suspended" and self.role and not self._nothing():
            raise Broken(f"the file says suspended: {run.result}")

    def hears(self, run: Run) -> None:
        """Whether the reason's words are true."""
        reason, newest = str(run.result.get("reason", "")), self.oracle.newest
        version = self.newest
        pending = self.record.get("pending")
        if "invalid" in reason and (version is None or self._sound(version)):
            raise Broken(f"not invalid: {reason}")
        passed = version is None or not self._sound(version)  # what a resource adds may wait then
        waits = pending is not None and (passed or pending["version"] == newest)
        if "waits for approval" in reason and not (waits or self._may_wait()):
            raise Broken(f"does not wait: {reason}")
        if run.outcome == "pending_approval" and not waits:
            raise Broken(f"does not wait: {run.result}")
        if "was suspended after" in reason and not self._put_off():
            raise Broken(f"not put off: {reason}")

    def _sound(self, version: Version) -> bool:
        denied = self.oracle.rules == "denied" and touches_other(version.name)
        sound = version.valid and not denied and self.oracle.rules != "unreadable"
        return sound and not self.oracle.clashes(version)

    def _may_wait(self) -> bool:
        """Whether the newest version may have to wait: anything may, for a suspended role."""
        newest, before = self.newest, self.suspended_at or self.oracle.closed
        return newest is not None and bool(
            before or not self.oracle.grantable(newest, self.desk.now)
        )

    def _put_off(self) -> bool:
        newest = self.newest
        at = self.suspended_at
        return newest is not None and at is not None and newest.at < at

    @property
    def record(self) -> dict[str, Any]:
        """The grant's record, if there is one."""
        return self.stack.item("GRANT#acme.main") or {}

    @property
    def inline(self) -> bool:
        """Whether a config of the workflow's input has the grant."""
        record = self.record
        return bool(record.get("role_arn")) and record.get("config_key") is None

    @property
    def elsewhere(self) -> bool:
        """Whether another file than the usual one has the grant, or asks for it."""
        return self.record.get("config_key") not in (None, KEY)

    def _nothing(self) -> bool:
        return not {gift for gift in self.seen() if gift[0] == "may"}

    def _access(self, role: str) -> Access:
        account = self.stack.account
        return Access(aws("iam", account), role, IDS[0], account)

    def seen(self) -> Gives:
        """What the role gives in fact."""
        role = self.role
        if role is None:
            return frozenset()
        access, now = self._access(role), self.desk.now
        who = (("trust", one, known) for one in PARTNERS for known in IDS)
        may = (("may", action, one) for action in (*READS, *WRITES) for one in PLACES)
        found: set[tuple[str, ...]] = {one for one in who if access.opens(now, *one[1:])}
        found |= {one for one in may if access.works(now, one[1], f"arn:aws:s3:::{one[2]}")}
        lengths = {("session", one) for one in SESSIONS if int(one) <= access.longest}
        uses = {
            ("may", "kms:Decrypt", key)
            for key in self.keys_there
            if access.works(now, "kms:Decrypt", key, **_VIA)
        }
        return frozenset(found | lengths | uses)

    @property
    def keys_there(self) -> tuple[str, ...]:
        """The keys that the bucket had or has."""
        return ()

    def _opens_until(self, role: str, end: datetime) -> bool:
        """Whether the role lets anybody in after an end."""
        after, access = end + timedelta(seconds=1), self._access(role)
        return any(access.opens(after, one, known) for one in PARTNERS for known in IDS)

    def holds(self) -> None:
        """No role gives more than may be."""
        role = self.role
        with suppress(Exception):
            if self.by_hand and "more" not in self._policies(role):
                self.by_hand = False
        if self.by_hand or role is None:
            self.by_hand = self.by_hand and role is not None
            return
        most, last = self.oracle.most(self.desk.now)
        seen = self.seen()
        if more := seen - most:
            raise Broken(f"the role gives more: {sorted(more)}; {self.record.get('reason')}")
        if last and self._opens_until(role, last):
            raise Broken(f"the role is open after {last}")
        self.oracle.keys |= {gift[2] for gift in seen if gift[1] == "kms:Decrypt"}

    def _policies(self, role: str | None) -> list[str]:
        iam = aws("iam", self.stack.account)
        return list(iam.list_role_policies(RoleName=role)["PolicyNames"])
