"""The KMS keys that resources are encrypted under, read from moto's backends without API calls."""

from moto.core.exceptions import ServiceException
from moto.dynamodb.models import dynamodb_backends
from moto.glue.models import glue_backends
from moto.kinesis.models import kinesis_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.ssm.models import ssm_backends

from sandbox.account import PARTITION, REGION, region_of
from sandbox.iam.owners import acting, bucket_owner


def secret(name_or_arn: str, region: str) -> tuple[str, str | None]:
    """ARN and key of a secret in a region; if there is no such secret, the name as given."""
    try:
        found = secretsmanager_backends[acting()][region].secrets[name_or_arn]
    except (KeyError, ServiceException):
        return name_or_arn, None
    return found.arn, getattr(found, "kms_key_id", None)


def key_arn(key: str, region: str) -> str:
    """The ARN of a KMS key of a region, given by ID, ARN or alias."""
    backend = kms_backends[acting()][region]
    found = backend.get_key_id_from_alias(key.rsplit(":", 1)[-1]) if "alias/" in key else key
    known = backend.keys.get((found or key).rsplit("/", 1)[-1])
    return known.arn if known else key


def customer_key(key: str | None, region: str) -> str | None:
    """The ARN of a customer managed key; None for AWS managed keys, which need no permission."""
    if not key or "alias/aws/" in key:
        return None
    arn = key_arn(key, region)
    known = kms_backends[acting()][region].keys.get(arn.rsplit("/", 1)[-1])
    own = known and any(alias.startswith("alias/aws/") for alias in known.aliases)
    return None if own else arn


def resource_key(arn: str) -> str | None:
    """The key that a queue, topic, table, stream or catalog is encrypted under, as configured."""
    if arn == "*":
        return None
    _, _, service, _, _, rest = arn.split(":", 5)
    name = rest.split("/")[1] if "/" in rest else rest
    region = region_of(arn)
    match service:
        case "sqs":
            queue = sqs_backends[acting()][region].queues.get(name)
            return getattr(queue, "kms_master_key_id", None)
        case "sns":
            return getattr(
                sns_backends[acting()][region].topics.get(arn), "kms_master_key_id", None
            )
        case "dynamodb":
            table = dynamodb_backends[acting()][region].tables.get(name)
            return (getattr(table, "sse_specification", None) or {}).get("KMSMasterKeyId")
        case "kinesis":
            return getattr(kinesis_backends[acting()][region].streams.get(name), "key_id", None)
        case "glue":
            settings = glue_backends[acting()][region].data_catalog_encryption_settings
            at_rest = settings.get(acting(), {}).get("EncryptionAtRest", {})
            of_callers = at_rest.get("CatalogEncryptionMode") == "SSE-KMS"
            return at_rest.get("SseAwsKmsKeyId") if of_callers else None
        case _:
            return None


def parameter_keys(arn: str) -> dict[str, str]:
    """The keys of the SecureStrings at an ARN or below it, by their own ARNs."""
    start = arn.split(":parameter/", maxsplit=1)[0] + ":parameter/"
    held = list(ssm_backends[acting()][region_of(arn)]._parameters.values())  # noqa: SLF001
    keys = {start + kept[-1].name.lstrip("/"): kept[-1].keyid for kept in held if kept}
    return {name: key for name, key in keys.items() if key and f"{name}/".startswith(f"{arn}/")}


def bucket_region(bucket: str) -> str:
    """The region of a bucket; the first stack's if there is no such bucket."""
    found = s3_backends[bucket_owner(bucket)][PARTITION].buckets.get(bucket)
    return str(found.region_name) if found else REGION


def bucket_key(bucket: str) -> str | None:
    """The customer managed key of a bucket's default encryption, if it has one."""
    found = s3_backends[bucket_owner(bucket)][PARTITION].buckets.get(bucket)
    rules = ((found and found.encryption) or {}).get("Rule") or {}
    rule = rules[0] if isinstance(rules, list) else rules
    key = rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
    return key_arn(key, bucket_region(bucket)) if key else None


def object_key(bucket: str, name: str) -> str | None:
    """The customer managed key that an object is encrypted under, if it is."""
    found = s3_backends[bucket_owner(bucket)][PARTITION].buckets.get(bucket)
    thing = found.keys.get(name) if found else None
    key = getattr(thing, "kms_key_id", None)
    return key_arn(key, bucket_region(bucket)) if key else None
