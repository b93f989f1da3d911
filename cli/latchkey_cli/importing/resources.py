"""The resources in the ARNs of policies, as entries of a config name them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.registry import NAMES, spec
from latchkey.services.resource_info import ResourceInfo


@dataclass(frozen=True, order=True)
class EntryResource:
    """A resource as an entry names it: its `fields` besides `service`, and its ARN."""

    service: str
    fields: tuple[tuple[str, Any], ...]
    arn: str

    def entry(self, fields: dict[str, Any]) -> dict[str, Any]:
        """An `access` entry for it, with further fields."""
        named = ((key, list(v) if isinstance(v, tuple) else v) for key, v in self.fields)
        return {"service": self.service, **dict(named), **fields}

    @property
    def info(self) -> ResourceInfo:
        """The resource for the service's rules; its keys are looked up when it is granted."""
        return ResourceInfo(self.arn)


def resources_in(arn: str, environment: AwsEnvironment) -> Iterator[EntryResource]:
    """The resources that the ARN of a policy stands for, if an entry can name them."""
    parts = arn_parts(arn)
    if parts is None or parts[1] not in NAMES:
        return
    partition, service, region, account, rest = parts
    form = spec(service).arn
    here = (partition, region or environment.region, account or environment.account)
    if form.placed(region, account, rest) and here == (
        environment.partition,
        environment.region,
        environment.account,
    ):
        for found in spec(service).imported(arn, rest):
            yield EntryResource(service, tuple(found.fields.items()), found.arn)
