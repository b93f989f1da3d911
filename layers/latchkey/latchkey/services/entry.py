"""What the `access` entries of all services have in common."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import HTTPS, NO_RESOURCE, Allowance
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service

Discover = Annotated[
    StrictBool,
    Field(
        description="`true`: also list the names of all there are, which some programs do first. "
        "IAM knows no narrower resource for that."
    ),
]
"""The field of entries whose service has list actions without resources."""


class Entry(BaseModel):
    """Base of the `access` entries: what each service adds to the config."""

    # Compiled once, as a part of the config's model, and not where only the class is used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    service: Any

    @abstractmethod
    def named(self) -> tuple[Named, ...]:
        """The resources that the entry names, which are looked up."""

    @abstractmethod
    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements of the entry; `found` is what is known of its resources, in order."""

    @abstractmethod
    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        """What can be known of its resources without a lookup."""


class ServiceEntry(Entry):
    """Base of the entries that name one resource of one service, in the spec's `field`."""

    SPEC: ClassVar[Service]

    def named(self) -> tuple[Named, ...]:
        """The one resource."""
        return (Named((self.SPEC.field,), self.service, getattr(self, self.SPEC.field)),)

    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements for the one resource."""
        (info,) = found
        return (*self.allowed(info, environment), *self._discovered())

    def _discovered(self) -> tuple[Allowance, ...]:
        if not getattr(self, "discover", False):
            return ()
        https = HTTPS if self.SPEC.plain_http else {}
        return (Allowance("Discover", self.SPEC.discovers, NO_RESOURCE, https),)

    @abstractmethod
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements for the resource, by what is known of it."""

    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        """The resource by its name."""
        (named,) = self.named()
        return (ResourceInfo(self.SPEC.resource_arn(named.name, environment)),)
