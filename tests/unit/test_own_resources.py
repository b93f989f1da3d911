"""Nothing that a config names is Latchkey's own, of this stack or any other."""

from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails
from latchkey.config.problem import Problem
from latchkey.config.rules import StackContext
from latchkey.grants.resources import Look, Looked
from latchkey.grants.validation import Lookups, validated
from latchkey.services.registry import spec
from latchkey.services.resource_info import ResourceInfo
from tests.kit.documented.access import OF_RESOURCES
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, NOW, config, read
from tests.unit.catalogue_entries import entry_of

HERE = f"us-east-1:{ACCOUNT}"

NAMED: list[tuple[str, str, str, str]] = [
    ("s3", "bucket", "latchkey-config-123456789012-us-east-1", "read-write"),
    ("s3", "bucket", "latchkey-results-123456789012-eu-west-1", "read"),
    ("s3", "bucket", "latchkey-prod-config-123456789012-us-east-1", "write"),
    ("dynamodb", "table", "latchkey-grants", "read"),
    ("dynamodb", "table", f"arn:aws:dynamodb:{HERE}:table/latchkey-prod-grants", "read-write"),
    ("sqs", "queue", "latchkey-config-events", "send"),
    ("sqs", "queue", "latchkey-dev-register-requests-dead", "consume"),
    ("sns", "topic", "latchkey-notices", "publish"),
    ("sns", "topic", f"arn:aws:sns:{HERE}:latchkey-prod-notices", "publish"),
    ("lambda", "function", "latchkey-grant-access", "invoke"),
    ("lambda", "function", "latchkey-prod-plan-grant:1", "invoke"),
    ("lambda", "function", f"arn:aws:lambda:{HERE}:function:latchkey-sweep-grants:live", "invoke"),
    ("ssm", "parameter", "/latchkey/guardrails", "read"),
    ("ssm", "parameter", "/latchkey/prod/guardrails", "read"),
    ("ssm", "parameter", "/latchkey/", "read"),
    ("ssm", "parameter", "/latchkey/prod/", "read"),
    ("ssm", "parameter", "latchkey", "read"),
    ("events", "event_bus", "latchkey", "put"),
    ("events", "event_bus", f"arn:aws:events:{HERE}:event-bus/latchkey-prod", "put"),
    ("states", "state_machine", "latchkey-grant-workflow", "start"),
    ("states", "state_machine", "latchkey-prod-plan-workflow", "start"),
    ("kinesis", "stream", "latchkey-any", "read"),
    ("athena", "workgroup", "latchkey-any", "query"),
    ("glue", "database", "latchkey-any", "read"),
    ("secretsmanager", "secret", "latchkey/any", "read"),
    ("logs", "log_group", "/latchkey/latchkey/grant_access", "read"),
    ("logs", "log_group", "/latchkey/prod/plan_grant", "write"),
    ("logs", "log_group", "/aws/vendedlogs/states/latchkey-grant-workflow", "read"),
    ("logs", "log_group", f"arn:aws:logs:{HERE}:log-group:/latchkey/prod/sweep_grants", "read"),
    ("firehose", "stream", "latchkey-any", "put"),
    ("sagemaker", "endpoint", "latchkey-any", "invoke"),
    ("sagemaker", "endpoint", "Latchkey-any", "invoke"),
    ("ecr", "repository", "latchkey/any", "push"),
]

CUSTOM = [
    ("s3:GetObjectTagging", "arn:aws:s3:::latchkey-config-123456789012-us-east-1/*"),
    ("s3:PutObject", "arn:aws:s3:::latchkey-config-123456789012-us-east-1/partners/*"),
    ("s3:ListBucketVersions", "arn:aws:s3:::latchkey-prod-results-123456789012-us-east-1"),
    ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/latchkey-grants/index/*"),
    ("dynamodb:PartiQLSelect", f"arn:aws:dynamodb:{HERE}:table/latchkey-prod-grants"),
    ("ssm:GetParameterHistory", f"arn:aws:ssm:{HERE}:parameter/latchkey/guardrails"),
    ("ssm:GetParametersByPath", f"arn:aws:ssm:{HERE}:parameter/latchkey"),
    ("ssm:GetParametersByPath", f"arn:aws:ssm:{HERE}:parameter/latchkey/*"),
    ("sqs:PurgeQueue", f"arn:aws:sqs:{HERE}:latchkey-config-events"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:latchkey-grant-access:2"),
    ("logs:GetLogEvents", f"arn:aws:logs:{HERE}:log-group:/latchkey/prod/x:log-stream:*"),
    ("glue:GetTable", f"arn:aws:glue:{HERE}:table/latchkey-any/*"),
    ("ecr:ListImages", f"arn:aws:ecr:{HERE}:repository/latchkey-any"),
]


_BY_IDS = {"bedrock", "execute-api", "kms"}
"""Whose resources are known by IDs that AWS gives, and of which Latchkey has none."""

_NONE_OF_ITS_OWN = {"ses", *_BY_IDS}
"""Those, and what is only ever implied."""


@pytest.mark.parametrize(("service", "field", "name", "allow"), NAMED)
def test_own_resource_is_a_problem_at_the_field_that_names_it(
    service: str, field: str, name: str, allow: str
) -> None:
    found = read(access=[entry_of(service, **{field: name, "allow": allow})])
    assert {problem.path for problem in found.problems} == {f"/access/0/{field}"}
    assert all("is of Latchkey itself" in problem.message for problem in found.problems)


@pytest.mark.parametrize(("action", "arn"), CUSTOM)
def test_own_resource_in_a_custom_statement_is_a_problem_at_its_resources(
    action: str, arn: str
) -> None:
    fine = {"Action": "sns:Publish", "Resource": f"arn:aws:sns:{HERE}:news"}
    statements = [fine, {"Action": action, "Resource": arn}]
    (problem,) = read(access=[{"service": "custom", "statements": statements}]).problems
    assert problem.path == "/access/0/statements/1/Resource"
    assert "is of Latchkey itself" in problem.message


def test_every_service_has_a_case() -> None:
    assert {service for service, *_ in NAMED} == {*OF_RESOURCES} - {*_NONE_OF_ITS_OWN}
    assert {name for name in OF_RESOURCES if not spec(name).own} == {*_BY_IDS}


@pytest.mark.parametrize(
    "entry",
    [
        {"service": "s3", "bucket": "my-latchkey-data", "allow": "read"},
        {"service": "s3", "bucket": "latchkeys", "allow": "read"},
        {"service": "ssm", "parameter": "/lat/", "allow": "read"},
        {"service": "ssm", "parameter": "/latchkeys/", "allow": "read"},
        {"service": "ssm", "parameter": "/app/latchkey/", "allow": "read"},
        {"service": "events", "event_bus": "latchkeys", "allow": "put"},
        {"service": "sqs", "queue": "for-latchkey-users", "allow": "send"},
    ],
)
def test_name_that_only_looks_alike_is_no_problem(entry: dict[str, Any]) -> None:
    assert read(access=[entry]).problems == ()


def test_own_resource_that_is_only_implied_is_a_problem_once_it_is_found() -> None:
    asked = config(access=[entry_of("athena", workgroup="queries", allow="query")])

    def problems(results: str) -> list[Problem]:
        implied = (ResourceInfo(results),)
        found = ResourceInfo(f"arn:aws:athena:{HERE}:workgroup/queries", implied=implied)
        looked = (Looked((Look(found),)),)
        lookups = Lookups(tuple(asked.access), (), Guardrails(version=1), "1", looked)
        return [*validated(dict(asked), lookups, NOW, StackContext(AWS_ENVIRONMENT)).problems]

    own = problems("arn:aws:s3:::latchkey-results-123456789012-us-east-1/athena/*")
    assert {problem.path for problem in own} == {"/access/0/workgroup"}
    assert all("is of Latchkey itself" in problem.message for problem in own)
    assert problems("arn:aws:s3:::results/*") == []
