"""What every service of the catalogue has in common: its entry, its facts, its statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict

Statement = dict[str, Any]


class Entry(BaseModel):
    """Base of the `access` entries; the children add the resource field and `allow`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Facts:
    """What preflight found out about the resource that an entry names.

    `arn` is the resource's full ARN; `kms_key_arn` the customer-managed key that encrypts it, or
    None where the key is AWS's own (those need no permission of the caller's).
    """

    arn: str
    kms_key_arn: str | None = None


@dataclass(frozen=True)
class Place:
    """The partition, region and account that a stack works in."""

    partition: str
    region: str
    account: str

    @property
    def dns_suffix(self) -> str:
        """The domain of service endpoints, as it stands in `kms:ViaService`."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


@dataclass(frozen=True)
class Allowance:
    """Actions on resources under conditions: one Allow statement before the dates are added."""

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def key_allowance(
    place: Place, service: str, facts: Facts, actions: tuple[str, ...], context: dict[str, Any]
) -> tuple[Allowance, ...]:
    """The use of the customer-managed key behind a resource, or nothing where there is none.

    Scoped to that key, to calls that come through `service` in this region (`kms:ViaService`), and
    to the encryption context that the service binds. `context` maps the key of the context to
    the values it may have; values with a wildcard ask for StringLike.
    """
    if facts.kms_key_arn is None:
        return ()
    via = {"kms:ViaService": f"{service}.{place.region}.{place.dns_suffix}"}
    bound = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    return (
        Allowance("Key", actions, (facts.kms_key_arn,), {"StringEquals": via, "StringLike": bound}),
    )
