"""Names in entries of the catalogue: one resource each, of this account and region."""

import re

import pytest

from latchkey.services.registry import spec
from tests.kit.examples import (
    ACCOUNT,
    OTHER_ACCOUNT,
    read,
)
from tests.unit.catalogue_entries import entry_of

FIELDS = {
    "s3": ("bucket", "read"),
    "secretsmanager": ("secret", "read"),
    "sqs": ("queue", "send"),
    "sns": ("topic", "publish"),
    "dynamodb": ("table", "read"),
    "lambda": ("function", "invoke"),
    "ssm": ("parameter", "read"),
    "events": ("event_bus", "put"),
    "kinesis": ("stream", "read"),
    "states": ("state_machine", "start"),
    "logs": ("log_group", "read"),
    "execute-api": ("api", "invoke"),
    "bedrock": ("model", "invoke"),
    "firehose": ("stream", "put"),
    "sagemaker": ("endpoint", "invoke"),
    "ecr": ("repository", "pull"),
    "ses": ("identity", "send"),
}


BAD_NAMES = [
    "",
    "*",
    "name*",
    "name?",
    "na me",
    "${aws:username}",
    "name\n",
    "näme",
    "n\u0430me",
    "name\x00",
    'na"me',
    "x" * 2_000,
    "arn:aws:iam::123456789012:role/name",
    "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
]


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("service", FIELDS)
def test_name_that_is_no_single_name_is_rejected_where_it_stands(service: str, name: str) -> None:
    field, allow = FIELDS[service]
    found = read(access=[entry_of(service, **{field: name, "allow": allow})])
    assert [problem.path for problem in found.problems] == [f"/access/0/{field}"]
    assert re.search(r"not a|write the", found.problems[0].message)


@pytest.mark.parametrize("service", FIELDS)
def test_unknown_kind_of_access_is_reported_with_those_that_there_are(service: str) -> None:
    _, allow = FIELDS[service]
    entry = entry_of(service, **{**spec(service).example, "allow": "everything"})
    (problem,) = read(access=[entry]).problems
    assert problem.path == "/access/0/allow"
    assert allow in problem.message


ELSEWHERE = [
    ("secretsmanager", "arn:aws:secretsmanager:{}:secret:api-AbCdEf"),
    ("sqs", "arn:aws:sqs:{}:orders"),
    ("sns", "arn:aws:sns:{}:news"),
    ("dynamodb", "arn:aws:dynamodb:{}:table/items"),
    ("lambda", "arn:aws:lambda:{}:function:quote"),
    ("events", "arn:aws:events:{}:event-bus/bus"),
    ("kinesis", "arn:aws:kinesis:{}:stream/clicks"),
    ("states", "arn:aws:states:{}:stateMachine:intake"),
    ("execute-api", "arn:aws:execute-api:{}:a1b2c3d4e5"),
    ("bedrock", "arn:aws:bedrock:{}:inference-profile/us.amazon.nova-pro-v1:0"),
    ("logs", "arn:aws:logs:{}:log-group:/app/import"),
    ("firehose", "arn:aws:firehose:{}:deliverystream/to-lake"),
    ("sagemaker", "arn:aws:sagemaker:{}:endpoint/score"),
    ("ecr", "arn:aws:ecr:{}:repository/team/agent"),
    ("ses", "arn:aws:ses:{}:identity/news.example"),
]


@pytest.mark.parametrize("where", [f"eu-west-1:{ACCOUNT}", f"us-east-1:{OTHER_ACCOUNT}"])
@pytest.mark.parametrize(("service", "arn"), ELSEWHERE)
def test_resource_of_another_account_or_region_is_rejected(
    service: str, arn: str, where: str
) -> None:
    field, allow = FIELDS[service]
    entry = entry_of(service, **{field: arn.format(where), "allow": allow})
    (problem,) = read(access=[entry]).problems
    assert problem.path == f"/access/0/{field}"
    assert "grant it from a stack there" in problem.message


@pytest.mark.parametrize("name", ["/aws/service/x", "ssm-x", "/ssm/x/"])
def test_parameters_of_aws_are_not_ours_to_grant(name: str) -> None:
    if name == "ssm-x":
        assert read(access=[entry_of("ssm", parameter=name, allow="read")]).problems == ()
        return
    (problem,) = read(access=[entry_of("ssm", parameter=name, allow="read")]).problems
    assert "belong to AWS" in problem.message
