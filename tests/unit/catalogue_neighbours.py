"""What each kind of access reaches of what it names, and what lies beside that."""

from typing import Any

from tests.kit.examples import ACCOUNT, s3_entry, secret_entry
from tests.unit.catalogue_entries import entry_of

HERE = f"us-east-1:{ACCOUNT}"

NAMES: list[tuple[dict[str, Any], str, list[str]]] = [
    (s3_entry(bucket="data", prefix="in"), "arn:aws:s3:::data/in/a", ["arn:aws:s3:::data/inbox/a"]),
    (
        s3_entry(bucket="data"),
        "arn:aws:s3:::data/a/b",
        ["arn:aws:s3:::database/a", "arn:aws:s3:::database"],
    ),
    (
        secret_entry(secret="api"),
        f"arn:aws:secretsmanager:{HERE}:secret:api-AbCdEf",
        [
            f"arn:aws:secretsmanager:{HERE}:secret:api-AbCdEg",
            f"arn:aws:secretsmanager:{HERE}:secret:api-second-AbCdEf",
        ],
    ),
    (
        entry_of("sqs", queue="orders", allow="send"),
        f"arn:aws:sqs:{HERE}:orders",
        [f"arn:aws:sqs:{HERE}:orders2", f"arn:aws:sqs:{HERE}:orders.fifo"],
    ),
    (
        entry_of("sns", topic="news", allow="publish"),
        f"arn:aws:sns:{HERE}:news",
        [f"arn:aws:sns:{HERE}:news2"],
    ),
    (
        entry_of("dynamodb", table="items", allow="read-write"),
        f"arn:aws:dynamodb:{HERE}:table/items/index/by-name",
        [
            f"arn:aws:dynamodb:{HERE}:table/items2",
            f"arn:aws:dynamodb:{HERE}:table/items2/index/by-name",
            f"arn:aws:dynamodb:{HERE}:table/items/stream/1",
            f"arn:aws:dynamodb:{HERE}:table/items/backup/1",
        ],
    ),
    (
        entry_of("lambda", function="quote", allow="invoke"),
        f"arn:aws:lambda:{HERE}:function:quote",
        [
            f"arn:aws:lambda:{HERE}:function:quote2",
            f"arn:aws:lambda:{HERE}:function:quote:live",
        ],
    ),
    (
        entry_of("lambda", function="quote:live", allow="invoke"),
        f"arn:aws:lambda:{HERE}:function:quote:live",
        [f"arn:aws:lambda:{HERE}:function:quote", f"arn:aws:lambda:{HERE}:function:quote:next"],
    ),
    (
        entry_of("ssm", parameter="/app/host", allow="read"),
        f"arn:aws:ssm:{HERE}:parameter/app/host",
        [f"arn:aws:ssm:{HERE}:parameter/app/hostname", f"arn:aws:ssm:{HERE}:parameter/app"],
    ),
    (
        entry_of("ssm", parameter="/app/", allow="read"),
        f"arn:aws:ssm:{HERE}:parameter/app/host",
        [f"arn:aws:ssm:{HERE}:parameter/apple/host", f"arn:aws:ssm:{HERE}:parameter/other"],
    ),
    (
        entry_of("events", event_bus="bus", allow="put"),
        f"arn:aws:events:{HERE}:event-bus/bus",
        [f"arn:aws:events:{HERE}:event-bus/bus2", f"arn:aws:events:{HERE}:event-bus/default"],
    ),
    (
        entry_of("kinesis", stream="clicks", allow="read"),
        f"arn:aws:kinesis:{HERE}:stream/clicks",
        [f"arn:aws:kinesis:{HERE}:stream/clicks2"],
    ),
    (
        entry_of("states", state_machine="intake", allow="start"),
        f"arn:aws:states:{HERE}:stateMachine:intake",
        [
            f"arn:aws:states:{HERE}:stateMachine:intake2",
            f"arn:aws:states:{HERE}:execution:intake:1",
        ],
    ),
    (
        entry_of("logs", log_group="/app/import", allow="read"),
        f"arn:aws:logs:{HERE}:log-group:/app/import:log-stream:a/b",
        [
            f"arn:aws:logs:{HERE}:log-group:/app/import2:log-stream:a",
            f"arn:aws:logs:{HERE}:log-group:/app/import/x:log-stream:a",
            f"arn:aws:logs:{HERE}:log-group:/app:log-stream:a",
        ],
    ),
    (
        s3_entry(bucket="data", prefix="in", bucket_owner_full_control=True, versions=True),
        "arn:aws:s3:::data/in/a",
        ["arn:aws:s3:::data/inbox/a", "arn:aws:s3:::data/other"],
    ),
    (
        entry_of("dynamodb", table="items", allow="read", stream=True),
        f"arn:aws:dynamodb:{HERE}:table/items/stream/1",
        [f"arn:aws:dynamodb:{HERE}:table/items2/stream/1"],
    ),
    (
        entry_of("kinesis", stream="clicks", allow="read", fan_out=True),
        f"arn:aws:kinesis:{HERE}:stream/clicks/consumer/theirs:1",
        [f"arn:aws:kinesis:{HERE}:stream/clicks2/consumer/theirs:1"],
    ),
    (
        entry_of("execute-api", api="a1b2c3d4e5", stage="prod", allow="invoke"),
        f"arn:aws:execute-api:{HERE}:a1b2c3d4e5/prod/GET/orders/1",
        [
            f"arn:aws:execute-api:{HERE}:a1b2c3d4e5/production/GET/orders",
            f"arn:aws:execute-api:{HERE}:a1b2c3d4e5/test/GET/orders",
            f"arn:aws:execute-api:{HERE}:b1b2c3d4e5/prod/GET/orders",
        ],
    ),
    (
        entry_of("glue", database="sales", allow="read-write"),
        f"arn:aws:glue:{HERE}:table/sales/orders",
        [
            f"arn:aws:glue:{HERE}:table/sales2/orders",
            f"arn:aws:glue:{HERE}:database/sales2",
            f"arn:aws:glue:{HERE}:userDefinedFunction/sales/f",
            f"arn:aws:glue:{HERE}:catalog/other",
        ],
    ),
    (
        entry_of("glue", database="sales", tables=["orders"], allow="read"),
        f"arn:aws:glue:{HERE}:table/sales/orders",
        [f"arn:aws:glue:{HERE}:table/sales/orders2", f"arn:aws:glue:{HERE}:table/sales/people"],
    ),
    (
        entry_of("firehose", stream="to-lake", allow="put"),
        f"arn:aws:firehose:{HERE}:deliverystream/to-lake",
        [f"arn:aws:firehose:{HERE}:deliverystream/to-lake2"],
    ),
    (
        entry_of("sagemaker", endpoint="Score", allow="invoke"),
        f"arn:aws:sagemaker:{HERE}:endpoint/score",
        [f"arn:aws:sagemaker:{HERE}:endpoint/score2", f"arn:aws:sagemaker:{HERE}:model/score"],
    ),
    (
        entry_of("ses", identity="news.example", allow="send"),
        f"arn:aws:ses:{HERE}:identity/news.example",
        [
            f"arn:aws:ses:{HERE}:identity/old.news.example",
            f"arn:aws:ses:{HERE}:identity/news.example2",
            f"arn:aws:ses:{HERE}:configuration-set/other",
        ],
    ),
]
