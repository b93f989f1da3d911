"""Guardrails: what security allows at all, whatever a config asks for.

One JSON document, owned by security, not by the uploaders of configs. Breaking a rule is a
problem that names the rule. Without a value a rule allows everything, except those that are
called `allow_…` or say so.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
)

from latchkey.config.approval_rules import ApprovalRules
from latchkey.config.guardrail_fields import Accounts, Patterns, ProviderName, RoleOrUser
from latchkey.config.managed_rules import not_listed
from latchkey.config.period_rules import period_broken
from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.config.scope import Scope, told_apart
from latchkey.config.strict_json import parse_object
from latchkey.config.web_identity import named_principals
from latchkey.iam.principal import ACCOUNT
from latchkey.services.managed import words as managed_words
from latchkey.services.registry import CUSTOM, NAMES

if TYPE_CHECKING:  # the drift check reads guardrails, and no config
    from latchkey.config.rules import Fields


class Guardrails(BaseModel):
    """The rules that every grant of this stack must keep."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[StrictInt, Field(ge=1, le=1, description="Always `1`.")]
    allowed_partner_accounts: Annotated[
        list[Annotated[StrictStr, Field(pattern=f"^{ACCOUNT}$")]] | None,
        Field(description="Partner accounts that principals may belong to; any if omitted."),
    ] = None
    allowed_accounts: Accounts = []
    allowed_oidc_providers: Annotated[
        list[ProviderName] | None,
        Field(
            max_length=100,
            description="OIDC providers that web identities may be of, as configs name them. If "
            "omitted: any, but none where `allowed_partner_accounts` is given.",
        ),
    ] = None
    allowed_services: Annotated[
        list[Annotated[StrictStr, Field(json_schema_extra={"enum": list(NAMES)})]] | None,
        Field(description="Services that `access` may name; all in the catalogue if omitted."),
    ] = None
    allowed_resources: Annotated[
        Patterns | None,
        Field(
            description="ARN patterns (`*`, `?`). Everything an entry reaches must match one of "
            "them; anything may be named if omitted."
        ),
    ] = None
    denied_resources: Annotated[
        Patterns,
        Field(
            description="ARN patterns (`*`, `?`). Nothing an entry reaches may match one of them."
        ),
    ] = []
    max_grant_days: Annotated[
        StrictInt | None,
        Field(
            ge=1,
            le=36_500,
            description="Maximum days from start (or now) to expiry; unlimited if omitted.",
        ),
    ] = None
    max_confirm_days: Annotated[
        StrictInt | None,
        Field(
            ge=1,
            le=3_650,
            description="Maximum `confirm_every_days` of a grant without a fixed end; if omitted, "
            "every grant needs `expires_at`.",
        ),
    ] = None
    max_session_duration: Annotated[
        StrictInt | None,
        Field(
            ge=3600,
            le=43200,
            description="Maximum session duration, in seconds; IAM's limit if omitted.",
        ),
    ] = None
    min_external_id_length: Annotated[
        StrictInt,
        Field(
            ge=2,
            le=1_224,
            description="Minimum characters of an external ID that a config names; what is short "
            "can be guessed.",
        ),
    ] = 8
    no_external_id_principals: Annotated[
        list[RoleOrUser],
        Field(
            max_length=200,
            description="ARNs of roles and users, without wildcards, that cannot send an external "
            "ID. A config whose principals are all listed needs no `external_id`: whoever can make "
            "one of them assume a role can then use the grant.",
        ),
    ] = []
    allow_custom: Annotated[
        StrictBool, Field(description="Whether `custom` statements are allowed.")
    ] = False
    allow_any_session_tags: Annotated[
        StrictBool,
        Field(description="Whether `session_tags` may be `true`: any key, but the role's own."),
    ] = False
    allow_subject_patterns: Annotated[
        StrictBool,
        Field(
            description="Whether subjects of web identities may be patterns (`*`, `?`); never of "
            "anybody at all."
        ),
    ] = False
    allowed_account_access: Annotated[
        list[Annotated[StrictStr, Field(json_schema_extra={"enum": managed_words()})]],
        Field(
            description="What `account` entries may `allow`; none if omitted. Such a role sees the "
            "configuration of everything in the account, whatever `allowed_resources` says."
        ),
    ] = []
    required_tags: Annotated[
        list[StrictStr], Field(description="Tag keys that every config must have in `tags`.")
    ] = []
    scopes: Annotated[
        list[Scope] | None,
        Field(
            min_length=1,
            max_length=100,
            description="Who may ask for what, by the folder of a file: it must keep one scope, "
            "that of its key, besides all other rules. Anybody may ask for anything if omitted.",
        ),
        AfterValidator(told_apart),
    ] = None
    drift: Annotated[
        Literal["repair", "report"],
        Field(
            description="What to do when a role was modified outside Latchkey: `repair` it, or "
            "only `report` it."
        ),
    ] = "repair"
    max_idle_days: Annotated[
        StrictInt | None,
        Field(
            ge=1,
            le=400,
            description="Maximum days a grant may stay unused; unlimited if omitted.",
        ),
    ] = None
    idle: Annotated[
        Literal["report", "suspend"],
        Field(
            description="What to do with a grant unused for longer than `max_idle_days`: `report` "
            "it, or `suspend` it."
        ),
    ] = "report"
    approval: ApprovalRules = None


class GuardrailsInvalid(ValueError):
    """The guardrails document itself cannot be read."""


def read_guardrails(text: str) -> Guardrails:
    """The guardrails in a JSON document.

    Raises
    ------
    GuardrailsInvalid
        With what is wrong with it, for its owner.
    """
    try:
        return Guardrails.model_validate(parse_object(text.encode()))
    except ConfigRejected as rejected:
        raise GuardrailsInvalid(str(rejected)) from None
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        told = [(pointer(e["loc"]), e["msg"].removeprefix("Value error, ")) for e in errors]
        message = "; ".join(f"{place}: {text}" for place, text in told)
        raise GuardrailsInvalid(message) from None


def guardrail_problems(fields: "Fields", rules: Guardrails, now: datetime) -> Iterator[Problem]:
    """What a config asks for beyond the rules, as far as no lookup is needed.

    `fields` are those of a config that are valid by themselves; those that are missing break none.
    """
    yield from _principals(fields, rules)
    yield from _services(fields, rules)
    yield from _times(fields, rules, now)
    if fields.get("session_tags") is True and not rules.allow_any_session_tags:
        message = "session tags of any key are not allowed; list the keys that the partner passes"
        yield Problem("/session_tags", problem_of("allow_any_session_tags", message))
    for path, message in not_listed(fields, rules.allowed_account_access):
        yield Problem(path, problem_of("allowed_account_access", message))
    for tag in sorted(set(rules.required_tags) - fields.get("tags", {}).keys()):
        yield Problem("/tags", problem_of("required_tags", f"add the tag {tag!r}"))


def _principals(fields: "Fields", rules: Guardrails) -> Iterator[Problem]:
    allowed = rules.allowed_partner_accounts
    for index, principal in enumerate(named_principals(fields.get("principals", ()))):
        if allowed is not None and principal and principal.account not in allowed:
            message = f"account {principal.account} is not an allowed partner account"
            path = pointer(["principals", index])
            yield Problem(path, problem_of("allowed_partner_accounts", message))


def _services(fields: "Fields", rules: Guardrails) -> Iterator[Problem]:
    for index, entry in enumerate(fields.get("access", ())):
        if entry is None:
            continue
        path, allowed = pointer(["access", index, "service"]), rules.allowed_services
        if entry.service == CUSTOM and not rules.allow_custom:
            message = "custom statements are not allowed; use the services of the catalogue"
            yield Problem(path, problem_of("allow_custom", message))
        elif allowed is not None and entry.service not in allowed:
            message = f"{entry.service} is not among the allowed services: {', '.join(allowed)}"
            yield Problem(path, problem_of("allowed_services", message))


def _times(fields: "Fields", rules: Guardrails, now: datetime) -> Iterator[Problem]:
    for path, rule, message in period_broken(fields, rules, now):
        yield Problem(path, problem_of(rule, message))
    longest = rules.max_session_duration
    if longest and fields.get("max_session_duration", 0) > longest:
        message = f"a session lasts {longest} seconds at most"
        yield Problem("/max_session_duration", problem_of("max_session_duration", message))


def problem_of(rule: str, message: str) -> str:
    """The message of a problem with a rule of the guardrails, by the rule's name."""
    return f"guardrail {rule}: {message}"
