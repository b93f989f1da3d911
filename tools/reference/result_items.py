"""What a result file's lists hold, as models: for its JSON Schema and its reference."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from latchkey.grants.policy_validation import Result as CheckResult
from latchkey.reports.summary.line import Effect

Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


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
    read_at: Annotated[Instant, Field(description="When it was read.")]


class CheckItem(BaseModel):
    """One validation of a policy."""

    check: Annotated[str, Field(description="The check, and the policy it was made on.")]
    result: Annotated[CheckResult, Field(description="The result of the check.")]
    details: Annotated[list[str], Field(description="Findings and explanations.")]


class GroupNeed(BaseModel):
    """A group of which people have to approve."""

    group: Annotated[str, Field(description="The name of the group in the guardrails.")]
    needed: Annotated[int, Field(description="How many of its people have to approve.")]
    given: Annotated[list[str], Field(description="Who of them has.")]


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
