"""The result file as a model: for its JSON Schema and its reference, not for run time."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from latchkey.grants.phase import Phase
from latchkey.grants.policy_validation import Result as CheckResult
from latchkey.grants.record import Outcome, Trigger
from latchkey.reports.summary.line import Effect

_Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
_Stamp = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]


class AuthorItem(BaseModel):
    """Who wrote a version of a file: the parts of `aws:userid`."""

    user_id: Annotated[
        str,
        Field(
            description="Unique ID of the role (`AROA…`) or IAM user (`AIDA…`), the account's ID "
            "for its root or a federated user, or a service of AWS (`s3.amazonaws.com` for "
            "lifecycle rules)."
        ),
    ]
    session: Annotated[
        str | None, Field(description="The session's name, which its owner chose; null without.")
    ]


class ProblemItem(BaseModel):
    """One problem with a config or a request."""

    path: Annotated[
        str,
        Field(
            description="JSON pointer to the problem; empty for the whole document.",
            pattern=r"^(/[\s\S]*)?$",
        ),
    ]
    message: Annotated[
        str, Field(description="What is wrong, and what to write instead.", min_length=1)
    ]


class SummaryLine(BaseModel):
    """One effect of the plan, in plain language."""

    effect: Annotated[
        Effect,
        Field(
            description="`widens`: more access than before, or possibly more. `narrows`: less "
            "access. `ends`: the role is removed. `changes`: neither, but it may matter elsewhere. "
            "`none`: access is not affected."
        ),
    ]
    text: Annotated[str, Field(description="A sentence, without external IDs.", min_length=1)]


class AllowedRow(BaseModel):
    """One resource, and what a session may do with it."""

    service: Annotated[
        str, Field(description="The service prefix of its IAM actions; `any` for all services.")
    ]
    resource: Annotated[str, Field(description="A description, or the ARN where there is none.")]
    may: Annotated[
        list[str], Field(description="Permission labels, such as `read`; other actions by name.")
    ]
    conditions: Annotated[
        list[str], Field(description="In plain language; all of them must be met.")
    ]


class PartnerNeed(BaseModel):
    """One value that a partner may ask for before it can give you its own."""

    what: Annotated[str, Field(description="What it is, such as `role ARN`.")]
    value: Annotated[str, Field(description="The value, or where it will come from.")]


class ChangeItem(BaseModel):
    """One AWS API call; its other fields are those of the call."""

    model_config = ConfigDict(extra="allow")
    action: Annotated[str, Field(description="The API action, such as `PutRolePolicy`.")]


class Verified(BaseModel):
    """What was read back from IAM after the changes."""

    role: Annotated[
        Literal["as planned", "absent"], Field(description="State of the role when it was read.")
    ]
    role_id: Annotated[str, Field(description="The role's unique ID, where there is one.")] = ""
    read_at: Annotated[_Instant, Field(description="When it was read.")]


class CheckItem(BaseModel):
    """One validation of a policy."""

    check: Annotated[str, Field(description="The check, and the policy it was made on.")]
    result: Annotated[CheckResult, Field(description="The result of the check.")]
    details: Annotated[list[str], Field(description="Findings and explanations.")]


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
    starts_at: Annotated[_Instant | None, Field(description="Start of access; null: immediately.")]
    expires_at: Annotated[_Instant | None, Field(description="End of access.")]
    issued_before: Annotated[
        _Instant | None,
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
            "`file_check`, `resync`, or `order` for workflow input."
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
