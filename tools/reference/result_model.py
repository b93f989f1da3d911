"""The result file as a model: for its JSON Schema and its reference, not for run time."""

from typing import Annotated, Literal, get_args

from latchkey.grants.policy_validation import Result as CheckResult
from latchkey.grants.record import Outcome, Trigger
from latchkey.reports.summary.line import Effect
from pydantic import BaseModel, ConfigDict, Field

_Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
_Stamp = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]


class ProblemItem(BaseModel):
    """One fault of a config or of a request."""

    path: Annotated[
        str,
        Field(
            description="JSON pointer to the fault; empty for the whole document.",
            pattern=r"^(/[\s\S]*)?$",
        ),
    ]
    message: Annotated[
        str, Field(description="What is wrong, and what to write instead.", min_length=1)
    ]


class SummaryLine(BaseModel):
    """One thing that the plan does, in words."""

    effect: Annotated[
        Effect,
        Field(
            description="`widens`: more access than before, or nobody can tell. `narrows`: less. "
            "`ends`: the role goes. `changes`: neither, but it may matter elsewhere. `none`: no "
            "access is touched."
        ),
    ]
    text: Annotated[str, Field(description="A sentence; it holds no external ID.", min_length=1)]


class AllowedRow(BaseModel):
    """One resource, and what a session may do with it."""

    service: Annotated[str, Field(description="As in IAM's actions; `any` for all services.")]
    resource: Annotated[str, Field(description="In words; its ARN where words are not clear.")]
    may: Annotated[
        list[str], Field(description="Verbs; actions that have none are told by their names.")
    ]
    conditions: Annotated[list[str], Field(description="In words; all of them have to hold.")]


class ChangeItem(BaseModel):
    """One call of AWS; its other fields are those of the call."""

    model_config = ConfigDict(extra="allow")
    action: Annotated[str, Field(description="The API action, such as `PutRolePolicy`.")]


class Verified(BaseModel):
    """What was read back from IAM after the changes."""

    role: Annotated[Literal["as planned", "absent"], Field(description="How the role was found.")]
    role_id: Annotated[str, Field(description="The role's unique ID, where there is one.")] = ""
    read_at: Annotated[_Instant, Field(description="When it was read.")]


class CheckItem(BaseModel):
    """One check of what was written."""

    check: Annotated[str, Field(description="What was asked, and about what.")]
    result: Annotated[CheckResult, Field(description="How it came out.")]
    details: Annotated[list[str], Field(description="What there is to know about it.")]


class ResultFile(BaseModel):
    """What became of a config file, of an inline config or of an order."""

    outcome: Annotated[
        Outcome,
        Field(description="One of " + ", ".join(f"`{name}`" for name in get_args(Outcome)) + "."),
    ]
    reason: Annotated[str, Field(description="Why, in words.")]
    partner: Annotated[str | None, Field(description="The partner; null when none is known.")]
    grant: Annotated[str | None, Field(description="The grant; null when none is known.")]
    problems: Annotated[list[ProblemItem], Field(description="Everything that is wrong.")]
    summary: Annotated[
        list[SummaryLine],
        Field(
            description="What the plan does, what widens access first; empty when it changes "
            "nothing. With the outcome `failed` it is what was to be done."
        ),
    ]
    widens: Annotated[
        bool,
        Field(
            description="Whether any line of `summary` widens access. What cannot be shown to "
            "allow nothing more counts as widening."
        ),
    ]
    policy_difference: Annotated[
        list[str],
        Field(
            description="The trust policy and the permissions policy before and after, as lines of "
            "a unified diff of canonical JSON; empty when both mean the same as before."
        ),
    ]
    allows: Annotated[
        list[AllowedRow],
        Field(
            description="Everything that sessions of the role may do from then on, between "
            "`starts_at` and `expires_at`; empty when that is nothing (suspended, revoked, "
            "expired), and with `rejected` and `failed`, where the role is not looked at."
        ),
    ]
    changes: Annotated[
        list[ChangeItem],
        Field(description="The calls that were made, or with `planned` would be, in order."),
    ]
    drift: Annotated[
        list[str],
        Field(description="What had been changed of the role by hand, and is put back."),
    ]
    role_arn: Annotated[str | None, Field(description="The role's ARN.")]
    external_id: Annotated[
        str | None, Field(description="What the partner has to give when it assumes the role.")
    ]
    starts_at: Annotated[_Instant | None, Field(description="When access begins; null: at once.")]
    expires_at: Annotated[_Instant | None, Field(description="When access ends.")]
    config_bucket: Annotated[str | None, Field(description="The config's bucket, if it is a file.")]
    config_key: Annotated[str | None, Field(description="The config's key.")]
    config_version: Annotated[
        str | None, Field(description="The version of the file that this is about.")
    ]
    verified: Annotated[
        Verified | None, Field(description="What was read back; null when nothing was changed.")
    ]
    ended_by: Annotated[
        Trigger | None, Field(description="What set off the run that ended the grant.")
    ]
    requested_by: Annotated[str | None, Field(description="Who asked for it, if the order says.")]
    late_seconds: Annotated[
        int | None,
        Field(description="Of an expiry: from `expires_at` until the role was seen to be gone."),
    ]
    checks: Annotated[list[CheckItem], Field(description="What was checked of what was written.")]
    dry_run: Annotated[bool, Field(description="Whether this was a plan only.")]
    recorded_at: Annotated[_Stamp, Field(description="When it was planned; orders results.")]
