"""The partner config, version 1: its schema (docs/contract.md, "Partner config").

Rules across fields are in `config/rules.py`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)

from latchkey.config.contact import Contact
from latchkey.config.json_schema import TAGS_SCHEMA, add_rules
from latchkey.config.sentence import Sentence
from latchkey.config.session_tags import SessionTags
from latchkey.config.time_field import Time
from latchkey.config.trust_fields import ExternalIds, SourceNetwork, listed_external_ids
from latchkey.config.web_identity import AnyPrincipal, WebIdentity
from latchkey.grant_id import SLUG
from latchkey.iam.principal import ACCOUNT, Principal
from latchkey.services.catalogue import AccessEntry

_TAG_TEXT = re.compile(r"[\w .:/=+\-@]*")
TAGS = 16_384
"""Bytes that keys and values of all tags of a config have at most."""

_RESERVED_TAGS = ("aws:", "latchkey:")


def _tags(tags: dict[str, str]) -> dict[str, str]:
    if len({key.lower() for key in tags}) < len(tags):
        raise ValueError("two tag keys differ by case only; to IAM they are the same")
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or key.lower().startswith(_RESERVED_TAGS):
            raise ValueError(
                f"tag key {key[:40]!r}: a key has 1 to 128 characters and does not begin with aws: "
                "or latchkey:; take it out, or write another key"
            )
        if len(value) > 256 or not (_TAG_TEXT.fullmatch(key) and _TAG_TEXT.fullmatch(value)):
            what = "the value of tag" if _TAG_TEXT.fullmatch(key) else "tag key"
            raise ValueError(
                f"{what} {key[:40]!r}: IAM allows letters, digits, spaces and _.:/=+-@ only, "
                "and 256 characters at most"
            )
        if value.lower().startswith("aws:"):
            raise ValueError(f"tag {key[:40]!r}: to IAM values that begin with aws: are reserved")
    size = sum(len(text.encode()) for tag in tags.items() for text in tag)
    if size > TAGS:
        raise ValueError(f"all tags together have {size} bytes, where {TAGS} are the most")
    return tags


Slug = Annotated[StrictStr, Field(pattern=f"^{SLUG}$")]


class PartnerConfig(BaseModel):
    """One file, one grant, one role."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, json_schema_extra=add_rules
    )

    version: Annotated[StrictInt, Field(ge=1, le=1, description="Always `1`.")]
    partner: Annotated[
        Slug,
        Field(description="The partner's name: 2 to 22 of a-z, 0-9 and `-`, a letter first."),
    ]
    grant: Annotated[
        Slug,
        Field(description="The grant's name, unique per partner; each grant has its own file."),
    ] = "main"
    purpose: Annotated[
        Sentence,
        Field(description="Why access is needed, in one line; part of the role's description."),
    ]
    owner: Annotated[
        Sentence, Field(description="The team responsible for the grant; also a tag of the role.")
    ]
    owner_contact: Annotated[
        Contact | None,
        Field(
            description="Where the partner and readers of notices reach the owner: an e-mail "
            "address or a URL. Shown on the hand-off sheet and in notices."
        ),
    ] = None
    principals: Annotated[
        list[AnyPrincipal],
        Field(
            min_length=1,
            max_length=10,
            description="Principals that may assume the role: 12-digit account IDs, or ARNs of "
            "account roots, roles or users. No wildcards, and not the stack's own account. Or web "
            "identities, all of them (docs/config.md#web-identities).",
        ),
    ]
    external_id: Annotated[
        ExternalIds | None,
        Field(
            description="The external ID that the partner gave you, or a list of up to 5, each of "
            "which works until it leaves the list (docs/expiry.md). 2 to 1,224 "
            "characters, at least as many as the guardrail `min_external_id_length` (8), not in "
            "use for another partner. Required unless `generate_external_id` is true, or each "
            "principal belongs to the stack's first-party accounts or is a role or user in the "
            "guardrail `no_external_id_principals`."
        ),
    ] = None
    generate_external_id: Annotated[
        StrictBool,
        Field(
            description="`true`: Latchkey generates an external ID and keeps it while the grant is "
            "live in this file. It is in the result file and on the hand-off sheet."
        ),
    ] = False
    starts_at: Annotated[
        Time | None,
        Field(description="Start of access, RFC 3339 with an offset; immediately if omitted."),
    ] = None
    expires_at: Annotated[
        Time | None,
        Field(
            description="End of access, also for open sessions. RFC 3339 with an offset. Required, "
            "unless `confirm_every_days` takes its place."
        ),
    ] = None
    confirm_every_days: Annotated[
        Annotated[StrictInt, Field(ge=1, le=3_650)] | None,
        Field(
            description="Instead of `expires_at`, where the guardrail `max_confirm_days` allows "
            "it: access ends so many days after it was last confirmed, by the order `confirm` or "
            "a version that asks for something else (docs/expiry.md#confirmation)."
        ),
    ] = None
    max_session_duration: Annotated[
        StrictInt,
        Field(ge=3600, le=43200, description="Maximum duration of a session, in seconds."),
    ] = 3600
    source_ips: Annotated[
        list[SourceNetwork] | None,
        Field(
            min_length=1,
            max_length=20,
            description="IP ranges (CIDR) from which the role may be assumed: public addresses; "
            "requests through a VPC endpoint have none (docs/organizations.md).",
        ),
    ] = None
    organization_id: Annotated[
        Annotated[StrictStr, Field(pattern=r"^o-[a-z0-9]{10,32}$")] | None,
        Field(description="ID of the AWS organization that the principals must belong to."),
    ] = None
    require_mfa: Annotated[
        StrictBool,
        Field(
            description="`true`: the role can be assumed only with MFA, which users have and the "
            "sessions of roles never (docs/organizations.md)."
        ),
    ] = False
    session_tags: Annotated[
        SessionTags | None,
        Field(
            description="Keys of the session tags that the partner may pass (`sts:TagSession`), "
            "or `true` for any, where the guardrails have `allow_any_session_tags`. Never "
            "`latchkey:…`, and no key of `tags`."
        ),
    ] = None
    source_identity: Annotated[
        StrictBool,
        Field(
            description="`true`: the partner may set a source identity (`sts:SetSourceIdentity`)."
        ),
    ] = False
    role_name: Annotated[
        Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,64}$")] | None,
        Field(
            description="The name of the role, where the partner demands one; a name by partner "
            "and grant if omitted. Unique per account without regard to case, and fixed while the "
            "grant lives. The path stays the stack's."
        ),
    ] = None
    account: Annotated[
        Annotated[StrictStr, Field(pattern=f"^{ACCOUNT}$")] | None,
        Field(
            description="The account that the role is made in, and that all resources are of; the "
            "stack's own if omitted. Another one has to be enrolled, and in the guardrail "
            "`allowed_accounts` (docs/spokes.md); a live grant stays in its account."
        ),
    ] = None
    self_assume: Annotated[
        StrictBool,
        Field(
            description="`true`: the role may also assume itself, with the external ID and within "
            "the dates and networks of the grant, as some data platforms require."
        ),
    ] = False
    access: Annotated[
        list[AccessEntry],
        Field(
            min_length=1,
            max_length=20,
            description="What the role may do; nothing else is allowed.",
        ),
    ]
    status: Annotated[
        Literal["active", "suspended", "revoked"],
        Field(
            description="`suspended`: the role stays and everything is denied. `revoked`: the role "
            "is removed."
        ),
    ] = "active"
    tags: Annotated[
        dict[StrictStr, StrictStr],
        Field(max_length=40, description="Additional tags of the role."),
        AfterValidator(_tags),
        WithJsonSchema(TAGS_SCHEMA),
    ] = Field(default_factory=dict)

    @property
    def ends_at(self) -> datetime:
        """The end of access; where it has to be confirmed, once that is known (`with_end`)."""
        assert self.expires_at
        return self.expires_at

    @property
    def named_principals(self) -> tuple[Principal, ...]:
        """The accounts, roles and users, in the order of the file."""
        return tuple(one for one in self.principals if isinstance(one, Principal))

    @property
    def web_identities(self) -> tuple[WebIdentity, ...]:
        """The web identities, in the order of the file; then there are no other principals."""
        return tuple(one for one in self.principals if isinstance(one, WebIdentity))

    @property
    def external_ids(self) -> tuple[str, ...]:
        """The external IDs that the file names, in its order, each once."""
        return listed_external_ids(self.external_id)


FIELDS: Mapping[str, Any] = PartnerConfig.model_fields
