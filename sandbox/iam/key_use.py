"""The permissions to use a customer managed key that a call requires through another service.

Those of S3 and Secrets Manager depend on more of the request and are in `s3_permissions` and
`required_permissions`.
"""

from collections.abc import Iterator

from sandbox.iam import keys
from sandbox.iam.owners import acting
from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Request

_ENCRYPTS, _DECRYPTS = ("Decrypt", "GenerateDataKey"), ("Decrypt",)
_ITEMS = ("Item", "Query", "Scan")  # what the operations on items end in
_CHANGES = ("Create", "Update", "BatchCreate", "BatchUpdate")
_OF_THE_CATALOG = ("Get", "BatchGet", "Delete", "BatchDelete", *_CHANGES)
_USES = {
    "sqs:SendMessage": _ENCRYPTS,
    "sqs:ReceiveMessage": _DECRYPTS,
    "sns:Publish": _ENCRYPTS,
    "kinesis:PutRecord": ("GenerateDataKey",),
    "kinesis:PutRecords": ("GenerateDataKey",),
    "kinesis:GetRecords": _DECRYPTS,
}
_BOUND = {"sqs": "aws:sqs:arn", "sns": "aws:sns:topicArn", "kinesis": "aws:kinesis:arn"}


def key_permissions(
    request: Request, permissions: list[RequiredPermission]
) -> Iterator[RequiredPermission]:
    """The permissions on keys of queues, topics, tables and so on, beside the call's own."""
    key: str | None
    here = request.region
    for permission in permissions:
        service = permission.action.partition(":")[0]
        if service == "ssm" and request.parameters.get("WithDecryption"):
            for arn, key in keys.parameter_keys(permission.resource).items():
                yield from through("ssm", _DECRYPTS, key, {"PARAMETER_ARN": arn}, here)
        elif service == "dynamodb" and permission.action.endswith(_ITEMS):
            table = permission.resource.partition("/")[2].partition("/")[0]  # without its index
            bound = {"aws:dynamodb:subscriberId": acting(), "aws:dynamodb:tableName": table}
            key = keys.resource_key(permission.resource)
            yield from through("dynamodb", _DECRYPTS, key, bound, here)
        elif permission.resource.endswith(":catalog"):  # once of all that stands above a table
            yield from _metadata(permission, here)
        elif permission.action in _USES:
            key = keys.resource_key(permission.resource)
            bound = {_BOUND[service]: permission.resource}
            yield from through(service, _USES[permission.action], key, bound, here)


def _metadata(permission: RequiredPermission, region: str) -> list[RequiredPermission]:
    """What Glue has its caller do with the key of the Data Catalog; the settings are not under it.

    Source: AWS Glue developer guide, "Encrypting your Data Catalog" (databases, tables and
    partitions are encrypted, by the caller's own permissions).
    """
    operation = permission.action.partition(":")[2]
    encrypts = operation.startswith(_CHANGES)
    if operation == "GetDataCatalogEncryptionSettings" or not operation.startswith(_OF_THE_CATALOG):
        return []
    actions = ("Encrypt", *_ENCRYPTS) if encrypts else _DECRYPTS
    key = keys.resource_key(permission.resource)
    return through("glue", actions, key, {"glue_catalog_id": acting()}, region)


def through(
    service: str, actions: tuple[str, ...], key: str | None, bound: dict[str, str], region: str
) -> list[RequiredPermission]:
    """The use of a customer managed key through a service; `bound` is the encryption context."""
    arn = keys.customer_key(key, region)
    if not arn:
        return []
    context = {f"kms:EncryptionContext:{name}": value for name, value in bound.items()}
    context["kms:ViaService"] = f"{service}.{region}.amazonaws.com"
    return [RequiredPermission(f"kms:{action}", arn, context) for action in actions]
