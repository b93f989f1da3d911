"""Requests as boto3 sends them are read as the operations they call, and require what IAM says."""

from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from botocore.config import Config

from sandbox.account import ACCOUNT, REGION
from sandbox.api import operations
from sandbox.iam.request import Request
from sandbox.iam.required_permissions import required_permissions

KEY = "AKIDEXAMPLE"
IAM_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
SCHEDULE = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table"
CONFIG = Config(parameter_validation=False, s3={"addressing_style": "path"})


class _Sent(Exception):
    """Stands for the answer; nothing is really sent."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


def _client(service: str) -> Any:
    client = boto3.client(  # type: ignore[call-overload]  # any service
        service,
        endpoint_url="http://127.0.0.1:4599",
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key="any",
        config=CONFIG,
    )

    def stop(request: Any, **_: Any) -> None:
        raise _Sent(request)

    client.meta.events.register("before-send.*", stop)
    return client


def _environ(
    url: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    parts = urlsplit(url)
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(parts.path) or "/",
        "RAW_URI": f"{parts.path or '/'}?{parts.query}",
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "4599",
        "HTTP_HOST": parts.netloc,
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in (headers or {}).items():
        wsgi = name.upper().replace("-", "_")
        environ[wsgi if wsgi.startswith("CONTENT_") else f"HTTP_{wsgi}"] = value
    return environ


def _read(service: str, operation: str, parameters: dict[str, Any]) -> Request:
    with pytest.raises(_Sent) as sent:
        getattr(_client(service), operation)(**parameters)
    request = sent.value.request
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else getattr(body, "read", lambda: body)()
    headers = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in request.headers.items()
    }
    return operations.read(_environ(request.url, request.method, body, headers), body)


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        (
            "s3",
            "put_object",
            {"Bucket": "b", "Key": "a/b c+é", "Body": b"x=1&y"},
            ("s3", "PutObject", "rest-xml", [("s3:PutObject", "arn:aws:s3:::b/a/b c+é")]),
        ),
        (
            "s3",
            "get_object",
            {"Bucket": "b", "Key": "k", "VersionId": "v"},
            ("s3", "GetObject", "rest-xml", [("s3:GetObjectVersion", "arn:aws:s3:::b/k")]),
        ),
        (
            "s3",
            "list_objects_v2",
            {"Bucket": "b", "Prefix": "in/"},
            ("s3", "ListObjectsV2", "rest-xml", [("s3:ListBucket", "arn:aws:s3:::b")]),
        ),
        (
            "s3",
            "get_bucket_lifecycle_configuration",
            {"Bucket": "b"},
            (
                "s3",
                "GetBucketLifecycleConfiguration",
                "rest-xml",
                [("s3:GetLifecycleConfiguration", "arn:aws:s3:::b")],
            ),
        ),
        (
            "s3",
            "delete_objects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "a&b"}, {"Key": "c"}]}},
            (
                "s3",
                "DeleteObjects",
                "rest-xml",
                [
                    ("s3:DeleteObject", "arn:aws:s3:::b/a&b"),
                    ("s3:DeleteObject", "arn:aws:s3:::b/c"),
                ],
            ),
        ),
        (
            "s3",
            "copy_object",
            {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "c", "Key": "d"}},
            (
                "s3",
                "CopyObject",
                "rest-xml",
                [("s3:PutObject", "arn:aws:s3:::b/k"), ("s3:GetObject", "arn:aws:s3:::c/d")],
            ),
        ),
        (
            "iam",
            "put_role_policy",
            {"RoleName": "r", "PolicyName": "p", "PolicyDocument": '{"a": "b&c"}'},
            ("iam", "PutRolePolicy", "query", [("iam:PutRolePolicy", f"{IAM_ROLE}/r")]),
        ),
        (
            "dynamodb",
            "transact_write_items",
            {"TransactItems": [{"Delete": {"TableName": "t", "Key": {"pk": {"S": "a"}}}}]},
            ("dynamodb", "TransactWriteItems", "json", [("dynamodb:DeleteItem", f"{TABLE}/t")]),
        ),
        (
            "scheduler",
            "create_schedule",
            {"Name": "s", "GroupName": "g", "Target": {"Arn": "t", "RoleArn": "role"}},
            (
                "scheduler",
                "CreateSchedule",
                "rest-json",
                [
                    ("scheduler:CreateSchedule", f"{SCHEDULE}/g/s"),
                    ("iam:PassRole", "role"),
                ],
            ),
        ),
        (
            "sqs",
            "delete_message_batch",
            {"QueueUrl": f"http://127.0.0.1:4599/{ACCOUNT}/q", "Entries": []},
            (
                "sqs",
                "DeleteMessageBatch",
                "json",
                [("sqs:DeleteMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")],
            ),
        ),
        (
            "lambda",
            "invoke",
            {"FunctionName": "f", "Payload": b"[1]"},
            (
                "lambda",
                "Invoke",
                "rest-json",
                [("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f")],
            ),
        ),
        (
            "stepfunctions",
            "start_execution",
            {"stateMachineArn": "machine", "input": "{}"},
            ("states", "StartExecution", "json", [("states:StartExecution", "machine")]),
        ),
        (
            "service-quotas",
            "get_service_quota",
            {"ServiceCode": "iam", "QuotaCode": "q"},
            ("servicequotas", "GetServiceQuota", "json", [("servicequotas:GetServiceQuota", "*")]),
        ),
    ],
)
def test_request_is_read_as_its_operation(
    service: str, operation: str, parameters: dict[str, Any], expected: Any
) -> None:
    request = _read(service, operation, parameters)
    required = [(found.action, found.resource) for found in required_permissions(request)]
    assert (request.service, request.operation, request.protocol, required) == expected
    assert (request.access_key, request.source_ip) == (KEY, "192.0.2.1")


def test_parameters_are_those_of_the_api_reference() -> None:
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
    request = _read("iam", "create_role", {"RoleName": "r", "Path": "/p/", "Tags": tags})
    assert request.parameters["Tags"] == tags
    (create, tag) = required_permissions(request)
    assert create.resource == tag.resource == f"{IAM_ROLE}/p/r"
    assert tag.context == {"aws:RequestTag/a": "1", "aws:RequestTag/b": ""}


def test_presigned_url_says_who_signed_it() -> None:
    url = _client("s3").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    request = operations.read(_environ(url), b"")
    assert (request.access_key, request.operation) == (KEY, "GetObject")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"null", b'{"TableName": 1, "Key": 2}'])
def test_what_cannot_be_parsed_is_left_for_moto_to_refuse(body: bytes) -> None:
    headers = {
        "Authorization": f"Credential={KEY}/20260101/{REGION}/dynamodb/aws4_request",
        "X-Amz-Target": "DynamoDB_20120810.GetItem",
        "Content-Type": "application/x-amz-json-1.0",
    }
    request = operations.read(_environ("http://127.0.0.1:4599/", "POST", body, headers), body)
    assert request.operation == "GetItem"
    assert isinstance(request.parameters, dict)
    assert required_permissions(request)


def test_unknown_operation_is_unknown() -> None:
    headers = {"Authorization": f"Credential={KEY}/20260101/{REGION}/none-such/aws4_request"}
    request = operations.read(_environ("http://127.0.0.1:4599/x", headers=headers), b"")
    assert (request.service, request.operation, request.parameters) == ("none-such", "Unknown", {})
