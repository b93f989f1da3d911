"""The ARNs that each action of IAM is asked about, by other people's knowledge of it."""

import re
from functools import cache

from policy_sentry.querying.actions import get_action_data

WITH_SLASHES = {
    "LogGroupName",  # also with `:*` behind it, as IAM asks for it
    "LogStreamName",
    "ObjectName",
    "ParameterNameWithoutLeadingSlash",
    "RepositoryName",
    "ResourceId",  # of Bedrock: IDs of models have a `:` before their version
    "SecretId",
}


@cache
def formats(action: str) -> tuple[str, ...]:
    """The forms of ARN that an action is asked about; `*` where it knows no resource."""
    service, name = action.split(":")
    rows = get_action_data(service, name)
    assert rows, f"there is no action {action}"
    return tuple(row["resource_arn_format"] for row in rows[service])


def fits(resource: str, arn_format: str) -> bool:
    """Whether an ARN is of a format such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`."""
    parts = re.split(r"\$\{[^}]+\}", arn_format)
    slots = re.findall(r"\$\{([^}]+)\}", arn_format)
    pattern = re.escape(parts[0])
    for slot, part in zip(slots, parts[1:], strict=True):
        pattern += (r".+" if slot in WITH_SLASHES else r"[^:/]+") + re.escape(part)
    return re.fullmatch(pattern, resource) is not None
