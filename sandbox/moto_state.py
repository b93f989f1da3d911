"""Questions about what moto holds, asked of its backends directly: no calls, nothing written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import ServiceException
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends
from moto.kinesis.models import kinesis_backends
from moto.kinesis.utils import decompose_shard_iterator
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.ssm.models import ssm_backends
from moto.sts.models import sts_backends

ACCOUNT, REGION, PARTITION = "123456789012", "us-east-1", "aws"


@dataclass(frozen=True)
class Session:
    """What AssumeRole gave out."""

    role_arn: str
    arn: str
    expires: datetime


def session(access_key: str) -> Session | None:
    """The session that an access key belongs to, if it does."""
    for account in list(sts_backends.values()):
        found = account[PARTITION].get_assumed_role_from_access_key(access_key)
        if found:
            return Session(found.role_arn, found.arn, found.expiration.replace(tzinfo=UTC))
    return None


def role(arn: str) -> Any | None:
    """The role of an ARN, in whichever account, as moto keeps it."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ACCOUNT
    roles = list(iam_backends[account][PARTITION].roles.values())
    return next((found for found in roles if found.arn == arn), None)


def role_named(name: str) -> Any | None:
    """The role of a name, in our account, as moto keeps it; names know no case."""
    roles = list(iam_backends[ACCOUNT][PARTITION].roles.values())
    return next((found for found in roles if found.name.lower() == name.lower()), None)


def documents(of: Any) -> list[Any]:
    """The permissions policies of a role, inline and attached, as moto keeps them."""
    return [*of.policies.values(), *map(_document, of.managed_policies.values())]


def boundary(of: Any) -> Any | None:
    """The document of a role's permissions boundary; None when it has none or it is unknown."""
    if not of.permissions_boundary_arn:
        return None
    policies = iam_backends[ACCOUNT][PARTITION].managed_policies
    found = policies.get(of.permissions_boundary_arn)
    return _document(found) if found else None


def _document(policy: Any) -> Any:
    versions = {version.version_id: version.document for version in policy.versions}
    return versions[policy.default_version_id]


def secret(name_or_arn: str) -> tuple[str, str | None]:
    """ARN and key of a secret; the name as it came when there is none."""
    try:
        found = secretsmanager_backends[ACCOUNT][REGION].secrets[name_or_arn]
    except (KeyError, ServiceException):
        return name_or_arn, None
    return found.arn, getattr(found, "kms_key_id", None)


def visible_messages(queue_arn: str) -> int:
    """How many messages of a queue can be received now."""
    queues = sqs_backends[ACCOUNT][REGION].queues.values()
    return sum(len(queue.messages) for queue in list(queues) if queue.queue_arn == queue_arn)


def key_arn(key: str) -> str:
    """The ARN of a KMS key given by ID, ARN or alias."""
    backend = kms_backends[ACCOUNT][REGION]
    found = backend.get_key_id_from_alias(key.rsplit(":", 1)[-1]) if "alias/" in key else key
    known = backend.keys.get((found or key).rsplit("/", 1)[-1])
    return known.arn if known else key


def customer_key(key: str | None) -> str | None:
    """The ARN of a key given by ID, ARN or alias; None for AWS's own, which nobody is asked for."""
    if not key or "alias/aws/" in key:
        return None
    arn = key_arn(key)
    known = kms_backends[ACCOUNT][REGION].keys.get(arn.rsplit("/", 1)[-1])
    own = known and any(alias.startswith("alias/aws/") for alias in known.aliases)
    return None if own else arn


def resource_key(arn: str) -> str | None:
    """The key that a queue, topic, table, stream or parameter is said to be encrypted under."""
    if arn == "*":
        return None
    _, _, service, _, _, rest = arn.split(":", 5)
    name = rest.split("/")[1] if "/" in rest else rest
    match service:
        case "sqs":
            return getattr(
                sqs_backends[ACCOUNT][REGION].queues.get(name), "kms_master_key_id", None
            )
        case "sns":
            return getattr(sns_backends[ACCOUNT][REGION].topics.get(arn), "kms_master_key_id", None)
        case "dynamodb":
            table = dynamodb_backends[ACCOUNT][REGION].tables.get(name)
            return (getattr(table, "sse_specification", None) or {}).get("KMSMasterKeyId")
        case "kinesis":
            return getattr(kinesis_backends[ACCOUNT][REGION].streams.get(name), "key_id", None)
        case _:
            return None


def parameter_keys(arn: str) -> dict[str, str]:
    """The keys of the SecureStrings at an ARN or below it, by their own ARNs."""
    start = arn.split(":parameter/", maxsplit=1)[0] + ":parameter/"
    held = list(ssm_backends[ACCOUNT][REGION]._parameters.values())  # noqa: SLF001
    keys = {start + kept[-1].name.lstrip("/"): kept[-1].keyid for kept in held if kept}
    return {name: key for name, key in keys.items() if key and f"{name}/".startswith(f"{arn}/")}


def bucket_key(bucket: str) -> str | None:
    """The customer's key that a bucket is encrypted under by default, if it is."""
    found = s3_backends[ACCOUNT][PARTITION].buckets.get(bucket)
    rules = ((found and found.encryption) or {}).get("Rule") or {}
    rule = rules[0] if isinstance(rules, list) else rules
    key = rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
    return key_arn(key) if key else None


def object_exists(bucket: str, name: str) -> bool:
    """Whether a bucket has an object of that name, and not just a delete marker."""
    found = s3_backends[ACCOUNT][PARTITION].buckets.get(bucket)
    return found is not None and hasattr(found.keys.get(name), "etag")


def object_key(bucket: str, name: str) -> str | None:
    """The customer's key that an object is encrypted under, if it is."""
    found = s3_backends[ACCOUNT][PARTITION].buckets.get(bucket)
    thing = found.keys.get(name) if found else None
    key = getattr(thing, "kms_key_id", None)
    return key_arn(key) if key else None


def stream_of(shard_iterator: str | None) -> str | None:
    """The name of the stream that a shard iterator of Kinesis goes through."""
    return decompose_shard_iterator(shard_iterator)[0] if shard_iterator else None
