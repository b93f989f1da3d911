"""Log groups: by name, without a look at what is in them."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.logs.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, found

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    arn = SPEC.resource_arn(name, environment)
    plain = arn.partition(f":{SPEC.arn.before}")[2]
    return found(arn) if plain in islice(_named(clients, plain), 1) else None


def _named(clients: Clients, prefix: str) -> Iterator[str]:
    """The names that begin with a prefix, in their order: the prefix itself comes first."""
    logs: CloudWatchLogsClient = clients("logs")
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
        yield from (group["logGroupName"] for group in page["logGroups"])


def _names(clients: Clients) -> Iterator[str]:
    logs: CloudWatchLogsClient = clients("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        yield from (group["logGroupName"] for group in page["logGroups"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
