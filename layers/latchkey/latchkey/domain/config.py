"""The partner config, version 1: its schema (DESIGN 2.1). Rules across fields: `config_rules`."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
)

from latchkey.domain.catalogue import AccessEntry
from latchkey.domain.grant import SLUG
from latchkey.domain.principal import Principal, parse_principal

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]+", re.ASCII)
_TAG_TEXT = re.compile(r"[\w .:/=+\-@]*")
_RESERVED_TAGS = ("aws:", "latchkey:")


def _time(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("not a time; write RFC 3339 with an offset, like 2030-06-30T18:00:00Z")
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("no such time in the calendar") from None
    return moment.replace(microsecond=0)


def _sentence(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


def _principal(value: object) -> Principal:
    if not isinstance(value, str):
        raise ValueError("a principal is a string; quote account IDs")
    return parse_principal(value)


def _external_id(text: str) -> str:
    if len(text) < 8:
        raise ValueError("too short to be hard to guess; ask the partner for 8 characters or more")
    if not _EXTERNAL_ID.fullmatch(text):
        raise ValueError("only letters, digits and _+=,.@:/- are allowed in an external ID")
    return text


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise ValueError("not an IP range; write CIDR, like 203.0.113.0/24") from None
    if network.prefixlen == 0:
        raise ValueError("this range is the whole internet; leave `source_ips` out instead")
    return str(network)


def _tags(tags: dict[str, str]) -> dict[str, str]:
    if len({key.lower() for key in tags}) < len(tags):
        raise ValueError("two tag keys differ by case only; to IAM they are the same")
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or key.lower().startswith(_RESERVED_TAGS):
            raise ValueError(f"tag key {key[:40]!r}: 1 to 128 characters, not aws: or latchkey:")
        if len(value) > 256 or not (_TAG_TEXT.fullmatch(key) and _TAG_TEXT.fullmatch(value)):
            raise ValueError(
                f"tag {key[:40]!r}: IAM allows letters, digits, spaces and _.:/=+-@ only, "
                "and 256 characters at most"
            )
    return tags


Slug = Annotated[StrictStr, Field(pattern=f"^{SLUG}$")]
Time = Annotated[datetime, BeforeValidator(_time)]
Sentence = Annotated[StrictStr, Field(min_length=1, max_length=256), AfterValidator(_sentence)]


class PartnerConfig(BaseModel):
    """One file, one grant, one role."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    version: Annotated[StrictInt, Field(ge=1, le=1)]
    partner: Slug
    grant: Slug = "main"
    purpose: Sentence
    owner: Sentence
    principals: Annotated[
        list[Annotated[Principal, BeforeValidator(_principal)]], Field(min_length=1, max_length=10)
    ]
    external_id: (
        Annotated[StrictStr, Field(max_length=1224), AfterValidator(_external_id)] | None
    ) = None
    generate_external_id: StrictBool = False
    starts_at: Time | None = None
    expires_at: Time
    max_session_duration: Annotated[StrictInt, Field(ge=3600, le=43200)] = 3600
    source_ips: (
        Annotated[
            list[Annotated[StrictStr, AfterValidator(_network)]], Field(min_length=1, max_length=20)
        ]
        | None
    ) = None
    organization_id: Annotated[StrictStr, Field(pattern=r"^o-[a-z0-9]{10,32}$")] | None = None
    require_mfa: StrictBool = False
    access: Annotated[list[AccessEntry], Field(min_length=1, max_length=20)]
    status: Literal["active", "suspended", "revoked"] = "active"
    tags: Annotated[dict[StrictStr, StrictStr], Field(max_length=40), AfterValidator(_tags)] = (
        Field(default_factory=dict)
    )

    def trusted_accounts(self) -> frozenset[str]:
        """The accounts of all principals."""
        return frozenset(principal.account for principal in self.principals)


FIELDS: Mapping[str, Any] = PartnerConfig.model_fields
