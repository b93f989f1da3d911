"""The most that any partner role may ever do: the actions of the permissions boundary.

The boundary itself is in the template; a contract test holds it to this list. It has actions on
data only: nothing in it changes who may do what, and nothing reaches IAM, STS, Organizations or
CloudTrail, policies, ACLs, key grants or function code.
"""

from collections.abc import Mapping

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "dynamodb": (
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "DescribeTable",
        "GetItem",
        "PartiQLDelete",
        "PartiQLInsert",
        "PartiQLSelect",
        "PartiQLUpdate",
        "PutItem",
        "Query",
        "Scan",
        "UpdateItem",
    ),
    "events": ("PutEvents",),
    "kinesis": (
        "DescribeStream",
        "DescribeStreamSummary",
        "GetRecords",
        "GetShardIterator",
        "ListShards",
        "PutRecord",
        "PutRecords",
    ),
    "lambda": ("InvokeFunction",),
    "s3": (
        "AbortMultipartUpload",
        "DeleteObject",
        "DeleteObjectVersion",
        "GetBucketLocation",
        "GetObject",
        "GetObjectAttributes",
        "GetObjectTagging",
        "GetObjectVersion",
        "GetObjectVersionTagging",
        "ListBucket",
        "ListBucketMultipartUploads",
        "ListBucketVersions",
        "ListMultipartUploadParts",
        "PutObject",
        "RestoreObject",
    ),
    "secretsmanager": (
        "DescribeSecret",
        "GetSecretValue",
        "ListSecretVersionIds",
        "PutSecretValue",
    ),
    "sns": ("GetTopicAttributes", "Publish"),
    "sqs": (
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "GetQueueUrl",
        "PurgeQueue",
        "ReceiveMessage",
        "SendMessage",
    ),
    "ssm": ("GetParameter", "GetParameterHistory", "GetParameters", "GetParametersByPath"),
}
"""By service; a `custom` statement may have these and no others."""

KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
"""Only through a service (`kms:ViaService`); never for a config to name."""

ALLOWED = frozenset(
    f"{service}:{action}" for service, actions in ACTIONS.items() for action in actions
)
