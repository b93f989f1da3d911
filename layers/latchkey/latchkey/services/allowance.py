"""What an entry allows: one statement of the permissions policy before the dates are added."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.values import texts
from latchkey.services.resource_info import ResourceInfo

Statement = dict[str, Any]
HTTPS: Mapping[str, Mapping[str, Any]] = {"Bool": {"aws:SecureTransport": "true"}}
"""For the services whose endpoints also answer plain HTTP."""

NO_RESOURCE = ("*",)
"""The resources of actions that know none: IAM asks about them as `*`, and no ARN matches that."""


class Allowance(Frozen):
    """Actions on resources under conditions: one Allow statement before the dates are added.

    `place` is the field of the entry that names the resources, where the entry has several.
    """

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
    place: tuple[str | int, ...] = ()


def key_allowance(
    environment: AwsEnvironment,
    service: str,
    info: ResourceInfo,
    actions: tuple[str, ...],
    context: Mapping[str, Any],
) -> tuple[Allowance, ...]:
    """The use of the customer-managed keys behind a resource, or nothing where there are none.

    Scoped to those keys, to calls that come through `service` in this region (`kms:ViaService`),
    and to the encryption context that the service binds. `context` maps the key of the context to
    the values it may have; values with a wildcard ask for StringLike.
    """
    if not info.kms_keys:
        return ()
    via = {"kms:ViaService": f"{service}.{environment.region}.{environment.dns_suffix}"}
    bound = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    like = any("*" in text for value in context.values() for text in texts(value))
    if like:
        conditions = {"StringEquals": via, "StringLike": bound}
    else:
        conditions = {"StringEquals": {**via, **bound}}
    return (Allowance("Key", actions, info.kms_keys, conditions),)
