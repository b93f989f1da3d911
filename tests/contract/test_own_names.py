"""Latchkey's own resources are known by their names: in the template, the specs, the boundary."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from latchkey.services.own_names import own_guardrails, own_prefix
from latchkey.services.registry import KNOWN, specs
from tests.kit.template import listed, properties, resolved, template

NAMED_BY = {
    "AWS::CloudWatch::Dashboard": ("DashboardName", 255),
    "AWS::DynamoDB::Table": ("TableName", 255),
    "AWS::Events::EventBus": ("Name", 256),
    "AWS::Events::Rule": ("Name", 64),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", 128),
    "AWS::Logs::LogGroup": ("LogGroupName", 512),
    "AWS::S3::Bucket": ("BucketName", 63),
    "AWS::SNS::Topic": ("TopicName", 256),
    "AWS::SQS::Queue": ("QueueName", 80),
    "AWS::SSM::Parameter": ("Name", 1011),
    "AWS::Scheduler::ScheduleGroup": ("Name", 64),
    "AWS::Serverless::Function": ("FunctionName", 64),
    "AWS::Serverless::StateMachine": ("Name", 80),
}
"""The property that names each type of resource, and how long a name may be.

Sources: the resources' pages in the CloudFormation template reference, and the API reference of
each service (CreateBucket, CreateQueue, CreateTopic, CreateFunction and so on).
"""

ARN_BEFORE = {
    "AWS::DynamoDB::Table": ("dynamodb", "table/"),
    "AWS::Events::EventBus": ("events", "event-bus/"),
    "AWS::Logs::LogGroup": ("logs", "log-group:"),
    "AWS::S3::Bucket": ("s3", ""),
    "AWS::SNS::Topic": ("sns", ""),
    "AWS::SQS::Queue": ("sqs", ""),
    "AWS::SSM::Parameter": ("ssm", "parameter"),
    "AWS::Serverless::Function": ("lambda", "function:"),
    "AWS::Serverless::StateMachine": ("states", "stateMachine:"),
}

LONGEST = "s" * 18
"""The longest name of a stack in any region (docs/getting-started.md)."""

REGIONS = ("us-east-1", "ap-southeast-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1")


def _names(stack: str, region: str = "us-east-1") -> Iterator[tuple[str, str, str, int]]:
    """Logical ID, type, name and the longest possible name of each named resource."""
    for logical, resource in template()["Resources"].items():
        kind, found = resource["Type"], resource.get("Properties", {})
        if kind in NAMED_BY:
            field, longest = NAMED_BY[kind]
            yield logical, kind, resolved(found[field], stack, region), longest
        elif kind == "AWS::IAM::Role" and "RoleName" in found:
            yield logical, kind, resolved(found["RoleName"], stack, region), 64
        for event in found.get("Events", {}).values() if "Serverless" in kind else ():
            if name := event["Properties"].get("Name"):
                yield logical, "schedule", resolved(name, stack, region), 64


@pytest.mark.parametrize("stack", ["latchkey", "prod", "latchkey-dev", "l", LONGEST])
def test_every_name_of_a_stack_has_the_prefix_that_is_common_to_all_stacks(stack: str) -> None:
    prefix = own_prefix(stack)
    for logical, kind, name, _ in _names(stack):
        if kind == "AWS::Logs::LogGroup":
            assert name.startswith((f"/latchkey/{stack}/", f"/aws/vendedlogs/states/{prefix}-"))
        elif kind == "AWS::SSM::Parameter":
            assert name == own_guardrails(stack)
        else:
            assert name == prefix or name.startswith(f"{prefix}-"), logical
        assert (
            name.lower().lstrip("/").removeprefix("aws/vendedlogs/states/").startswith("latchkey")
        )


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("stack", ["latchkey", LONGEST])
def test_names_are_no_longer_than_aws_takes_them(stack: str, region: str) -> None:
    for logical, _, name, longest in _names(stack, region):
        assert len(name) <= longest, f"{logical}: {name}"


def test_longest_name_of_a_stack_cannot_be_longer() -> None:
    names = _names(f"{LONGEST}s", "ap-southeast-1")
    assert any(len(name) > longest for _, _, name, longest in names)


def test_names_of_two_stacks_are_never_the_same() -> None:
    mine: defaultdict[str, set[str]] = defaultdict(set)
    for _, kind, name, _ in _names("latchkey"):
        mine[kind].add(name)
    ends = {name.removeprefix("latchkey-") for names in mine.values() for name in names}
    words = {
        part for end in ends for part in end.split("-") if re.fullmatch("[a-z][a-z0-9]*", part)
    }
    heads = {"-".join(end.split("-")[:size]) for end in ends for size in range(1, 5)}
    for stack in sorted(words | heads | {"latchkey-x", "guardrails"}):
        if re.fullmatch("[a-z][a-z0-9-]*", stack) and stack != "latchkey":
            for _, kind, name, _ in _names(stack):
                assert name not in mine[kind], f"of {stack}"


def _own_arns() -> set[str]:
    return {
        f"arn:aws:{name}:{'*:*' if service.arn.regional else ':'}:{rest}"
        for name, service in specs().items()
        for rest in service.own
    }


def test_every_spec_says_which_names_are_latchkeys_own() -> None:
    without = {name for name in KNOWN if not specs()[name].own}
    assert without == {"account", "bedrock", "cloudwatch", "execute-api", "kms"}, (
        "known by IDs that AWS gives, or by no ARN at all"
    )


@pytest.mark.parametrize("stack", ["latchkey", "prod"])
def test_what_the_template_makes_is_among_the_names_that_specs_say(stack: str) -> None:
    kinds = {service.resource_type for service in specs().values()}
    made = 0
    for logical, kind, name, _ in _names(stack):
        if kind not in ARN_BEFORE:
            assert kind.replace("Serverless", "Lambda") not in kinds, f"{logical}: add it above"
            continue
        service, before = ARN_BEFORE[kind]
        made += 1
        own = specs()[service].own
        assert any(_is(f"{before}{name}", pattern) for pattern in own), name
    assert made > 20


def _is(name: str, pattern: str) -> bool:
    return name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))


def _deny() -> dict[str, Any]:
    statements = properties("PermissionsBoundary")["PolicyDocument"]["Statement"]
    (deny,) = [statement for statement in statements if statement["Effect"] == "Deny"]
    found: dict[str, Any] = deny
    return found


def test_boundary_denies_all_that_is_latchkeys_own_and_every_action_on_it() -> None:
    assert listed(_deny()["Action"]) == ["*"]
    assert "Condition" not in _deny()
    assert set(resolved(_deny()["Resource"], "any")) == _own_arns()


def test_guardrails_that_are_managed_outside_are_known_by_their_name_too() -> None:
    pattern = template()["Parameters"]["GuardrailsParameterName"]["AllowedPattern"]
    for name in ("", "/latchkey/guardrails", "/latchkey/security/rules"):
        assert re.fullmatch(pattern, name)
    for name in ("/security/guardrails", "/latchkey", "/latchkey-x/rules", "latchkey/rules"):
        assert not re.fullmatch(pattern, name)
