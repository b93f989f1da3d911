"""Which partitions there are, and the domains of their endpoints: as botocore's data has it.

The data (`partitions.json`) is in every botocore, also in that of the Lambda runtime, and is what
its own clients go by; a partition that AWS adds comes with an update of it.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.loaders import create_loader

from latchkey.iam.environment import AwsEnvironment


def aws_environment(partition: str, region: str, account: str, **more: Any) -> AwsEnvironment:
    """The environment of a stack, with the domain of its partition."""
    return AwsEnvironment(partition, region, account, dns_suffix(partition), **more)


def dns_suffix(partition: str) -> str:
    """The domain of a partition's endpoints; that of `aws` for one that botocore does not know."""
    known = _partitions()
    found = known.get(partition) or known["aws"]
    return str(found["outputs"]["dnsSuffix"])


def partition_of(region: str) -> str:
    """The partition of a Region, by the form of its name; `aws` for a form that no other has."""
    fitting = (name for name, one in _partitions().items() if re.match(one["regionRegex"], region))
    return next(fitting, "aws")


@cache
def _partitions() -> Mapping[str, Any]:
    data = create_loader().load_data("partitions")
    return {one["id"]: one for one in data["partitions"]}
