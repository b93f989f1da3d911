"""Uploaders and approvers of the stack in one process: S3's clock is set by the test."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Self

from latchkey.aws.authors import Authors
from latchkey.aws.table import Table
from latchkey.grants.author import Author
from tests.kit.examples import NOW, s3_entry
from tests.kit.stack.aws import CONFIG_BUCKET, KEY, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

ADA, BEN, EVE = "AROAADAADAADAADA01:ada", "AIDABENBENBENBEN01", "AROAEVEEVEEVEEVE01:eve"
SSO = "AROASSOSSOSSOSSO01"
UPLOADER = "AROAUPLOADERROLE01:mallory"
CHECK = {"action": "check", "partner": "acme", "grant": "main", "by": "approval"}
FILE = {"bucket": CONFIG_BUCKET, "key": KEY}
GROUPS: dict[str, Any] = {
    "security": {"members": [ADA.partition(":")[0], BEN]},
    "people": {"members": [SSO], "identity_center": True},
}
ANY = [{"when": {"widening": True}, "groups": {"security": 1}}]
TWO = [{"when": {"widening": True}, "groups": {"security": 2}}]
WIDER = [s3_entry(prefix="in"), s3_entry(bucket="other-bucket", allow="read")]


class ApprovalDesk:
    """Uploads by somebody, approvals by somebody, and runs; a minute passes with each."""

    def __init__(self, stack: StackDriver, *rules: Any, groups: Any = None) -> None:
        stack.guard(approval={"groups": groups or GROUPS, "rules": list(rules) or ANY})
        self._sits_down(stack)

    @classmethod
    def of(cls, stack: StackDriver) -> Self:
        """A desk where the guardrails are written already."""
        desk = cls.__new__(cls)
        desk._sits_down(stack)
        return desk

    def _sits_down(self, stack: StackDriver) -> None:
        self.stack = stack
        self.now = NOW
        self._taken: dict[str, datetime] = {}
        self.stack.sees("s3", "after-call.s3.ListObjectsV2", self._by_its_clock)
        self.stack.sees("s3", "after-call.s3.GetObject", self._uploaded_at)

    def _by_its_clock(self, parsed: dict[str, Any], **_: Any) -> None:
        for one in parsed.get("Contents", []):
            one["LastModified"] = self._taken.get(one["Key"], self.now)
        headers = parsed["ResponseMetadata"]["HTTPHeaders"]
        headers["date"] = format_datetime(self.now, usegmt=True)

    def _uploaded_at(self, parsed: dict[str, Any], **_: Any) -> None:
        if at := self._taken.get(str(parsed.get("VersionId"))):
            parsed["LastModified"] = at

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**(time or {"minutes": 1}))

    def uploads(self, by: str | None = UPLOADER, key: str = KEY, /, **changes: Any) -> str:
        """Upload a config, of which S3 tells who did; answers its version."""
        self.passes()
        version = self.stack.upload(None, key, **changes)
        self.notes(version, by, key)
        return version

    def notes(self, version: str, by: str | None, key: str = KEY) -> None:
        """What S3 tells of an upload: when it was, and whose, if it does."""
        self._taken[version] = self.now
        author = Author.of_notification(f"AWS:{by}") if by else None
        if author:
            Authors(Table(aws("dynamodb"), TABLE)).note(key, version, author)

    def run(self, request: Any = FILE, **more: Any) -> Run:
        """A run of the workflow."""
        self.passes()
        return self.stack.run({**request, **more}, self.now)

    def asks(self, by: str | None = UPLOADER, /, **changes: Any) -> Run:
        """Upload and run."""
        self.uploads(by, **changes)
        return self.run()

    def key(self, by: str, group: str = "security", digest: str | None = None) -> str:
        """The key of somebody's approval of what waits."""
        digest = digest or self.pending["digest"]
        return f"approvals/{group}/acme.main/{digest}/{by}.json"

    def writes(self, key: str, body: Any = None) -> None:
        """Put any object, which S3 takes now."""
        self.passes()
        self._taken[key] = self.now
        aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=key, Body=json.dumps(body or {}).encode())

    def approves(self, by: str, group: str = "security", digest: str | None = None) -> Run:
        """Somebody approves, and the run that this sets off."""
        self.writes(self.key(by, group, digest))
        return self.run(CHECK)

    def both_approve(self) -> str:
        """Two people of security do; the outcome."""
        self.approves(ADA)
        return self.approves(BEN).outcome

    @property
    def pending(self) -> dict[str, Any]:
        """What waits by the record."""
        found: dict[str, Any] = self.stack.grant()["pending"]
        return found

    @property
    def state(self) -> dict[str, Any]:
        """The grant's record."""
        return self.stack.grant()

    def may_read(self, bucket: str) -> bool:
        """Whether the role may do anything with a bucket."""
        return self.stack.role() is not None and f":::{bucket}" in json.dumps(
            self.stack.permissions()
        )
