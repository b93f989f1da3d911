"""Resources are in the region that a request is signed for, and so are the ARNs that it needs."""

from typing import Any

import pytest

from sandbox.account import ACCOUNT, REGION, region_of
from sandbox.api import operations
from sandbox.iam.request import Request
from sandbox.iam.required_permissions import required_permissions

EU = "eu-west-1"


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("athena", "StartQueryExecution", {"WorkGroup": "w"}),
        ("dynamodb", "GetItem", {"TableName": "t", "Key": {"pk": {"S": "a"}}}),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"t": {"Keys": [{"pk": {"S": "a"}}]}}}),
        ("dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "t"}}]}),
        ("events", "PutEvents", {"Entries": [{"Source": "s", "DetailType": "d"}]}),
        ("kinesis", "PutRecord", {"StreamName": "s"}),
        ("kms", "Decrypt", {"KeyId": "k"}),
        ("lambda", "Invoke", {"FunctionName": "f"}),
        ("scheduler", "GetSchedule", {"Name": "n", "GroupName": "g"}),
        ("secretsmanager", "GetSecretValue", {"SecretId": "s"}),
        ("sqs", "SendMessage", {"QueueUrl": "http://127.0.0.1/1/q"}),
        ("ssm", "GetParametersByPath", {"Path": "/a"}),
    ],
)
def test_permissions_are_for_resources_of_the_requests_region(
    service: str, operation: str, given: dict[str, Any]
) -> None:
    request = Request("any", service, operation, given, "json", "192.0.2.1", region=EU)
    (permission,) = required_permissions(request)
    assert permission.resource.split(":")[2:5] == [service, EU, ACCOUNT]


def test_region_is_that_of_the_signature() -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/x",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "4599",
        "wsgi.url_scheme": "http",
        "HTTP_AUTHORIZATION": f"Credential=any/20260101/{EU}/none-such/aws4_request",
    }
    assert operations.read(environ, b"").region == EU
    assert operations.read({**environ, "HTTP_AUTHORIZATION": ""}, b"").region == REGION


@pytest.mark.parametrize(
    ("arn", "region"),
    [
        (f"arn:aws:sqs:{EU}:{ACCOUNT}:q", EU),
        (f"arn:aws:iam::{ACCOUNT}:role/r", REGION),
        ("arn:aws:s3:::bucket", REGION),
        ("name", REGION),
    ],
)
def test_what_has_no_region_is_in_the_first_stacks(arn: str, region: str) -> None:
    assert region_of(arn) == region
