"""What the sample configs name, made by the configs themselves: one maker for each service."""

import contextlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

type Clients = Callable[[str], Any]

_THERE = (
    "AlreadyExistsException",
    "BucketAlreadyOwnedByYou",
    "BucketAlreadyExists",
    "ConflictException",
    "EntityAlreadyExists",
    "RepositoryAlreadyExistsException",
    "InvalidRequestException",
    "ParameterAlreadyExists",
    "ResourceAlreadyExistsException",
    "ResourceConflictException",
    "ResourceExistsException",
    "ResourceInUseException",
    "StateMachineAlreadyExists",
)
"""How services say that a name is taken: by an earlier run."""


def make(clients: Clients, configs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Make every resource of the configs that there is a maker for; answers their names.

    What is there already stays as it is.
    """
    made = {}
    for config in configs:
        for entry in config.get("access", ()):
            for service, name in _named(entry):
                made[f"{service} {name}"] = (service, name)
    for service, name in made.values():
        _make(clients, service, name)
    return [label for label, (service, _) in made.items() if service in _MAKERS]


def _named(entry: Any) -> Iterable[tuple[str, str]]:
    """The service and the plain name of each resource of an entry."""
    if not isinstance(entry, dict) or not isinstance(entry.get("service"), str):
        return
    for statement in entry.get("statements", ()):
        for arn in statement.get("Resource", ()):
            yield arn.split(":")[2], arn.split(":", 5)[5].split("/")[0]
    field = _FIELDS.get(entry["service"])
    if field and isinstance(entry.get(field), str) and "*" not in entry[field]:
        yield entry["service"], entry[field]


def _make(clients: Clients, service: str, name: str) -> None:
    maker = _MAKERS.get(service)
    if maker is None:
        return
    try:
        maker(clients, name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _THERE:
            raise


def _bucket(clients: Clients, name: str) -> None:
    clients("s3").create_bucket(Bucket=name)


def _secret(clients: Clients, name: str) -> None:
    clients("secretsmanager").create_secret(Name=name, SecretString="sample value")


def _queue(clients: Clients, name: str) -> None:
    clients("sqs").create_queue(QueueName=name)


def _topic(clients: Clients, name: str) -> None:
    clients("sns").create_topic(Name=name)


def _table(clients: Clients, name: str) -> None:
    clients("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )


def _function(clients: Clients, name: str) -> None:
    plain, _, alias = name.partition(":")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("app.py", "def handler(event, context):\n    return event\n")
    with contextlib.suppress(clients("lambda").exceptions.ResourceConflictException):
        clients("lambda").create_function(
            FunctionName=plain,
            Runtime="python3.13",
            Role=_role(clients, "lambda", f"sample-{plain}"),
            Handler="app.handler",
            Code={"ZipFile": code.getvalue()},
        )
    if alias:
        clients("lambda").create_alias(FunctionName=plain, Name=alias, FunctionVersion="$LATEST")


def _parameter(clients: Clients, name: str) -> None:
    """A parameter; below a path, one of the name `sample`."""
    full = f"{name}sample" if name.endswith("/") else name
    clients("ssm").put_parameter(Name=full, Value="sample value", Type="String")


def _bus(clients: Clients, name: str) -> None:
    clients("events").create_event_bus(Name=name)


def _stream(clients: Clients, name: str) -> None:
    clients("kinesis").create_stream(StreamName=name, ShardCount=1)


def _workgroup(clients: Clients, name: str) -> None:
    results = f"{name}-results"
    _make(clients, "s3", results)
    location = {"ResultConfiguration": {"OutputLocation": f"s3://{results}/out/"}}
    configuration = {**location, "EnforceWorkGroupConfiguration": True}
    clients("athena").create_work_group(Name=name, Configuration=configuration)


def _database(clients: Clients, name: str) -> None:
    clients("glue").create_database(DatabaseInput={"Name": name})


def _state_machine(clients: Clients, name: str) -> None:
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    clients("stepfunctions").create_state_machine(
        name=name,
        definition=json.dumps(definition),
        roleArn=_role(clients, "states", f"sample-{name}"),
    )


def _log_group(clients: Clients, name: str) -> None:
    clients("logs").create_log_group(logGroupName=name)


def _firehose(clients: Clients, name: str) -> None:
    """A Firehose stream to a bucket, which is made with it."""
    lake = f"{name}-lake"
    _make(clients, "s3", lake)
    role = _role(clients, "firehose", f"sample-{name}")
    to = {"RoleARN": role, "BucketARN": f"arn:aws:s3:::{lake}"}
    clients("firehose").create_delivery_stream(
        DeliveryStreamName=name, ExtendedS3DestinationConfiguration=to
    )


def _repository(clients: Clients, name: str) -> None:
    clients("ecr").create_repository(repositoryName=name)


def _identity(clients: Clients, name: str) -> None:
    clients("sesv2").create_email_identity(EmailIdentity=name)


def _key(clients: Clients, name: str) -> None:
    """A key with that alias."""
    kms = clients("kms")
    if name not in [one["AliasName"] for one in kms.list_aliases()["Aliases"]]:
        kms.create_alias(AliasName=name, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def _api(clients: Clients, name: str) -> None:
    """A REST API of that ID, as moto lets one choose it."""
    apis = clients("apigateway")
    if name not in [one["id"] for one in apis.get_rest_apis()["items"]]:
        apis.create_rest_api(name=name, tags={"_custom_id_": name})


def _endpoint(clients: Clients, name: str) -> None:
    sagemaker = clients("sagemaker")
    if name in [one["EndpointName"] for one in sagemaker.list_endpoints()["Endpoints"]]:
        return
    role = _role(clients, "sagemaker", f"sample-{name}")
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer={"Image": "a"})
    variant = {"VariantName": "a", "ModelName": name, "InstanceType": "ml.t2.medium"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[{**variant, "InitialInstanceCount": 1}]
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)


def _role(clients: Clients, service: str, name: str) -> str:
    """The ARN of a role for a service, made if it is not there."""
    trusted = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}}
    trust = {"Version": "2012-10-17", "Statement": [{**trusted, "Action": "sts:AssumeRole"}]}
    iam = clients("iam")
    with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return str(iam.get_role(RoleName=name)["Role"]["Arn"])


_MAKERS: Mapping[str, Callable[[Clients, str], None]] = {
    "athena": _workgroup,
    "dynamodb": _table,
    "ecr": _repository,
    "events": _bus,
    "execute-api": _api,
    "firehose": _firehose,
    "glue": _database,
    "kinesis": _stream,
    "kms": _key,
    "lambda": _function,
    "logs": _log_group,
    "s3": _bucket,
    "sagemaker": _endpoint,
    "secretsmanager": _secret,
    "ses": _identity,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
    "states": _state_machine,
}

_FIELDS: Mapping[str, str] = {
    "athena": "workgroup",
    "dynamodb": "table",
    "ecr": "repository",
    "events": "event_bus",
    "execute-api": "api",
    "firehose": "stream",
    "glue": "database",
    "kinesis": "stream",
    "kms": "key",
    "lambda": "function",
    "logs": "log_group",
    "s3": "bucket",
    "sagemaker": "endpoint",
    "secretsmanager": "secret",
    "ses": "identity",
    "sns": "topic",
    "sqs": "queue",
    "ssm": "parameter",
    "states": "state_machine",
}
