"""The partner's work with each service that it was given."""

import json
import time
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from tests.kit.resources import Clients

HERE = "us-east-1:123456789012"


def use_bucket(partner: Clients, name: str) -> None:
    s3 = partner("s3")
    s3.put_object(Bucket=name, Key="in/a", Body=b"1")
    assert s3.get_object(Bucket=name, Key="in/a")["Body"].read() == b"1"
    started = s3.create_multipart_upload(Bucket=name, Key="in/b")["UploadId"]
    s3.list_parts(Bucket=name, Key="in/b", UploadId=started)
    s3.abort_multipart_upload(Bucket=name, Key="in/b", UploadId=started)
    assert s3.list_objects_v2(Bucket=name, Prefix="in/")["KeyCount"] == 1
    s3.delete_object(Bucket=name, Key="in/a")


def use_options_of_bucket(partner: Clients, name: str) -> None:
    s3 = partner("s3")
    assert s3.list_buckets()["Buckets"]
    acl = {"ACL": "bucket-owner-full-control", "Tagging": "a=b"}
    s3.put_object(Bucket=name, Key="in/a", Body=b"1", **acl)
    assert s3.get_object_tagging(Bucket=name, Key="in/a")["TagSet"]
    assert s3.list_object_versions(Bucket=name, Prefix="in/")["Versions"]
    assert s3.get_object(Bucket=name, Key="in/a")["Body"].read() == b"1"


def put_with_another_acl(partner: Clients, name: str) -> None:
    """In the partner's own folder: what is refused is the ACL, not the neighbour."""
    partner("s3").put_object(Bucket=name[:-1], Key="in/a", Body=b"1", ACL="public-read")


def read_secret(partner: Clients, name: str) -> None:
    partner("secretsmanager").get_secret_value(SecretId=name)


def send(partner: Clients, name: str) -> None:
    sqs = partner("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="1")
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "2"}])


def use_key(partner: Clients, name: str) -> None:
    kms, key = partner("kms"), f"alias/{name}"
    kms.describe_key(KeyId=key)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, KeyId=key)["Plaintext"] == b"1"
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")


def consume(partner: Clients, name: str) -> None:
    sqs = partner("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    sqs.receive_message(QueueUrl=url)


def publish(partner: Clients, name: str) -> None:
    sns, arn = partner("sns"), f"arn:aws:sns:{HERE}:{name}"
    sns.publish(TopicArn=arn, Message="1")
    sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=[{"Id": "a", "Message": "2"}])


def use_table(partner: Clients, name: str) -> None:
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


def read_changes(partner: Clients, name: str) -> None:
    stream = partner("dynamodb").describe_table(TableName=name)["Table"]["LatestStreamArn"]
    streams = partner("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    streams.get_records(ShardIterator=iterator)
    partner("dynamodb").get_item(TableName=name, Key={"a": {"S": "1"}})  # under the same key


def invoke(partner: Clients, name: str) -> None:
    """Whether the call is allowed; moto cannot run the function, which is another matter."""
    try:
        partner("lambda").invoke(FunctionName=name)
    except ClientError as error:
        if "not authorized" in str(error):
            raise


def read_parameters(partner: Clients, name: str) -> None:
    ssm = partner("ssm")
    found = ssm.get_parameters_by_path(Path=f"/{name}/", Recursive=True, WithDecryption=True)
    assert len(found["Parameters"]) == 2
    ssm.get_parameter(Name=f"/{name}/a", WithDecryption=True)
    ssm.get_parameters(Names=[f"/{name}/a", f"/{name}/b/c"], WithDecryption=True)


def put_event(partner: Clients, name: str) -> None:
    event = {"EventBusName": name, "Source": "partner", "DetailType": "x", "Detail": "{}"}
    partner("events").put_events(Entries=[event])


def write_stream(partner: Clients, name: str) -> None:
    kinesis = partner("kinesis")
    kinesis.list_shards(StreamName=name)
    kinesis.put_record(StreamName=name, Data=b"1", PartitionKey="a")
    kinesis.put_records(StreamName=name, Records=[{"Data": b"2", "PartitionKey": "b"}])


def read_stream(partner: Clients, name: str) -> None:
    kinesis = partner("kinesis")
    shard = kinesis.list_shards(StreamName=name)["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(
        StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    kinesis.get_records(ShardIterator=iterator)


def register_consumer(partner: Clients, name: str) -> None:
    kinesis, stream = partner("kinesis"), f"arn:aws:kinesis:{HERE}:stream/{name}"
    made = kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="partner")["Consumer"]
    kinesis.describe_stream_consumer(ConsumerARN=made["ConsumerARN"])
    read_stream(partner, name)


def query(partner: Clients, name: str) -> None:
    athena = partner("athena")
    started = athena.start_query_execution(WorkGroup=name, QueryString="SELECT 1")
    athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
    s3 = partner("s3")
    s3.put_object(Bucket=name, Key="out/a", Body=b"1")  # as Athena does on the caller's behalf
    assert s3.get_object(Bucket=name, Key="out/a")["Body"].read() == b"1"


def read_metadata(partner: Clients, name: str) -> None:
    glue, table = partner("glue"), {"DatabaseName": name, "TableName": "orders"}
    assert glue.get_database(Name=name)["Database"]["Name"] == name
    glue.get_table(DatabaseName=name, Name="orders")
    glue.get_partitions(**table)
    assert glue.get_tables(DatabaseName=name)["TableList"]


def change_metadata(partner: Clients, name: str) -> None:
    glue, column = partner("glue"), {"Name": "day", "Type": "string"}
    made = {"Name": "returns", "PartitionKeys": [column]}
    glue.create_table(DatabaseName=name, TableInput=made)
    within = {"DatabaseName": name, "TableName": "returns"}
    glue.create_partition(**within, PartitionInput={"Values": ["1"]})
    assert glue.get_partition(**within, PartitionValues=["1"])["Partition"]
    glue.delete_partition(**within, PartitionValues=["1"])
    glue.update_table(DatabaseName=name, TableInput={**made, "Description": "a"})
    glue.delete_table(DatabaseName=name, Name="returns")
    assert glue.get_databases()["DatabaseList"]


def start(partner: Clients, name: str) -> None:
    arn = f"arn:aws:states:{HERE}:stateMachine:{name}"
    partner("stepfunctions").start_execution(stateMachineArn=arn)


def read_log(partner: Clients, name: str) -> None:
    logs = partner("logs")
    assert logs.describe_log_streams(logGroupName=name)["logStreams"]
    logs.get_log_events(logGroupName=name, logStreamName="a")
    logs.filter_log_events(logGroupName=name)


def write_log(partner: Clients, name: str) -> None:
    logs = partner("logs")
    logs.create_log_stream(logGroupName=name, logStreamName="partner")
    event = {"timestamp": int(time.time() * 1_000), "message": "1"}
    logs.put_log_events(logGroupName=name, logStreamName="partner", logEvents=[event])


def put_records(partner: Clients, name: str) -> None:
    firehose = partner("firehose")
    firehose.put_record(DeliveryStreamName=name, Record={"Data": b"1"})
    firehose.put_record_batch(DeliveryStreamName=name, Records=[{"Data": b"2"}])


def invoke_endpoint(partner: Clients, name: str) -> None:
    partner("sagemaker-runtime").invoke_endpoint(EndpointName=name, Body=b"{}")


MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_NOTHING = {"digest": "sha256:" + 64 * "0"}
MANIFEST = json.dumps(
    {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": _NOTHING, "layers": []}
)


def push(partner: Clients, name: str) -> None:
    """What a container client calls; moto takes manifests, and no layers."""
    ecr = partner("ecr")
    assert ecr.get_authorization_token()["authorizationData"]
    ecr.put_image(repositoryName=name, imageManifest=MANIFEST, imageTag="a")


def pull(partner: Clients, name: str) -> None:
    ecr = partner("ecr")
    ecr.get_authorization_token()
    ecr.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "a"}])


def mail(partner: Clients, name: str) -> None:
    content = {"Subject": {"Data": "a"}, "Body": {"Text": {"Data": "b"}}}
    partner("sesv2").send_email(
        FromEmailAddress=f"news@{name}.example",
        Destination={"ToAddresses": ["success@simulator.amazonses.com"]},
        Content={"Simple": content},
    )


def put_metric(partner: Clients, name: str) -> None:
    partner("cloudwatch").put_metric_data(
        Namespace=name, MetricData=[{"MetricName": "b", "Value": 1}]
    )


def read_metrics(partner: Clients, name: str) -> None:
    cloudwatch = partner("cloudwatch")
    assert cloudwatch.list_metrics(Namespace=name)["Metrics"]
    stat = {"Metric": {"Namespace": name, "MetricName": "a"}, "Period": 60, "Stat": "Sum"}
    end = datetime.now(UTC)
    cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "a", "MetricStat": stat}],
        StartTime=end - timedelta(hours=1),
        EndTime=end,
    )
