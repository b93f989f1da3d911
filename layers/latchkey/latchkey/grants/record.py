"""A grant's name, its record, and the words for its state."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Self

from latchkey.config.problem import Problem
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.author import Author
from latchkey.grants.config_reference import ConfigReference
from latchkey.grants.pending import Pending
from latchkey.keys import inline_config_key, is_config_key
from latchkey.newer_python import replace
from latchkey.services.resource_info import NamedResource
from latchkey.times import instant, seconds_between

Status = Literal[
    "active", "suspended", "revoked", "expired", "failed", "rejected", "pending_approval"
]
Outcome = Literal[
    "created",
    "updated",
    "confirmed",
    "unchanged",
    "suspended",
    "revoked",
    "expired",
    "rejected",
    "failed",
    "planned",
    "pending_approval",
]
EventType = Literal[
    "AccessGranted",
    "AccessUpdated",
    "AccessConfirmed",
    "AccessSuspended",
    "AccessRevoked",
    "AccessExpired",
    "ConfigRejected",
    "OrderRejected",
    "GrantFailed",
    "DriftRepaired",
    "FindingsReported",
    "FindingsResolved",
    "ApprovalRequested",
]
"""What a run can put on record of a grant or a file."""

Instruction = Literal["suspend", "revoke", "resume"]
Trigger = Literal["schedule", "sweep", "drift", "file", "file_check", "resync", "approval", "order"]
"""What sets a run off: time in its two forms, a check of all roles, a file's notification, a
comparison of all files (hourly, or asked for), an approval, or somebody's order or config."""

BY_SCHEDULE = "expiry schedule"
"""The reason in the input of every expiry schedule; before there was `by`, the only sign of one."""


class Overdue(Frozen):
    """A live grant past its expiry, which was at `since` (`YYYY-MM-DDTHH:MM:SSZ`)."""

    grant: GrantId
    since: str

    def seconds(self, now: datetime) -> int:
        """How long ago it should have ended."""
        return seconds_between(self.since, instant(now))


class GrantRecord(Frozen):
    """A grant's present state as the grant table holds it (docs/contract.md, "Grant table").

    Times are `YYYY-MM-DDTHH:MM:SSZ`. `config` is the last accepted config as JSON text, for people
    only: nothing is granted by it. What a live grant is held to, also while a newer version of its
    file is invalid, is at `config_object`; of a config that came with the workflow's input, the
    table has no text beside it (`at_rest`). `owner`, `owner_contact`, `purpose` and `role_name` are
    as that config names them. `instruction` is what an operator ordered by workflow input,
    `instructed_at` when (with microseconds): it holds until a version that was uploaded later.
    `external_ids` are all that the role may name and that are claimed for the grant: those of its
    config, of which `external_id` is the first, and after a failed change those before, too.
    `findings` are what turned out wrong with a live grant after it was granted, which it keeps;
    `guardrails` is the digest of the guardrails that it was last held to. `role_digest` is a digest
    of what was written of the role (`grants.drift`), `last_used` when a session of it last made a
    call, `active_since` when the grant last became active, `began` when its access first began, or
    will. Sessions issued before `issued_before` may do nothing. `role_id` is the role's unique ID,
    `written` are the policies of it that Latchkey wrote, or may have written, last.
    A grant without a fixed end was last `confirmed_at`, and ends `confirm_every_days` after that.
    `resources` are those that the config names, with their keys, as they were found last.
    `author` wrote the accepted version of the file, where S3 told; nobody is known of inline ones.
    `granted` is the digest of the state that was granted last (`grants.state_digest`): it needs no
    approval any more. `pending` is a change that waits for one.
    `scope` are the names of the scope that the grant's partner belongs to, the present one first.
    """

    partner: str
    grant: str
    status: Status
    reason: str = ""
    role_arn: str | None = None
    external_id: str | None = None
    external_ids: tuple[str, ...] = ()
    starts_at: str | None = None
    expires_at: str | None = None
    config_bucket: str | None = None
    config_key: str | None = None
    config_version: str | None = None
    updated_at: str = ""
    config: str | None = None
    instruction: Instruction | None = None
    instructed_at: str | None = None
    findings: tuple[Problem, ...] = ()
    guardrails: str | None = None
    role_digest: str | None = None
    last_used: str | None = None
    active_since: str | None = None
    began: str | None = None
    issued_before: str | None = None
    role_id: str | None = None
    written: tuple[str, ...] = ()
    config_object: ConfigReference | None = None
    owner: str | None = None
    owner_contact: str | None = None
    purpose: str | None = None
    role_name: str | None = None
    confirm_every_days: int | None = None
    confirmed_at: str | None = None
    resources: tuple[NamedResource, ...] = ()
    author: Author | None = None
    granted: str | None = None
    pending: Pending | None = None
    scope: tuple[str, ...] = ()

    @property
    def id(self) -> GrantId:
        """The grant's name."""
        return GrantId(self.partner, self.grant)

    @property
    def account(self) -> str | None:
        """The account that the role is in."""
        return self.role_arn.split(":")[4] if self.role_arn else None

    @property
    def live(self) -> bool:
        """Whether a role of this grant may exist: anything that has to be ended some day."""
        return self.role_arn is not None and self.status in {"active", "suspended", "failed"}

    @property
    def waits(self) -> bool:
        """Whether a grant that is not there yet waits for approval, also if its check failed."""
        failed = self.status == "failed" and not self.live and self.pending
        return self.status == "pending_approval" or bool(failed and not failed.rejected_by)

    def waits_for_another(self, key: str | None, version: str | None) -> bool:
        """Whether what waits of the grant's file is another version than this one."""
        mine = version is not None and key is not None and self.config_key == key
        return mine and self.pending is not None and self.pending.version != version

    @property
    def inline(self) -> bool:
        """Whether the grant's config came with the workflow's input, and not in a file."""
        return self.config_key is None

    @property
    def accepted(self) -> bool:
        """Whether the version on record was accepted: one that nobody could plan for was not."""
        return self.config is not None or self.config_object is not None

    @property
    def config_at(self) -> ConfigReference | None:
        """Where the accepted config is; None where the record names no place that it can be in.

        A file is where uploads are read, an inline config in its grant's own object: no record has
        another grant's config, or a text of the table, believed.
        """
        known, key, version = self.config_object, self.config_key, self.config_version
        if self.inline:
            return known if known and known.key == inline_config_key(self.id) else None
        if not (key and version and is_config_key(key)):
            return None
        named = (known.key, known.version) if known else None
        return known if named == (key, version) else ConfigReference(key, version)

    def at_rest(self) -> "GrantRecord":
        """The record as the table holds it: a config of the workflow's input only by reference."""
        return replace(self, config=None) if self.inline and self.config_object else self

    def used(self, noted: str | None) -> "GrantRecord":
        """The record with when the grant was last used, by itself or as it was noted since."""
        return replace(self, last_used=max(self.last_used or "", noted or "") or None)

    def says_same(self, after: "GrantRecord") -> bool:
        """Whether another record says what this one says, but for times and words."""
        return all(getattr(self, name) == getattr(after, name) for name in _COMPARED)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], where: str = "") -> Self:
        """The record in JSON data, which may be older than some of the fields."""
        used = document.get("external_ids", [document.get("external_id")])
        findings = document.get("findings") or ()
        known = {**document, "external_ids": [*filter(None, used)], "findings": findings}
        if isinstance(days := document.get("confirm_every_days"), Decimal):  # as the table has it
            known["confirm_every_days"] = int(days)
        told = named_in(document.get("config"))
        return super().from_document({**told, **known}, where)


_COMPARED = (
    "status",
    "config_version",
    "instruction",
    "instructed_at",
    "findings",
    "guardrails",
    "role_digest",
    "issued_before",
    "role_id",
    "written",
    "confirmed_at",
    "resources",
    "author",
    "granted",
    "pending",
)


def released_by(before: GrantRecord | None, after: GrantRecord) -> tuple[str, ...]:
    """The external IDs that a grant had and no longer uses."""
    had = before.external_ids if before and before.live else ()
    return tuple(sorted({*had} - {*after.external_ids}))


_NAMED = ("owner", "owner_contact", "purpose")


def named_in(config: str | None) -> dict[str, str | None]:
    """The owner, where it is reached, and the purpose that a config, as JSON text, names."""
    try:
        found = json.loads(config) if config else None
    except (ValueError, TypeError):
        found = None
    given = found if isinstance(found, dict) else {}
    texts = {name: given.get(name) for name in _NAMED}
    return {
        n: text if isinstance(text, str) and text.strip() else None for n, text in texts.items()
    }
