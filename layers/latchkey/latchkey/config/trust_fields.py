"""The fields of a config about who may assume the role: each principal, external ID and network."""

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StrictStr,
    Tag,
    WithJsonSchema,
)

from latchkey.iam.networks import never_seen, without_host_bits
from latchkey.iam.principal import PATTERN as PRINCIPAL
from latchkey.iam.principal import Principal, parse_principal

SHORTEST_EXTERNAL_ID, LONGEST_EXTERNAL_ID = 2, 1224
r"""Characters that IAM takes (STS API reference, AssumeRole, `ExternalId`: minimum length of 2,
maximum length of 1224, pattern `[\w+=,.@:\/-]*`)."""

_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]+", re.ASCII)
_CIDR = re.compile(r"[0-9A-Fa-f.:]+(/[0-9]{1,3})?", re.ASCII)


def _principal(value: object) -> Principal:
    if not isinstance(value, str):
        raise ValueError(
            "a principal is a string (quote account IDs), or an object for a web identity"
        )
    return parse_principal(value)


def _external_id(text: str) -> str:
    if len(text) < SHORTEST_EXTERNAL_ID:
        raise ValueError("too short; IAM takes external IDs of 2 to 1,224 characters")
    if not _EXTERNAL_ID.fullmatch(text):
        raise ValueError("only letters, digits and _+=,.@:/- are allowed in an external ID")
    return text


def is_external_id(text: str) -> bool:
    """Whether a text is an external ID as IAM takes them, and no pattern of several."""
    try:
        return len(_external_id(text)) <= LONGEST_EXTERNAL_ID
    except ValueError:
        return False


def parse_network(text: str) -> str:
    """A range of `source_ips` in its shortest form.

    Raises
    ------
    ValueError
        With a sentence for the config's author, when it is no range, or none to name.
    """
    try:  # Python also reads masks, and zones of any characters (fe80::1%any)
        network = ip_network(text if _CIDR.fullmatch(text) else "", strict=False)
    except ValueError:
        raise ValueError("not an IP range; write CIDR, like 203.0.113.0/24") from None
    if network.prefixlen == 0:
        raise ValueError("this range is the whole internet; leave `source_ips` out instead")
    if exact := without_host_bits(text):
        raise ValueError(exact)
    if never := never_seen(network):
        raise ValueError(never)
    return str(network)


TrustedPrincipal = Annotated[
    Principal,
    BeforeValidator(_principal),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{PRINCIPAL})$"}),
]
SourceNetwork = Annotated[StrictStr, AfterValidator(parse_network)]
_ExternalId = Annotated[
    StrictStr,
    Field(
        max_length=LONGEST_EXTERNAL_ID,
        json_schema_extra={
            "minLength": SHORTEST_EXTERNAL_ID,
            "pattern": r"^[A-Za-z0-9_+=,.@:/-]+$",
        },
    ),
    AfterValidator(_external_id),
]
ONE, SEVERAL = "one", "several"
"""The forms of `external_id`, as pydantic names them in the location of a problem."""

ExternalIds = Annotated[
    Annotated[_ExternalId, Tag(ONE)]
    | Annotated[list[_ExternalId], Field(min_length=1, max_length=5), Tag(SEVERAL)],
    Discriminator(lambda given: SEVERAL if isinstance(given, list) else ONE),
]


def listed_external_ids(given: str | list[str] | None) -> tuple[str, ...]:
    """The external IDs in the field `external_id`, in its order, each once."""
    return tuple(dict.fromkeys([given] if isinstance(given, str) else given or ()))
