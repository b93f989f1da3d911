"""Another file that asks for the same grant: a rival, or the same file by another name."""

import json
from dataclasses import dataclass
from typing import Any

from tests.integration.approval_oracle import Version
from tests.integration.approval_states import document
from tests.integration.approval_watch import Broken
from tests.integration.approval_world import World
from tests.kit.stack.approvals import UPLOADER
from tests.kit.stack.aws import CONFIG_BUCKET, KEY

RENAMED = "partners/renamed.json"
RIVAL = {"bucket": CONFIG_BUCKET, "key": RENAMED}


@dataclass
class Rivals(World):
    """A grant that two files ask for, one after the other."""

    def _rival(self, what: str) -> None:
        """The other file is uploaded, or removed."""
        self.desk.passes()
        if what == "gone":
            self.stack.remove(RENAMED)
            self.oracle.rival = None
        else:
            version = self.stack.upload(json.dumps(document(what)).encode(), RENAMED)
            self.desk.notes(version, UPLOADER, RENAMED)
            self.oracle.versions[version] = Version(what, UPLOADER, self.desk.now)
            self.oracle.rival = version
        self._comes(RIVAL)

    def is_kept(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Whose file is there keeps what it was granted, or waits for."""
        there = {KEY: self.oracle.newest, RENAMED: self.oracle.rival}
        key = before.get("config_key")
        holds = before.get("status") in ("active", "suspended", "pending_approval")
        if holds and there.get(str(key)) and after.get("config_key") != key:
            raise Broken(f"{key} had it, and {after.get('config_key')} has it now: {after}")

    def rival_is_not_lost(self) -> None:
        """With the first file gone, the other one has the grant, or waits, or is no config.

        What an order took away is not given again by itself.
        """
        oracle, ordered = self.oracle, self.suspended_at or self.revoked_at
        if oracle.rival is None or oracle.newest is not None or self.inline or ordered:
            return
        version = oracle.versions[oracle.rival]
        over = version.ends(oracle.confirmed) <= self.desk.now
        sound = version.valid and version.active and not over and not oracle.clashes(version)
        if sound and not self.elsewhere:
            raise Broken(f"the other file is lost: {self.record}")

    def _comes(self, request: dict[str, Any]) -> None:
        raise NotImplementedError
