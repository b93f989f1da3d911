"""Each service's entry, what it takes, and the partner's work with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tests.kit.resources import (
    Clients,
    make_bucket,
    make_bus,
    make_function,
    make_parameters,
    make_queue,
    make_secret,
    make_stream,
    make_table,
    make_topic,
    make_workgroup,
)

HERE = "us-east-1:123456789012"


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


def _use_bucket(partner: Clients, name: str) -> None:
    s3 = partner("s3")
    s3.put_object(Bucket=name, Key="in/a", Body=b"1")
    assert s3.get_object(Bucket=name, Key="in/a")["Body"].read() == b"1"
    started = s3.create_multipart_upload(Bucket=name, Key="in/b")["UploadId"]
    s3.list_parts(Bucket=name, Key="in/b", UploadId=started)
    s3.abort_multipart_upload(Bucket=name, Key="in/b", UploadId=started)
    assert s3.list_objects_v2(Bucket=name, Prefix="in/")["KeyCount"] == 1
    s3.delete_object(Bucket=name, Key="in/a")


def _read_secret(partner: Clients, name: str) -> None:
    partner("secretsmanager").get_secret_value(SecretId=name)


def _send(partner: Clients, name: str) -> None:
    sqs = partner("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="1")
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "2"}])


def _consume(partner: Clients, name: str) -> None:
    sqs = partner("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    sqs.receive_message(QueueUrl=url)


def _publish(partner: Clients, name: str) -> None:
    sns, arn = partner("sns"), f"arn:aws:sns:{HERE}:{name}"
    sns.publish(TopicArn=arn, Message="1")
    sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=[{"Id": "a", "Message": "2"}])


def _use_table(partner: Clients, name: str) -> None:
    dynamodb, item = partner("dynamodb"), {"a": {"S": "1"}, "b": {"S": "2"}}
    dynamodb.put_item(TableName=name, Item=item)
    dynamodb.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": item}}]})
    put = {"Put": {"TableName": name, "Item": item}}
    dynamodb.transact_write_items(TransactItems=[put])
    assert dynamodb.get_item(TableName=name, Key={"a": {"S": "1"}})["Item"] == item
    found = dynamodb.query(
        TableName=name,
        IndexName="by-b",
        KeyConditionExpression="b = :b",
        ExpressionAttributeValues={":b": {"S": "2"}},
    )
    assert found["Items"] == [item]


def _invoke(partner: Clients, name: str) -> None:
    """Whether the call is allowed; moto cannot run the function, which is another matter."""
    try:
        partner("lambda").invoke(FunctionName=name)
    except ClientError as error:
        if "not authorized" in str(error):
            raise


def _read_parameters(partner: Clients, name: str) -> None:
    ssm = partner("ssm")
    found = ssm.get_parameters_by_path(Path=f"/{name}/", Recursive=True, WithDecryption=True)
    assert len(found["Parameters"]) == 2
    ssm.get_parameter(Name=f"/{name}/a", WithDecryption=True)
    ssm.get_parameters(Names=[f"/{name}/a", f"/{name}/b/c"], WithDecryption=True)


def _put_event(partner: Clients, name: str) -> None:
    event = {"EventBusName": name, "Source": "partner", "DetailType": "x", "Detail": "{}"}
    partner("events").put_events(Entries=[event])


def _write_stream(partner: Clients, name: str) -> None:
    kinesis = partner("kinesis")
    kinesis.list_shards(StreamName=name)
    kinesis.put_record(StreamName=name, Data=b"1", PartitionKey="a")
    kinesis.put_records(StreamName=name, Records=[{"Data": b"2", "PartitionKey": "b"}])


def _read_stream(partner: Clients, name: str) -> None:
    kinesis = partner("kinesis")
    shard = kinesis.list_shards(StreamName=name)["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(
        StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    kinesis.get_records(ShardIterator=iterator)


def _query(partner: Clients, name: str) -> None:
    athena = partner("athena")
    started = athena.start_query_execution(WorkGroup=name, QueryString="SELECT 1")
    athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
    s3 = partner("s3")
    s3.put_object(Bucket=name, Key="out/a", Body=b"1")  # as Athena does on the caller's behalf
    assert s3.get_object(Bucket=name, Key="out/a")["Body"].read() == b"1"


SERVICES = {
    "s3": Service(
        {"bucket": "{}", "prefix": "in", "allow": "read-write"},
        make_bucket,
        _use_bucket,
        lambda partner, name: partner("s3").put_object(Bucket=name, Key="in/a", Body=b"1"),
    ),
    "s3 other folder": Service(
        {"service": "s3", "bucket": "{}", "prefix": "in", "allow": "read-write"},
        make_bucket,
        _use_bucket,
        lambda partner, name: partner("s3").put_object(Bucket=name[:-1], Key="inbox/a", Body=b"1"),
    ),
    "secretsmanager": Service(
        {"secret": "{}", "allow": "read"}, make_secret, _read_secret, _read_secret
    ),
    "sqs": Service({"queue": "{}", "allow": "send"}, make_queue, _send, _send),
    "sqs consume": Service(
        {"service": "sqs", "queue": "{}", "allow": "consume"},
        make_queue,
        _consume,
        _consume,
    ),
    "sns": Service({"topic": "{}", "allow": "publish"}, make_topic, _publish, _publish),
    "dynamodb": Service({"table": "{}", "allow": "read-write"}, make_table, _use_table, _use_table),
    "lambda": Service(
        {"function": "{}", "allow": "invoke"},
        make_function,
        _invoke,
        _invoke,
        keyed=False,
    ),
    "ssm": Service(
        {"parameter": "/{}/", "allow": "read"},
        make_parameters,
        _read_parameters,
        _read_parameters,
    ),
    "events": Service(
        {"event_bus": "{}", "allow": "put"}, make_bus, _put_event, _put_event, keyed=False
    ),
    "athena": Service(
        {"workgroup": "{}", "allow": "query"},
        make_workgroup,
        _query,
        _query,
        key_through="s3",
    ),
    "kinesis": Service(
        {"stream": "{}", "allow": "write"}, make_stream, _write_stream, _write_stream
    ),
    "kinesis read": Service(
        {"service": "kinesis", "stream": "{}", "allow": "read"},
        make_stream,
        _read_stream,
        _read_stream,
    ),
}


KEYED = {name: service for name, service in SERVICES.items() if service.keyed}
