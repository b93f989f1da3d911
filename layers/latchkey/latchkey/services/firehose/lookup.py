"""Firehose streams: by the list of their names.

DescribeDeliveryStream shows tokens of destinations (the HEC token of Splunk), so it is not asked.
"""

from collections.abc import Iterator
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.firehose.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, found
from latchkey.services.spec import last_part


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    there = last_part(name) in _names(clients)
    return found(SPEC.resource_arn(name, environment)) if there else None


def _names(clients: Clients) -> Iterator[str]:
    """All names; the API has pages, but botocore no paginator for them."""
    firehose = clients("firehose")
    after: dict[str, Any] = {}
    while True:
        page = firehose.list_delivery_streams(Limit=100, **after)
        names = page["DeliveryStreamNames"]
        yield from names
        if not page["HasMoreDeliveryStreams"] or not names:
            return
        after = {"ExclusiveStartDeliveryStreamName": names[-1]}


LOOKUP = Lookup(SPEC.noun, _find, _names)
