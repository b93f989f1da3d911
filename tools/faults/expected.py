"""What must be true of every grant once a history has come to rest."""

from dataclasses import dataclass
from typing import Any

from latchkey.grants.sessions import ISSUED_BEFORE
from latchkey.times import parse_instant
from tests.kit.stack.world import World
from tools.faults.snapshot import roles, schedules

STATUSES = {"suspend": "suspended", "resume": "active", "revoke": "revoked"}


@dataclass(frozen=True)
class Expected:
    """What must hold of grants when all is quiet: the newest `files`, and the `last` orders."""

    world: World
    files: dict[str, dict[str, Any]]
    last: dict[str, str]

    def check(self, grant: str) -> None:
        """Hold a grant's role, schedule and record to its file."""
        role = self._role(f"partner-acme.{grant}")
        record = self.world.stack.item(f"GRANT#acme.{grant}") or {}
        at = schedules(self.world).get(f"acme.{grant}")
        assert bool(role) == (at is not None), f"{grant}: role {bool(role)}, schedule {at}"
        assert not role or self.world.now < parse_instant(f"{str(at)[3:-1]}Z"), f"{grant} outlived"
        holder = record.get("config_key")
        for key, asked in self.files.items():
            if asked["grant"] == grant and key != holder:
                assert self._ended(key, asked), f"{grant}: {key} was lost, {record}"
        asked = self.files.get(str(holder), {})
        if self._outcome(holder) == "rejected" or not asked.get("purpose", "any"):
            return  # what an earlier version granted stays, until its own end at the latest
        if asked.get("grant") != grant:
            assert not role, f"{grant}: access that no file asks for"
            return
        self._check_role(grant, role, record, asked)

    def _role(self, name: str) -> Any:
        """The role, in whichever account it is; never in two."""
        found = [roles(account).get(name) for account in self.world.stack.accounts]
        there = [role for role in found if role]
        assert len(there) <= 1, f"{name} is in {len(there)} accounts"
        return there[0] if there else None

    def _check_role(self, grant: str, role: Any, record: Any, asked: dict[str, Any]) -> None:
        ordered = record["config_version"] == asked["version"] and record.get("instruction")
        if self.last.get(grant, "several") != "several":
            assert ordered in (self.last[grant], None), f"{grant}: {ordered}, not {self.last}"
        status = STATUSES.get(str(ordered), asked["status"])
        expected = status != "revoked" and not self._over(asked)
        assert bool(role) == expected, f"{grant}: {asked} {ordered} {record}"
        if role:
            text = str(role["trust"])
            assert asked["principals"][0] in text, f"{grant}: {text}"
            assert asked["expires_at"] in text, f"{grant}: {text}"
            own = role["inline"]["latchkey-access"]["Statement"]
            effects = {one["Effect"] for one in own if one["Sid"] != ISSUED_BEFORE}
            assert effects == ({"Deny"} if status == "suspended" else {"Allow"}), f"{grant}: {role}"

    def _ended(self, key: str, asked: dict[str, Any]) -> bool:
        """Whether a file that does not hold its grant has that outcome, or asks for nothing."""
        return self._outcome(key) in ("rejected", "revoked", "expired") or (
            asked["status"] == "revoked" or self._over(asked)
        )

    def _over(self, asked: dict[str, Any]) -> bool:
        return parse_instant(asked["expires_at"]) <= self.world.now

    def _outcome(self, key: object) -> object:
        return (self.world.stack.item(f"CONFIG#{key}") or {}).get("outcome")
