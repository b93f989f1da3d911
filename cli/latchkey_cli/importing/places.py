"""What the ARNs of policies name, as entries of a config name it."""

from collections.abc import Iterator
from dataclasses import dataclass

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.registry import NAMES, spec
from latchkey.services.resource_info import ResourceInfo


@dataclass(frozen=True, order=True)
class EntryResource:
    """A resource as an entry names it: `fields` beside `service`, and its ARN for the rules."""

    service: str
    fields: tuple[tuple[str, str], ...]
    arn: str

    def entry(self, allow: str) -> dict[str, str]:
        """An `access` entry for it."""
        return {"service": self.service, **dict(self.fields), "allow": allow}

    @property
    def info(self) -> ResourceInfo:
        """What the service's rules want to know of it; keys are found when it is granted."""
        return ResourceInfo(self.arn)


def resources_in(arn: str, place: AwsEnvironment) -> Iterator[EntryResource]:
    """The resources that an ARN of a policy is about, as far as an entry can name them."""
    parts = arn_parts(arn)
    if parts is None or parts[1] not in NAMES:
        return
    partition, service, region, account, rest = parts
    where = (place.region, place.account) if spec(service).arn.regional else ("", "")
    if (partition, region, account) == (place.partition, *where):
        for found in spec(service).imported(arn, rest):
            yield EntryResource(service, tuple(found.fields.items()), found.arn)
