"""What every service of the catalogue has in common: its entry, its facts, its statements."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.resource import Named

Statement = dict[str, Any]
HTTPS: Mapping[str, Mapping[str, Any]] = {"Bool": {"aws:SecureTransport": "true"}}
"""For the services whose endpoints also answer plain HTTP."""


class ResourceInfo(Frozen):
    """What preflight found out about a resource that an entry names.

    `arn` is the resource's full ARN; `kms_keys` are the ARNs of the customer-managed keys that
    encrypt it. AWS's own keys need no permission of the caller's and are not among them.
    """

    arn: str
    kms_keys: tuple[str, ...] = ()


class Allowance(Frozen):
    """Actions on resources under conditions: one Allow statement before the dates are added."""

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


class Entry(BaseModel):
    """Base of the `access` entries: what each service's module adds to the catalogue."""

    # Compiled once, as a part of the config's model, and not by whoever only knows the class.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    service: Any

    @abstractmethod
    def named(self) -> tuple[Named, ...]:
        """The resources that the entry names, which preflight looks up."""

    @abstractmethod
    def allowances(
        self, found: Sequence[ResourceInfo], place: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements of the entry; `found` are the facts of its resources, in order."""

    def targets(self, found: Sequence[ResourceInfo]) -> tuple[str, ...]:
        """What the entry reaches, as ARNs; a `*` at the end stands for all that is below."""
        return tuple(facts.arn for facts in found)


class ServiceEntry(Entry):
    """Base of the entries that name one resource of one service in the field `RESOURCE`."""

    RESOURCE: ClassVar[str]

    def named(self) -> tuple[Named, ...]:
        """The one resource."""
        return (Named((self.RESOURCE,), self.service, getattr(self, self.RESOURCE)),)


def key_allowance(
    place: AwsEnvironment,
    service: str,
    facts: ResourceInfo,
    actions: tuple[str, ...],
    context: Mapping[str, Any],
) -> tuple[Allowance, ...]:
    """The use of the customer-managed keys behind a resource, or nothing where there are none.

    Scoped to those keys, to calls that come through `service` in this region (`kms:ViaService`),
    and to the encryption context that the service binds. `context` maps the key of the context to
    the values it may have; values with a wildcard ask for StringLike.
    """
    if not facts.kms_keys:
        return ()
    via = {"kms:ViaService": f"{service}.{place.region}.{place.dns_suffix}"}
    bound = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    like = any("*" in text for value in context.values() for text in _listed(value))
    if like:
        conditions = {"StringEquals": via, "StringLike": bound}
    else:
        conditions = {"StringEquals": {**via, **bound}}
    return (Allowance("Key", actions, facts.kms_keys, conditions),)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]
