"""The result file as a model: for its JSON Schema and its reference, not for run time."""

from typing import Annotated, Any, get_args

from pydantic import BaseModel, Field

from latchkey.grants.phase import Phase
from latchkey.grants.record import Outcome, Trigger
from tools.reference.result_items import (
    AllowedRow,
    AuthorItem,
    ChangeItem,
    CheckItem,
    GroupNeed,
    Instant,
    PartnerNeed,
    ProblemItem,
    SummaryLine,
    Verified,
)

_Stamp = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]


class ResultFile(BaseModel):
    """The outcome of a config file, an inline config or an order."""

    outcome: Annotated[
        Outcome,
        Field(description="One of " + ", ".join(f"`{name}`" for name in get_args(Outcome)) + "."),
    ]
    reason: Annotated[str, Field(description="The reason for the outcome.")]
    partner: Annotated[str | None, Field(description="The partner; null when none is known.")]
    grant: Annotated[str | None, Field(description="The grant; null when none is known.")]
    problems: Annotated[
        list[ProblemItem], Field(description="All problems with the config or the request.")
    ]
    summary: Annotated[
        list[SummaryLine],
        Field(
            description="The effects of the plan, those that widen access first; empty if it "
            "changes nothing. With the outcome `failed`, what was planned."
        ),
    ]
    widens: Annotated[
        bool,
        Field(
            description="Whether any line of `summary` widens access. A change that "
            "may allow more counts as widening."
        ),
    ]
    policy_difference: Annotated[
        list[str],
        Field(
            description="The trust policy and the permissions policy before and after, as lines of "
            "a unified diff of canonical JSON; empty if both are equivalent to before."
        ),
    ]
    allows: Annotated[
        list[AllowedRow],
        Field(
            description="Everything sessions of the role may do after the plan, between "
            "`starts_at` and `expires_at`; empty if that is nothing (suspended, revoked, expired), "
            "and with `rejected` and `failed`."
        ),
    ]
    permissions_policy: Annotated[
        dict[str, Any] | None,
        Field(
            description="The permissions policy of the role after the plan, as in IAM; null where "
            "`allows` is empty."
        ),
    ]
    partner_needs: Annotated[
        list[PartnerNeed],
        Field(
            description="With a dry run for a role that does not exist yet: what the partner may "
            "ask for before it can give you its external ID."
        ),
    ]
    changes: Annotated[
        list[ChangeItem],
        Field(description="The API calls made or, with `planned`, to be made, in order."),
    ]
    drift: Annotated[
        list[str],
        Field(description="Modifications of the role outside Latchkey that are repaired."),
    ]
    role_arn: Annotated[str | None, Field(description="The role's ARN.")]
    external_id: Annotated[
        str | None,
        Field(
            description="The external ID the partner must pass to assume the role; of several, the "
            "first in the file."
        ),
    ]
    external_ids: Annotated[
        list[str],
        Field(
            description="All external IDs that the role accepts; after a failed change, all that "
            "it may accept. Empty when none is asked for, or the role is gone."
        ),
    ]
    starts_at: Annotated[Instant | None, Field(description="Start of access; null: immediately.")]
    expires_at: Annotated[Instant | None, Field(description="End of access.")]
    issued_before: Annotated[
        Instant | None,
        Field(
            description="Sessions issued before this time can do nothing: the trust policy was "
            "narrowed, or the grant resumed. The partner assumes the role again from then on."
        ),
    ]
    config_bucket: Annotated[
        str | None, Field(description="Bucket of the config file; null without a file.")
    ]
    config_key: Annotated[str | None, Field(description="Key of the config file.")]
    config_version: Annotated[
        str | None, Field(description="Version of the config that this result is about.")
    ]
    verified: Annotated[
        Verified | None,
        Field(description="What was read back from IAM; null if nothing was changed."),
    ]
    phase: Annotated[
        Phase | None,
        Field(
            description="What the grant is after the run: `not begun`, `active`, `suspended`, "
            "`failed`, `ended`, or `none` where nothing is granted; null with `rejected`."
        ),
    ]
    by: Annotated[
        Trigger | None,
        Field(
            description="What triggered the run: `schedule`, `sweep`, `drift`, `file`, "
            "`file_check`, `resync`, `approval`, or `order` for workflow input."
        ),
    ]
    order: Annotated[
        str | None, Field(description="The action of the order that was given, if one was.")
    ]
    ended_by: Annotated[
        Trigger | None, Field(description="Trigger of the run that ended the grant.")
    ]
    requested_by: Annotated[
        str | None, Field(description="Who requested it, as the request says; nobody verifies it.")
    ]
    author: Annotated[
        AuthorItem | None,
        Field(
            description="Who uploaded or removed the version of the file that the run went by, as "
            "S3 told; null for orders, inline configs, and where S3 has not told."
        ),
    ]
    late_seconds: Annotated[
        int | None,
        Field(
            description="For an expiry: seconds from `expires_at` until the role was seen absent."
        ),
    ]
    checks: Annotated[
        list[CheckItem], Field(description="Validations of the policies that were written.")
    ]
    dry_run: Annotated[bool, Field(description="Whether this is only a plan.")]
    recorded_at: Annotated[
        _Stamp, Field(description="When it was planned, in UTC; results of a grant sort by it.")
    ]
    digest: Annotated[
        str | None,
        Field(
            description="The digest of the state that was asked for, which is what an approval is "
            "for; null where it allows nothing."
        ),
    ]
    awaits: Annotated[
        list[GroupNeed],
        Field(
            description="Who has to approve this before it is granted, with the outcomes "
            "`pending_approval` and `planned`; empty if nobody."
        ),
    ]
    approved_by: Annotated[
        list[str],
        Field(description="Who approved this: unique IDs, or names of Identity Center sessions."),
    ]
    account: Annotated[
        str | None, Field(description="The account that the role is in; null where there is none.")
    ]
