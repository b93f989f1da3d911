"""Every kind of access that the catalogue has, with exactly its actions."""

from typing import Any

from tests.kit.examples import (
    s3_entry,
    secret_entry,
)

LOOK_AT_QUEUE = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]


LOOK_AT_STREAM = ["kinesis:DescribeStreamSummary", "kinesis:ListShards"]


READ_ITEMS = ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem"]


SEARCH = ["dynamodb:Query", "dynamodb:Scan"]


WRITE_ITEMS = [
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
]


READ_OBJECTS = ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]


WRITE_OBJECTS = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]


DECRYPT, BOTH = ["kms:Decrypt"], ["kms:Decrypt", "kms:GenerateDataKey"]


def entry_of(service: str, **fields: Any) -> dict[str, Any]:
    return {"service": service, **fields}


ENTRIES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (s3_entry(allow="read"), READ_OBJECTS, DECRYPT),
    (s3_entry(allow="write"), WRITE_OBJECTS, BOTH),
    (s3_entry(), [*READ_OBJECTS, *WRITE_OBJECTS, "s3:DeleteObject"], BOTH),
    (secret_entry(), ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], DECRYPT),
    (entry_of("sqs", queue="orders", allow="send"), [*LOOK_AT_QUEUE, "sqs:SendMessage"], BOTH),
    (
        entry_of("sqs", queue="orders", allow="consume"),
        [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            *LOOK_AT_QUEUE,
            "sqs:ReceiveMessage",
        ],
        DECRYPT,
    ),
    (entry_of("sns", topic="news", allow="publish"), ["sns:Publish"], BOTH),
    (entry_of("dynamodb", table="items", allow="read"), [*READ_ITEMS, *SEARCH], DECRYPT),
    (
        entry_of("dynamodb", table="items", allow="read-write"),
        [*READ_ITEMS, *SEARCH, *WRITE_ITEMS],
        DECRYPT,
    ),
    (entry_of("lambda", function="quote", allow="invoke"), ["lambda:InvokeFunction"], []),
    (
        entry_of("ssm", parameter="/app/host", allow="read"),
        ["ssm:GetParameter", "ssm:GetParameters"],
        DECRYPT,
    ),
    (
        entry_of("ssm", parameter="/app/", allow="read"),
        ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        DECRYPT,
    ),
    (entry_of("events", event_bus="bus", allow="put"), ["events:PutEvents"], []),
    (
        entry_of("kinesis", stream="clicks", allow="read"),
        [
            "kinesis:DescribeStream",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            *LOOK_AT_STREAM,
        ],
        DECRYPT,
    ),
    (
        entry_of("kinesis", stream="clicks", allow="write"),
        [*LOOK_AT_STREAM, "kinesis:PutRecord", "kinesis:PutRecords"],
        ["kms:GenerateDataKey"],
    ),
    (
        entry_of("athena", workgroup="queries", allow="query"),
        [
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:GetQueryResultsStream",
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            "s3:GetBucketLocation",
            "s3:GetObject",
            "s3:ListBucket",
            *WRITE_OBJECTS,
        ],
        BOTH,
    ),
]


def label_of(value: Any) -> str | None:
    return " ".join(map(str, value.values())) if isinstance(value, dict) else None
