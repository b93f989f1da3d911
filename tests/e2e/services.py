"""Each service's entry, what it takes, and the partner's work with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.e2e.partner_work import (
    change_metadata,
    consume,
    invoke,
    invoke_endpoint,
    mail,
    publish,
    pull,
    push,
    put_event,
    put_metric,
    put_records,
    put_with_another_acl,
    query,
    read_changes,
    read_log,
    read_metadata,
    read_metrics,
    read_parameters,
    read_secret,
    read_stream,
    register_consumer,
    send,
    start,
    use_bucket,
    use_key,
    use_options_of_bucket,
    use_table,
    write_log,
    write_stream,
)
from tests.kit.resources import (
    Clients,
    make_bucket,
    make_bus,
    make_database,
    make_endpoint,
    make_firehose,
    make_function,
    make_identity,
    make_key,
    make_log_group,
    make_metric,
    make_parameters,
    make_queue,
    make_repository,
    make_secret,
    make_state_machine,
    make_stream,
    make_table,
    make_topic,
    make_workgroup,
)


@dataclass(frozen=True)
class Service:
    """How one service is tried: its entry, how its resource is made, and what the partner does.

    `make` gets a name and the arguments for a customer-managed key, if there is to be one. `work`
    and `stray` get the partner's clients; `stray` tries the neighbour, which is named `<name>2`.
    """

    entry: dict[str, Any]
    make: Callable[[Clients, str, str | None], Any]
    work: Callable[[Clients, str], Any]
    stray: Callable[[Clients, str], Any]
    keyed: bool = True
    key_through: str = ""


SERVICES = {
    "s3": Service(
        {"bucket": "{}", "prefix": "in", "allow": "read-write"},
        make_bucket,
        use_bucket,
        lambda partner, name: partner("s3").put_object(Bucket=name, Key="in/a", Body=b"1"),
    ),
    "s3 other folder": Service(
        {"service": "s3", "bucket": "{}", "prefix": "in", "allow": "read-write"},
        make_bucket,
        use_bucket,
        lambda partner, name: partner("s3").put_object(Bucket=name[:-1], Key="inbox/a", Body=b"1"),
    ),
    "s3 options": Service(
        {
            "service": "s3",
            "bucket": "{}",
            "prefix": "in",
            "allow": "read-write",
            "versions": True,
            "object_tags": True,
            "bucket_owner_full_control": True,
            "discover": True,
        },
        make_bucket,
        use_options_of_bucket,
        put_with_another_acl,
    ),
    "secretsmanager": Service(
        {"secret": "{}", "allow": "read"}, make_secret, read_secret, read_secret
    ),
    "sqs": Service({"queue": "{}", "allow": "send"}, make_queue, send, send),
    "sqs consume": Service(
        {"service": "sqs", "queue": "{}", "allow": "consume"},
        make_queue,
        consume,
        consume,
    ),
    "sns": Service({"topic": "{}", "allow": "publish"}, make_topic, publish, publish),
    "dynamodb": Service({"table": "{}", "allow": "read-write"}, make_table, use_table, use_table),
    "dynamodb stream": Service(
        {"service": "dynamodb", "table": "{}", "allow": "read", "stream": True},
        make_table,
        read_changes,
        read_changes,
    ),
    "lambda": Service(
        {"function": "{}", "allow": "invoke"},
        make_function,
        invoke,
        invoke,
        keyed=False,
    ),
    "ssm": Service(
        {"parameter": "/{}/", "allow": "read"},
        make_parameters,
        read_parameters,
        read_parameters,
    ),
    "events": Service(
        {"event_bus": "{}", "allow": "put"}, make_bus, put_event, put_event, keyed=False
    ),
    "athena": Service(
        {"workgroup": "{}", "allow": "query"},
        make_workgroup,
        query,
        query,
        key_through="s3",
    ),
    "kinesis": Service({"stream": "{}", "allow": "write"}, make_stream, write_stream, write_stream),
    "kinesis read": Service(
        {"service": "kinesis", "stream": "{}", "allow": "read"},
        make_stream,
        read_stream,
        read_stream,
    ),
    "kinesis fan-out": Service(
        {"service": "kinesis", "stream": "{}", "allow": "read", "fan_out": True},
        make_stream,
        register_consumer,
        register_consumer,
    ),
    "kms": Service({"key": "alias/{}", "allow": "use"}, make_key, use_key, use_key, keyed=False),
    "states": Service(
        {"state_machine": "{}", "allow": "start"}, make_state_machine, start, start, keyed=False
    ),
    "logs": Service(
        {"log_group": "{}", "allow": "read"}, make_log_group, read_log, read_log, keyed=False
    ),
    "logs write": Service(
        {"service": "logs", "log_group": "{}", "allow": "write"},
        make_log_group,
        write_log,
        write_log,
        keyed=False,
    ),
    "firehose": Service(
        {"stream": "{}", "allow": "put"}, make_firehose, put_records, put_records, keyed=False
    ),
    "sagemaker": Service(
        {"endpoint": "{}", "allow": "invoke"},
        make_endpoint,
        invoke_endpoint,
        invoke_endpoint,
        keyed=False,
    ),
    "ecr": Service({"repository": "{}", "allow": "pull"}, make_repository, pull, pull, keyed=False),
    "ecr push": Service(
        {"service": "ecr", "repository": "{}", "allow": "push"},
        make_repository,
        push,
        push,
        keyed=False,
    ),
    "cloudwatch": Service(
        {"namespace": "{}", "allow": "put"}, make_metric, put_metric, put_metric, keyed=False
    ),
    "cloudwatch read": Service(
        {"service": "cloudwatch", "allow": "read"},
        make_metric,
        read_metrics,
        put_metric,
        keyed=False,
    ),
    "glue": Service(
        {"database": "{}", "tables": ["orders"], "allow": "read"},
        lambda aws, name, _: make_database(aws, name, None),  # a key is the whole catalog's
        read_metadata,
        read_metadata,
        keyed=False,
    ),
    "glue write": Service(
        {"service": "glue", "database": "{}", "allow": "read-write", "discover": True},
        lambda aws, name, _: make_database(aws, name, None),
        change_metadata,
        change_metadata,
        keyed=False,
    ),
    "ses": Service(
        {"identity": "{}.example", "allow": "send"}, make_identity, mail, mail, keyed=False
    ),
}


KEYED = {name: service for name, service in SERVICES.items() if service.keyed}
