"""Every kind of access that the catalogue has, with exactly its actions."""

from typing import Any

from tests.kit.examples import secret_entry
from tests.unit.catalogue_objects import BOTH, DECRYPT, OBJECTS, READ_OBJECTS, WRITE_OBJECTS

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

LOOK_AT_IMAGES = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"]

READ_METADATA = [
    *("glue:BatchGetPartition", "glue:GetPartition", "glue:GetPartitions"),
    *("glue:GetTable", "glue:GetTables"),
]

WRITE_METADATA = [
    *("glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchUpdatePartition"),
    *("glue:CreatePartition", "glue:CreateTable", "glue:DeletePartition", "glue:DeleteTable"),
    *("glue:UpdatePartition", "glue:UpdateTable"),
]


def entry_of(service: str, **fields: Any) -> dict[str, Any]:
    return {"service": service, **fields}


ENTRIES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    *OBJECTS,
    (
        entry_of("dynamodb", table="items", allow="read", stream=True, discover=True),
        [
            *READ_ITEMS,
            *SEARCH,
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListTables",
        ],
        DECRYPT,
    ),
    (
        entry_of("kinesis", stream="clicks", allow="read", fan_out=True),
        [
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamConsumer",
            "kinesis:DescribeStreamConsumer",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            *LOOK_AT_STREAM,
            "kinesis:RegisterStreamConsumer",
            "kinesis:SubscribeToShard",
        ],
        DECRYPT,
    ),
    (entry_of("execute-api", api="a1b2c3d4e5", allow="invoke"), ["execute-api:Invoke"], []),
    (
        entry_of("bedrock", model="amazon.nova-pro-v1:0", allow="invoke"),
        ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        [],
    ),
    (
        entry_of("bedrock", model="us.amazon.nova-pro-v1:0", allow="invoke"),
        # of the profile, and of the models behind it
        2 * ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        [],
    ),
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
            *READ_OBJECTS,
            *WRITE_OBJECTS,
        ],
        BOTH,
    ),
    (
        entry_of("kms", key="11111111-2222-3333-4444-555555555555", allow="use"),
        [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyPair",
            "kms:GenerateDataKeyPairWithoutPlaintext",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        [],
    ),
    (
        entry_of("glue", database="sales", allow="read"),
        ["glue:GetDatabase", *READ_METADATA],
        DECRYPT,
    ),
    (
        entry_of("glue", database="sales", tables=["a", "b"], allow="read", discover=True),
        ["glue:GetDatabase", *READ_METADATA, "glue:GetDatabases"],
        DECRYPT,
    ),
    (
        entry_of("glue", database="sales", tables=["orders"], allow="read-write"),
        ["glue:GetDatabase", *READ_METADATA, *WRITE_METADATA],
        [*BOTH, "kms:Encrypt"],
    ),
    (entry_of("states", state_machine="intake", allow="start"), ["states:StartExecution"], []),
    (
        entry_of("logs", log_group="/app/import", allow="read"),
        ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"],
        [],
    ),
    (
        entry_of("logs", log_group="/app/import", allow="write"),
        ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        [],
    ),
    (
        entry_of("firehose", stream="to-lake", allow="put"),
        ["firehose:PutRecord", "firehose:PutRecordBatch"],
        [],
    ),
    (
        entry_of("sagemaker", endpoint="score", allow="invoke"),
        ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"],
        [],
    ),
    (
        entry_of("ecr", repository="team/agent", allow="pull"),
        [*LOOK_AT_IMAGES, "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"],
        [],
    ),
    (
        entry_of("ecr", repository="team/agent", allow="push"),
        [
            *LOOK_AT_IMAGES,
            "ecr:CompleteLayerUpload",
            "ecr:GetAuthorizationToken",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ],
        [],
    ),
    (
        entry_of("cloudwatch", allow="read"),
        ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"],
        [],
    ),
    (entry_of("cloudwatch", allow="put"), ["cloudwatch:PutMetricData"], []),
    (
        entry_of("ses", identity="news.example", allow="send"),
        ["ses:SendEmail", "ses:SendRawEmail"],
        [],
    ),
]


def label_of(value: Any) -> str | None:
    return " ".join(map(str, value.values())) if isinstance(value, dict) else None
