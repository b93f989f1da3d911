"""One example of each service, and what the lookup would find of its resource."""

from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Entry
from latchkey.services.registry import CUSTOM, NAMES, spec
from latchkey.services.resource_info import ResourceInfo

AWS_ENVIRONMENT = AwsEnvironment("aws", "us-east-1", "123456789012")
_KEY = (
    f"arn:aws:kms:{AWS_ENVIRONMENT.region}:{AWS_ENVIRONMENT.account}:key/11111111-2222-3333-4444-555555555555",
)

EXAMPLES: dict[str, dict[str, Any]] = {
    name: dict(spec(name).example) for name in NAMES if name != CUSTOM
}
OF_RESOURCES = [name for name in EXAMPLES if spec(name).field]
"""The services whose entries name a resource: all but access to the account."""

CUSTOM_EXAMPLE: dict[str, Any] = {
    "service": CUSTOM,
    "statements": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObjectTagging", "s3:GetObjectVersion"],
            "Resource": ["arn:aws:s3:::reports/in/*"],
        }
    ],
}


def infos_of(entry: Entry) -> tuple[ResourceInfo, ...]:
    """What the lookup might find of an example's resource: all of it, under a key."""
    service = spec(entry.service)
    keys, end = (_KEY if service.key_use else ()), ("-AbCdEf" if service.arn.after else "")
    implied = tuple(ResourceInfo(arn, _KEY) for arn in service.example_implied)
    return tuple(
        ResourceInfo(f"{info.arn}{end}", keys, implied) for info in entry.assumed(AWS_ENVIRONMENT)
    )
