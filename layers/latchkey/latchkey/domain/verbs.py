"""What IAM actions come to, in the words of people who ask who could do what."""

from collections.abc import Iterable, Mapping

_VERBS: Mapping[str, tuple[str, ...]] = {
    "dynamodb:BatchGetItem": ("read",),
    "dynamodb:BatchWriteItem": ("put", "delete"),
    "dynamodb:ConditionCheckItem": (),
    "dynamodb:DeleteItem": ("delete",),
    "dynamodb:DescribeTable": (),
    "dynamodb:GetItem": ("read",),
    "dynamodb:PutItem": ("put",),
    "dynamodb:Query": ("read",),
    "dynamodb:Scan": ("read",),
    "dynamodb:UpdateItem": ("update",),
    "events:PutEvents": ("put",),
    "kinesis:DescribeStream": (),
    "kinesis:DescribeStreamSummary": (),
    "kinesis:GetRecords": ("read",),
    "kinesis:GetShardIterator": (),
    "kinesis:ListShards": (),
    "kinesis:PutRecord": ("put",),
    "kinesis:PutRecords": ("put",),
    "kms:Decrypt": ("decrypt",),
    "kms:GenerateDataKey": ("encrypt",),
    "lambda:InvokeFunction": ("invoke",),
    "s3:AbortMultipartUpload": (),
    "s3:DeleteObject": ("delete",),
    "s3:GetBucketLocation": (),
    "s3:GetObject": ("read",),
    "s3:ListBucket": ("list",),
    "s3:ListMultipartUploadParts": (),
    "s3:PutObject": ("put",),
    "secretsmanager:DescribeSecret": (),
    "secretsmanager:GetSecretValue": ("read",),
    "sns:Publish": ("publish",),
    "sqs:ChangeMessageVisibility": (),
    "sqs:DeleteMessage": ("delete",),
    "sqs:GetQueueAttributes": (),
    "sqs:GetQueueUrl": (),
    "sqs:ReceiveMessage": ("receive",),
    "sqs:SendMessage": ("send",),
    "ssm:GetParameter": ("read",),
    "ssm:GetParameters": ("read",),
    "ssm:GetParametersByPath": ("list",),
}
"""Nothing for what only goes with another action."""

_ORDER = ("list", "read", "receive", "send", "publish", "invoke", "put", "update", "delete")


def verbs(actions: Iterable[str]) -> list[str]:
    """The verbs of actions, reading first.

    An action that has none stands for itself, and so do those that only go with another one when
    they are all there is.
    """
    actions = sorted(set(actions))
    found = {verb for action in actions for verb in _VERBS.get(action, (action,))}
    return sorted(found or set(actions), key=_rank)


def _rank(verb: str) -> tuple[int, str]:
    return (_ORDER.index(verb) if verb in _ORDER else len(_ORDER), verb)
