"""What IAM would ask for an API call: the actions, on which resources, in which context."""

from collections.abc import Callable
from typing import Any

from sandbox import moto_state
from sandbox.key_use import key_needs, through
from sandbox.moto_state import ACCOUNT, REGION
from sandbox.need import Need
from sandbox.operations import Request

_S3_ACTION = {
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListBuckets": "ListAllMyBuckets",
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "DeleteObjects": "DeleteObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
_VERSIONED = {"GetObject", "DeleteObject", "GetObjectAcl", "GetObjectTagging"}
_MULTIPART = {"CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload"}


def needs(request: Request) -> list[Need]:
    """Everything that has to be allowed for a call to go through."""
    try:
        wanted = _BY_SERVICE.get(request.service, _other)(request)
        return [*wanted, *key_needs(request, wanted)]
    except (AttributeError, KeyError, TypeError):  # parameters are missing: moto will say so
        return [Need(f"{request.service}:{request.operation}", "*")]


def _s3(request: Request) -> list[Need]:
    given = request.parameters
    name, bucket = request.operation, f"arn:aws:s3:::{given.get('Bucket', '*')}"
    action = _S3_ACTION.get(name, name)
    if action in _VERSIONED and "VersionId" in given:
        action = action.replace("Object", "ObjectVersion", 1)
    if name == "DeleteObjects":
        return [Need(f"s3:{action}", f"{bucket}/{key}") for key in given["Keys"]]
    if "Key" not in given:
        listed = "Prefix" in given and action.startswith("ListBucket")
        return [Need(f"s3:{action}", bucket, {"s3:prefix": given["Prefix"]} if listed else {})]
    wanted = [Need(f"s3:{action}", f"{bucket}/{given['Key']}")]
    if action == "GetObject" and not moto_state.object_exists(given["Bucket"], given["Key"]):
        wanted.append(Need("s3:ListBucket", bucket))  # else a missing key is 403, not 404
    if source := given.get("CopySource"):
        wanted.append(Need("s3:GetObject", f"arn:aws:s3:::{source.lstrip('/').split('?')[0]}"))
    return wanted + _s3_key(name, action, given)


def _s3_key(name: str, action: str, given: dict[str, Any]) -> list[Need]:
    """Reading needs to decrypt, writing a data key; multipart needs both."""
    bucket, thing = given["Bucket"], given["Key"]
    actions: tuple[str, ...]
    if action in ("GetObject", "GetObjectVersion"):
        key, actions = moto_state.object_key(bucket, thing), ("Decrypt",)
    elif action == "PutObject":
        key = given.get("SSEKMSKeyId") or moto_state.bucket_key(bucket)
        actions = ("GenerateDataKey", *(["Decrypt"] if name in _MULTIPART else []))
    else:
        return []
    arn = f"arn:aws:s3:::{bucket}/{thing}"
    return through("s3", actions, key, {"aws:s3:arn": arn})


def _secretsmanager(request: Request) -> list[Need]:
    arn, key = moto_state.secret(str(request.parameters.get("SecretId", "*")))
    wanted = [Need(f"secretsmanager:{request.operation}", arn)]
    if request.operation == "GetSecretValue":
        wanted += through("secretsmanager", ("Decrypt",), key, {"SecretARN": arn})
    return wanted


def _iam(request: Request) -> list[Need]:
    given = request.parameters
    action = f"iam:{request.operation}"
    if profile := given.get("InstanceProfileName"):
        return [Need(action, f"arn:aws:iam::{ACCOUNT}:instance-profile/{profile}")]
    if "RoleName" not in given:
        return [Need(action, given.get("PolicyArn", "*"))]
    role = moto_state.role_named(given["RoleName"])
    arn = f"arn:aws:iam::{ACCOUNT}:role{given.get('Path', '/')}{given['RoleName']}"
    asked = _tags(given)
    context = {f"aws:RequestTag/{key}": value for key, value in asked.items()}
    if role:
        arn = role.arn
        held = role.tags or []
        context |= {f"aws:ResourceTag/{tag['Key']}": tag["Value"] for tag in held}
    boundary = given.get("PermissionsBoundary") or (role and role.permissions_boundary_arn)
    if boundary:
        context["iam:PermissionsBoundary"] = boundary
    tagging = [Need("iam:TagRole", arn, context)] if action == "iam:CreateRole" and asked else []
    return [Need(action, arn, context), *tagging]


def _tags(given: dict[str, Any]) -> dict[str, str]:
    """`Tags.member.1.Key`, `Tags.member.1.Value`, … as a mapping."""
    keys = [name for name in given if name.startswith("Tags.member.") and name.endswith(".Key")]
    return {given[name]: given.get(name.removesuffix("Key") + "Value", "") for name in keys}


def _dynamodb(request: Request) -> list[Need]:
    given = request.parameters
    if request.operation in ("TransactWriteItems", "TransactGetItems"):
        pairs = [pair for item in given["TransactItems"] for pair in item.items()]
        named = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
        named |= {"ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
        return [Need(f"dynamodb:{named[kind]}", _table(what["TableName"])) for kind, what in pairs]
    if tables := given.get("RequestItems"):
        return [Need(f"dynamodb:{request.operation}", _table(name)) for name in tables]
    arn = _table(given["TableName"]) if "TableName" in given else "*"
    index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
    return [Need(f"dynamodb:{request.operation}", arn + index)]


def _table(name: str) -> str:
    return name if name.startswith("arn:") else _arn("dynamodb", f"table/{name}")


def _scheduler(request: Request) -> list[Need]:
    given = request.parameters
    name = f"schedule/{given.get('GroupName', 'default')}/{given.get('Name', '*')}"
    wanted = [Need(f"scheduler:{request.operation}", _arn("scheduler", name))]
    if passed := given.get("Target", {}).get("RoleArn"):
        to = {"iam:PassedToService": "scheduler.amazonaws.com"}
        wanted.append(Need("iam:PassRole", passed, to))
    return wanted


def _sqs(request: Request) -> list[Need]:
    queue = str(request.parameters.get("QueueUrl") or request.parameters.get("QueueName") or "*")
    action = request.operation.removesuffix("Batch")  # authorised as the single operations
    return [Need(f"sqs:{action}", _arn("sqs", queue.rsplit("/", 1)[-1]))]


def _ssm(request: Request) -> list[Need]:
    given = request.parameters
    names = given.get("Names") or [given.get("Name") or given.get("Path") or "*"]
    arns = [_arn("ssm", f"parameter/{name.strip('/')}") for name in names]
    return [Need(f"ssm:{request.operation}", arn) for arn in arns]


def _lambda(request: Request) -> list[Need]:
    name = str(request.parameters.get("FunctionName", "*"))
    action = "InvokeFunction" if request.operation == "Invoke" else request.operation
    arn = name if name.startswith("arn:") else _arn("lambda", f"function:{name}")
    return [Need(f"lambda:{action}", arn)]


def _kms(request: Request) -> list[Need]:
    key = str(request.parameters.get("KeyId", "*"))
    return [Need(f"kms:{request.operation}", moto_state.key_arn(key))]


def _other(request: Request) -> list[Need]:
    """Services whose parameters carry the ARN, or that know no narrower resource."""
    given = request.parameters
    named = ("stateMachineArn", "executionArn", "TopicArn", "StreamARN", "RoleArn")
    arn = next((given[name] for name in named if given.get(name)), "*")
    if stream := given.get("StreamName") or moto_state.stream_of(given.get("ShardIterator")):
        arn = _arn("kinesis", f"stream/{stream}")
    if request.operation == "PutEvents":
        buses = {entry.get("EventBusName", "default") for entry in given["Entries"]}
        return [Need("events:PutEvents", _bus(name)) for name in sorted(buses)]
    return [Need(f"{request.service}:{request.operation.removesuffix('Batch')}", arn)]


def _bus(name: str) -> str:
    return name if name.startswith("arn:") else _arn("events", f"event-bus/{name}")


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


_BY_SERVICE: dict[str, Callable[[Request], list[Need]]] = {
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "iam": _iam,
    "dynamodb": _dynamodb,
    "scheduler": _scheduler,
    "sqs": _sqs,
    "ssm": _ssm,
    "lambda": _lambda,
    "kms": _kms,
}
