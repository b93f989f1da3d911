"""Makes what configs name, of every service, with and without a customer-managed key."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Clients = Callable[[str], Any]


def make_bucket(aws: Clients, name: str, key: str | None) -> None:
    """A bucket, under a key by default if there is one."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=name)
    if key:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=rules)


def make_secret(aws: Clients, name: str, key: str | None) -> None:
    """A secret."""
    extra = {"KmsKeyId": key} if key else {}
    aws("secretsmanager").create_secret(Name=name, SecretString="value", **extra)


def make_queue(aws: Clients, name: str, key: str | None) -> None:
    """A queue."""
    aws("sqs").create_queue(QueueName=name, Attributes={"KmsMasterKeyId": key} if key else {})


def make_topic(aws: Clients, name: str, key: str | None) -> None:
    """A topic."""
    aws("sns").create_topic(Name=name, Attributes={"KmsMasterKeyId": key} if key else {})


def make_table(aws: Clients, name: str, key: str | None) -> None:
    """A table with an index `by-b`."""
    sse = {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}
    index = {
        "IndexName": "by-b",
        "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    aws("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in "ab"],
        GlobalSecondaryIndexes=[index],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        **(sse if key else {}),
    )


def make_function(aws: Clients, name: str, _: str | None) -> None:
    """A function, which moto cannot run."""
    aws("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=_role_of(aws, "lambda", name),
        Handler="app.handler",
        Code={"ZipFile": b"not run here"},
    )


def make_parameters(aws: Clients, name: str, key: str | None) -> None:
    """Two parameters below `/<name>/`."""
    secure = {"Type": "SecureString", "KeyId": key} if key else {"Type": "String"}
    for leaf in ("a", "b/c"):
        aws("ssm").put_parameter(Name=f"/{name}/{leaf}", Value="1", **secure)


def make_bus(aws: Clients, name: str, _: str | None) -> None:
    """An event bus."""
    aws("events").create_event_bus(Name=name)


def make_stream(aws: Clients, name: str, key: str | None) -> None:
    """A data stream."""
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    if key:
        kinesis.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=key)


def make_key(aws: Clients, name: str, _: str | None) -> None:
    """A key with an alias, `alias/<name>`."""
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key)


def make_workgroup(aws: Clients, name: str, key: str | None, location: str = "") -> None:
    """A workgroup with its results in `location`, or in `out/` of a bucket of the same name."""
    location = location or f"{name}/out/"
    make_bucket(aws, location.partition("/")[0], key)
    results = {"OutputLocation": f"s3://{location}"}
    configuration = {"ResultConfiguration": results, "EnforceWorkGroupConfiguration": True}
    aws("athena").create_work_group(Name=name, Configuration=configuration)


def make_database(aws: Clients, name: str, key: str | None) -> None:
    """A database with one table, `orders`; a key is that of the whole catalog."""
    glue = aws("glue")
    at_rest = {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key}
    settings = {"EncryptionAtRest": at_rest if key else {"CatalogEncryptionMode": "DISABLED"}}
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=settings)
    glue.create_database(DatabaseInput={"Name": name})
    glue.create_table(DatabaseName=name, TableInput={"Name": "orders"})


def make_state_machine(aws: Clients, name: str, _: str | None) -> None:
    """A state machine that does nothing."""
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    aws("stepfunctions").create_state_machine(
        name=name,
        definition=json.dumps(definition),
        roleArn=_role_of(aws, "states", f"{name}-states"),
    )


def make_log_group(aws: Clients, name: str, _: str | None) -> None:
    """A log group with one log stream, `a`."""
    logs = aws("logs")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="a")


def make_firehose(aws: Clients, name: str, _: str | None) -> None:
    """A Firehose stream to a bucket of the same name."""
    make_bucket(aws, f"{name}-lake", None)
    role = _role_of(aws, "firehose", f"{name}-firehose")
    to = {"RoleARN": role, "BucketARN": f"arn:aws:s3:::{name}-lake"}
    aws("firehose").create_delivery_stream(
        DeliveryStreamName=name, ExtendedS3DestinationConfiguration=to
    )


def make_endpoint(aws: Clients, name: str, _: str | None) -> None:
    """An endpoint, whose answers moto makes up."""
    sagemaker = aws("sagemaker")
    role = _role_of(aws, "sagemaker", f"{name}-sagemaker")
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer={"Image": "a"})
    variant = {
        "VariantName": "a",
        "ModelName": name,
        "InitialInstanceCount": 1,
        "InstanceType": "ml.t2.medium",
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)


def make_repository(aws: Clients, name: str, _: str | None) -> None:
    """A repository of images."""
    aws("ecr").create_repository(repositoryName=name)


def make_identity(
    aws: Clients, name: str, _: str | None, configuration_set: str | None = None
) -> None:
    """A verified domain, `<name>.example`, and the configuration set that it sends with."""
    ses, sends_with = aws("sesv2"), configuration_set or name
    ses.create_configuration_set(ConfigurationSetName=sends_with)
    ses.create_email_identity(EmailIdentity=f"{name}.example", ConfigurationSetName=sends_with)


def make_metric(aws: Clients, name: str, _: str | None) -> None:
    """A metric, `a`, in a namespace of the name."""
    aws("cloudwatch").put_metric_data(Namespace=name, MetricData=[{"MetricName": "a", "Value": 1}])


def make_api(aws: Clients, name: str, _: str | None) -> None:
    """A REST API, whose ID is the end of the name's letters and digits."""
    aws("apigateway").create_rest_api(name=name, tags={"_custom_id_": api_id(name)})


def api_id(name: str) -> str:
    """The ID of the API that is made for a name."""
    return re.sub("[^a-z0-9]", "", name)[-10:].rjust(10, "0")


def _role_of(aws: Clients, service: str, name: str) -> str:
    """The ARN of a new role for a service to assume."""
    assume = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}}
    trust = {"Version": "2012-10-17", "Statement": [{**assume, "Action": "sts:AssumeRole"}]}
    role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return str(role["Role"]["Arn"])


MAKE: Mapping[str, Callable[..., Any]] = {
    "s3": make_bucket,
    "secretsmanager": make_secret,
    "sqs": make_queue,
    "sns": make_topic,
    "dynamodb": make_table,
    "lambda": make_function,
    "ssm": make_parameters,
    "events": make_bus,
    "kinesis": make_stream,
    "kms": make_key,
    "athena": make_workgroup,
    "cloudwatch": make_metric,
    "states": make_state_machine,
    "logs": make_log_group,
    "execute-api": make_api,
    "firehose": make_firehose,
    "sagemaker": make_endpoint,
    "ecr": make_repository,
    "glue": make_database,
    "ses": make_identity,
}
