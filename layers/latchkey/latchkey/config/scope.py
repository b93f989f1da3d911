"""A scope of the guardrails: what the files of some prefixes may ask for."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr

from latchkey.config.guardrail_fields import Patterns, ProviderName
from latchkey.grant_id import SLUG
from latchkey.iam.principal import ACCOUNT
from latchkey.keys import CONFIG_PREFIX, INLINE_CONFIGS
from latchkey.services.registry import NAMES

_ONE_FOLDER = r"(?!\.{1,2}/)[A-Za-z0-9][A-Za-z0-9!_.()=@+,-]*/"
PREFIX = rf"(?:{CONFIG_PREFIX}(?:{_ONE_FOLDER})*|{INLINE_CONFIGS})"


def _folder_of_configs(text: str) -> str:
    if not re.fullmatch(PREFIX, text):
        raise ValueError(
            f"{text!r} is no folder of configs; write {CONFIG_PREFIX}<folder>/ with its slash, in "
            f"letters, digits and !_.()=@+,- without wildcards, or {INLINE_CONFIGS} for configs "
            "that come with the workflow's input"
        )
    return text


_Name = Annotated[StrictStr, Field(pattern=f"^{SLUG}$")]
Prefix = Annotated[
    StrictStr,
    Field(json_schema_extra={"pattern": f"^{PREFIX}$"}),
    AfterValidator(_folder_of_configs),
]


class Scope(BaseModel):
    """What files below some prefixes may ask for, beside what all guardrails say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[
        _Name,
        Field(
            description="The scope's name. Partners and external IDs belong to it; to rename it, "
            "list the name before in `formerly`."
        ),
    ]
    formerly: Annotated[
        list[_Name],
        Field(
            max_length=20,
            description="Names of scopes that are no more, whose partners and external IDs belong "
            "to this one.",
        ),
    ] = []
    prefixes: Annotated[
        list[Prefix],
        Field(
            min_length=1,
            max_length=50,
            description="Folders in the config bucket, like `partners/team-a/`, or `inline/`. A "
            "file belongs to the scope with the longest prefix of its key.",
        ),
    ]
    partners: Annotated[
        list[Annotated[StrictStr, Field(pattern=r"^[a-z*?][a-z0-9*?-]{0,21}$")]] | None,
        Field(max_length=200, description="Partners, as patterns (`*`, `?`); any if omitted."),
    ] = None
    partner_accounts: Annotated[
        list[Annotated[StrictStr, Field(pattern=f"^{ACCOUNT}$")]] | None,
        Field(description="Partner accounts that principals may belong to; any if omitted."),
    ] = None
    accounts: Annotated[
        list[Annotated[StrictStr, Field(pattern=f"^{ACCOUNT}$")]] | None,
        Field(
            max_length=200,
            description="Accounts in which grants may be made, the stack's own too only where it "
            "is listed; any that the guardrails allow if omitted.",
        ),
    ] = None
    oidc_providers: Annotated[
        list[ProviderName] | None,
        Field(
            max_length=100,
            description="OIDC providers that web identities may be of. If omitted: any, but none "
            "where `partner_accounts` is given.",
        ),
    ] = None
    services: Annotated[
        list[Annotated[StrictStr, Field(json_schema_extra={"enum": list(NAMES)})]] | None,
        Field(description="Services that `access` may name; any if omitted."),
    ] = None
    resources: Annotated[
        Patterns | None,
        Field(
            description="ARN patterns (`*`, `?`). Everything an entry reaches must match one of "
            "them; anything if omitted. With it, `account` entries, which reach the whole account, "
            "need `account` in `services`."
        ),
    ] = None
    max_days: Annotated[
        StrictInt | None,
        Field(
            ge=1,
            le=36_500,
            description="Maximum days from start (or now) to expiry, and of `confirm_every_days`; "
            "unlimited if omitted.",
        ),
    ] = None

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which something may belong to the scope; its own is the first."""
        return (self.name, *(name for name in self.formerly if name != self.name))


def told_apart(scopes: list[Scope] | None) -> list[Scope] | None:
    """Scopes of which no two have a name or a prefix in common.

    Raises
    ------
    ValueError
        Naming what two of them have.
    """
    seen: dict[Any, str] = {}
    for scope in scopes or ():
        for what in (*(("name", name) for name in scope.names), *_named_prefixes(scope)):
            if what in seen:
                kind, value = what
                raise ValueError(f"the {kind} {value} is of two scopes; give it to one")
            seen[what] = scope.name
    return scopes


def _named_prefixes(scope: Scope) -> set[tuple[str, str]]:
    return {("prefix", prefix) for prefix in scope.prefixes}
