"""What attacks on approvals are made on: a file that waits, who uploaded it, who may approve it."""

import json
from collections.abc import Callable
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.keys import approval_prefix
from tools.attacks.ground import Ground, refused, statement

APPROVERS = "security"


class Person:
    """A session that may read and write any object of the config bucket, as far as IAM goes."""

    def __init__(self, ground: Ground, name: str) -> None:
        self.bucket = ground.box.outputs["ConfigBucketName"]
        objects = f"arn:aws:s3:::{self.bucket}*"
        self.client = ground.person(name, statement("s3:*", on=objects))
        self.s3 = self.client("s3")
        self.user_id = str(self.client("sts").get_caller_identity()["UserId"])

    @property
    def role_id(self) -> str:
        """The unique ID of its role."""
        return self.user_id.partition(":")[0]

    def put(self, key: str, body: bytes = b"{}") -> str:
        """Write an object; answers its version."""
        return str(self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"])

    def copy(self, source: str, key: str) -> None:
        """Copy an object."""
        self.s3.copy_object(Bucket=self.bucket, Key=key, CopySource=f"{self.bucket}/{source}")


class Scene:
    """A target whose file waits for `needed` of the approvers ada and ben; eve is nobody's."""

    def __init__(self, ground: Ground, *, needed: int = 1, asks: bool = True) -> None:
        self.ground, self.target = ground, ground.target()
        names = ("uploader", "ada", "ben", "eve")
        self.uploader, self.ada, self.ben, self.eve = (Person(ground, name) for name in names)
        self.guard(needed)
        if asks:
            self.upload()

    def guard(
        self, needed: int = 1, *more: Person, people: bool = False, when: Any = None, **rules: Any
    ) -> None:
        """Write the guardrails: who may approve, how many have to, and when."""
        members = [one.role_id for one in (self.ada, self.ben, *more)]
        group = {"members": members, "identity_center": people}
        rule = {"when": when or {"widening": True}, "groups": {APPROVERS: needed}}
        approval = {"groups": {APPROVERS: group}, "rules": [rule]}
        written = {"version": 1, "approval": approval, **rules, **self.ground.listed}
        self.ground.guard(json.dumps(written))

    def upload(self, by: Person | None = None, *without: str, **changes: Any) -> dict[str, Any]:
        """Upload the config, and wait for the result of that version."""
        body = json.dumps(self.target.config(*without, **changes)).encode()
        version = (by or self.uploader).put(self.target.key, body)
        found: dict[str, Any] = self.ground.outside.result(
            self.target.key, lambda result: result["config_version"] == version
        )
        return found

    @property
    def digest(self) -> str:
        """What waits."""
        pending = self.ground.outside.state(self.target.partner).get("pending") or {}
        return str(pending.get("digest"))

    def key(self, who: str, digest: str | None = None, group: str = APPROVERS) -> str:
        """The key of somebody's approval of what waits."""
        grant = GrantId(self.target.partner, "main")
        return f"{approval_prefix(group, grant, digest or self.digest)}{who}.json"

    def approve(self, who: Person, digest: str | None = None) -> None:
        """Somebody approves what waits."""
        self.ground.advance(2)  # S3 tells times by the second
        who.put(self.key(who.user_id, digest))

    def refused(self, call: Callable[[], Any], what: str) -> None:
        """The bucket's policy refuses a call."""
        refused(call, what)

    def waits(self) -> None:
        """Whatever was tried, there is no role."""
        self.ground.settled()
        found = self.ground.role(self.target.role)
        assert found is None, f"the role was made, and nobody approved: {self.state()}"

    def given(self, *who: Person) -> None:
        """Those who may approve do, and the grant is there: the attack was on what lives."""
        for one in who or (self.ada,):
            self.approve(one)
        made = self.ground.eventually(
            lambda: self.ground.role(self.target.role), lambda role: role is not None
        )
        assert made, f"what was approved is not granted: {self.state()}"

    def state(self) -> Any:
        """The grant's record, in short."""
        state = self.ground.outside.state(self.target.partner)
        return {name: state.get(name) for name in ("status", "reason", "pending")}
