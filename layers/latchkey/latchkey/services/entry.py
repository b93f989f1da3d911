"""What the `access` entries of all services have in common."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import Allowance
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


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
        return self.allowed(info, environment)

    @abstractmethod
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements for the resource, by what is known of it."""

    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        """The resource by its name."""
        (named,) = self.named()
        return (ResourceInfo(self.SPEC.resource_arn(named.name, environment)),)
