"""The verbs for IAM's actions: what a session can do with a resource, in a word or two."""

import re
from collections.abc import Iterable, Mapping

_SERVICE = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_VERBS: Mapping[str, Mapping[str, str]] = {
    "dynamodb": {
        "list": "",
        "read": "BatchGetItem GetItem PartiQLSelect",
        "search": "Query Scan",
        "put": "BatchWriteItem PutItem PartiQLInsert",
        "update": "UpdateItem PartiQLUpdate",
        "delete": "BatchWriteItem DeleteItem PartiQLDelete",
        "check conditions": "ConditionCheckItem",
        "look up": "DescribeTable",
    },
    "events": {"put": "PutEvents"},
    "kinesis": {
        "read": "GetRecords GetShardIterator",
        "put": "PutRecord PutRecords",
        "look up": "DescribeStream DescribeStreamSummary ListShards",
    },
    "kms": {"decrypt": "Decrypt", "make data keys": "GenerateDataKey"},
    "lambda": {"invoke": "InvokeFunction"},
    "s3": {
        "list": "ListBucket",
        "list versions": "ListBucketVersions",
        "list uploads": "ListBucketMultipartUploads",
        "read": "GetObject GetObjectAttributes",
        "read tags": "GetObjectTagging",
        "read versions": "GetObjectVersion",
        "read tags of versions": "GetObjectVersionTagging",
        "put": "AbortMultipartUpload ListMultipartUploadParts PutObject",
        "restore": "RestoreObject",
        "delete": "DeleteObject",
        "delete versions": "DeleteObjectVersion",
        "look up": "GetBucketLocation",
    },
    "secretsmanager": {
        "read": "GetSecretValue",
        "put": "PutSecretValue",
        "look up": "DescribeSecret ListSecretVersionIds",
    },
    "sns": {"publish": "Publish", "look up": "GetTopicAttributes"},
    "sqs": {
        "send": "SendMessage",
        "receive": "ReceiveMessage",
        "delete": "DeleteMessage",
        "change visibility": "ChangeMessageVisibility",
        "purge": "PurgeQueue",
        "look up": "GetQueueAttributes GetQueueUrl",
    },
    "ssm": {
        "read": "GetParameter GetParameters",
        "read by path": "GetParametersByPath",
        "read history": "GetParameterHistory",
    },
}
"""By service: the verbs in the order in which they are told, and the actions of each."""

_OF_ACTION: dict[str, tuple[str, ...]] = {}
for _service, _verbs in _VERBS.items():
    for _verb, _actions in _verbs.items():
        for _action in _actions.split():
            _name = f"{_service}:{_action}".lower()
            _OF_ACTION[_name] = (*_OF_ACTION.get(_name, ()), _verb)

_COMPANIONS = {"look up", "check conditions", "change visibility"}
"""Verbs that only go with others."""

BUCKET_ACTIONS = frozenset(
    f"s3:{name}".lower()
    for name in (
        "ListBucket",
        "ListBucketVersions",
        "ListBucketMultipartUploads",
        "GetBucketLocation",
    )
)
"""The actions on a bucket itself, in lower case; all others of S3 are on its objects."""


def labels_of(action: str) -> tuple[str, ...]:
    """The verbs for an action; an action without any is told by its own name."""
    return _OF_ACTION.get(action.lower(), (action,))


def verbs(actions: Iterable[str]) -> list[str]:
    """What the actions on one resource come to.

    Verbs that only go with others are told when they are all there is.
    """
    found = {verb for action in actions for verb in labels_of(action)}
    service = next((service_of(action) for action in actions), "any")
    return in_order(service, found - _COMPANIONS or found)


def in_order(service: str, verbs: Iterable[str]) -> list[str]:
    """Verbs in the order in which they are told; those that are names of actions last."""
    known = list(_VERBS.get(service, ()))
    rank = {verb: index for index, verb in enumerate(known)}
    return sorted(set(verbs), key=lambda verb: (rank.get(verb, len(known)), verb))


def service_of(action: str) -> str:
    """The service of an action; `any` for patterns over all services."""
    service, colon, _ = action.partition(":")
    return service.lower() if colon and _SERVICE.fullmatch(service) else "any"
