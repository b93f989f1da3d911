"""What became of a run, as it stands in the result file and is the workflow's output.

`docs/results.md` describes each field; `schema/result.schema.json` is held to this model.
"""

from collections.abc import Mapping
from typing import Any, Literal

from latchkey.config.problem import Problem
from latchkey.frozen import Frozen
from latchkey.grants.author import Author
from latchkey.grants.pending import GroupNeed
from latchkey.grants.phase import Phase
from latchkey.grants.policy_validation import Check
from latchkey.grants.record import Outcome, Trigger
from latchkey.reports.summary.line import Line


class AllowedRow(Frozen):
    """One resource, and what a session may do with it, in words."""

    service: str
    resource: str
    may: tuple[str, ...]
    conditions: tuple[str, ...]


class PartnerNeed(Frozen):
    """What a partner may ask for before it can answer: what it is, and its value."""

    what: str
    value: str


class Verified(Frozen):
    """What was read back from IAM after the changes: the role, or that it is gone.

    A role that is gone has no `role_id`. `read_at` is `YYYY-MM-DDTHH:MM:SSZ`; a run that was
    planned before an update may have none.
    """

    role: Literal["as planned", "absent"]
    role_id: str = ""
    read_at: str = ""

    def document(self) -> dict[str, Any]:
        """What was read back, as JSON data; what there is none of is left out."""
        return {name: value for name, value in super().document().items() if value}


class Result(Frozen):
    """The outcome of a config file, an inline config or an order (docs/contract.md, "Results").

    `changes` are calls of AWS as JSON data: those of an earlier attempt are as in the intent log.
    `external_id` is the first of the `external_ids`. Sessions issued before `issued_before` can do
    nothing. `phase` is that of the grant after the run, `by` and `order` what set the run off.
    `author` uploaded or removed the file's version, by S3's word, while `requested_by` is what the
    request said. `permissions_policy` is the document that `allows` is about, as in IAM.
    `digest` is that of the state that was asked for, where it allows anything; `awaits` who has to
    approve it before it is granted, `approved_by` who did. `account` is the one of `role_arn`.
    Times are `YYYY-MM-DDTHH:MM:SSZ`, but for `recorded_at` (`times.stamp`), which orders results.
    """

    outcome: Outcome
    reason: str
    partner: str | None
    grant: str | None
    problems: tuple[Problem, ...]
    summary: tuple[Line, ...]
    widens: bool
    policy_difference: tuple[str, ...]
    allows: tuple[AllowedRow, ...]
    permissions_policy: Mapping[str, Any] | None
    partner_needs: tuple[PartnerNeed, ...]
    changes: tuple[Mapping[str, Any], ...]
    drift: tuple[str, ...]
    role_arn: str | None
    external_id: str | None
    external_ids: tuple[str, ...]
    starts_at: str | None
    expires_at: str | None
    issued_before: str | None
    config_bucket: str | None
    config_key: str | None
    config_version: str | None
    verified: Verified | None
    phase: Phase | None
    by: Trigger | None
    order: str | None
    ended_by: Trigger | None
    requested_by: str | None
    author: Author | None
    late_seconds: int | None
    checks: tuple[Check, ...]
    dry_run: bool
    recorded_at: str
    digest: str | None = None
    awaits: tuple[GroupNeed, ...] = ()
    approved_by: tuple[str, ...] = ()
    account: str | None = None
