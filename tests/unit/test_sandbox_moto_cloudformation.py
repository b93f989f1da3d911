"""Each fix of moto's CloudFormation is still needed. Where a test fails, delete the fix."""

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.iam.models import iam_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from sandbox.account import ACCOUNT, PARTITION, REGION
from sandbox.moto_fixes.registry import RESOURCES
from sandbox.moto_fixes.replacing import plain_moto

POLICY = {"Version": "2012-10-17", "Statement": []}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/some"
CODE = {"S3Bucket": "no-bucket", "S3Key": "folder"}
ABSENT: dict[str, dict[str, Any]] = {
    "AWS::S3::BucketPolicy": {"Bucket": "b", "PolicyDocument": POLICY},
    "AWS::SQS::QueuePolicy": {"Queues": [], "PolicyDocument": POLICY},
    "AWS::Events::EventBusPolicy": {"EventBusName": "b", "StatementId": "s", "Statement": {}},
    "AWS::SNS::TopicPolicy": {"Topics": [], "PolicyDocument": POLICY},
    "AWS::Scheduler::ScheduleGroup": {"Name": "g"},
    "AWS::Scheduler::Schedule": {"Name": "s", "ScheduleExpression": "rate(1 day)"},
}
INCOMPLETE = {
    "AWS::S3::Bucket": "test_bucket_has_no_versioning",
    "AWS::IAM::Role": "test_policies_of_a_role_are_no_text",
    "AWS::IAM::ManagedPolicy": "test_managed_policy_outlives_its_stack",
    "AWS::Events::EventBus": "test_event_bus_cannot_be_referred_to",
    "AWS::StepFunctions::StateMachine": "test_state_machine_is_not_where_it_would_run",
    "AWS::Lambda::LayerVersion": "test_code_has_to_be_in_a_bucket",
    "AWS::Lambda::Function": "test_code_has_to_be_in_a_bucket",
    "AWS::Lambda::EventSourceMapping": "test_queue_invokes_the_function_itself",
}


@pytest.fixture
def deploy() -> Iterator[Callable[..., dict[str, str]]]:
    """Creates a stack of these resources; answers its outputs."""
    execute: Any = {"stepfunctions": {"execute_state_machine": True}}
    with plain_moto(), mock_aws(config=execute):

        def deployed(outputs: Any = None, **resources: Any) -> dict[str, str]:
            client = boto3.client("cloudformation", region_name=REGION)
            template = {"Resources": resources} | ({"Outputs": outputs} if outputs else {})
            client.create_stack(StackName="stack", TemplateBody=json.dumps(template))
            (stack,) = client.describe_stacks(StackName="stack")["Stacks"]
            return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}

        yield deployed


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def test_every_type_has_a_test() -> None:
    assert {resource.kind for resource in RESOURCES} == ABSENT.keys() | INCOMPLETE.keys()
    assert set(INCOMPLETE.values()) <= globals().keys()


def test_every_type_says_what_is_wrong_with_moto_s() -> None:
    for resource in RESOURCES:
        said = resource.create.__doc__ or ""
        assert "moto/" in said or "no such type" in said, resource.kind


@pytest.mark.parametrize("kind", ABSENT)
def test_moto_has_no_such_type(deploy: Callable[..., Any], kind: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        deploy(Some=_resource(kind, **ABSENT[kind]))
    assert any(kind in str(warning.message) for warning in caught)


def test_bucket_has_no_versioning(deploy: Callable[..., Any]) -> None:
    versioning = {"Status": "Enabled"}
    deploy(
        B=_resource("AWS::S3::Bucket", BucketName="some-bucket", VersioningConfiguration=versioning)
    )
    found = boto3.client("s3", region_name=REGION).get_bucket_versioning(Bucket="some-bucket")
    assert "Status" not in found


def test_policies_of_a_role_are_no_text(deploy: Callable[..., Any]) -> None:
    policies = [{"PolicyName": "p", "PolicyDocument": POLICY}]
    role = _resource(
        "AWS::IAM::Role", RoleName="r", AssumeRolePolicyDocument=POLICY, Policies=policies
    )
    deploy(R=role)
    (found,) = iam_backends[ACCOUNT][PARTITION].roles.values()
    assert not isinstance(found.policies["p"], str)


def test_managed_policy_outlives_its_stack(deploy: Callable[..., Any]) -> None:
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allowed]}
    deploy(
        P=_resource("AWS::IAM::ManagedPolicy", ManagedPolicyName="policy", PolicyDocument=document)
    )
    boto3.client("cloudformation", region_name=REGION).delete_stack(StackName="stack")
    found = boto3.client("iam", region_name=REGION).list_policies(Scope="Local")["Policies"]
    assert [policy["PolicyName"] for policy in found] == ["policy"]


def test_event_bus_cannot_be_referred_to(deploy: Callable[..., Any]) -> None:
    outputs = {"Name": {"Value": {"Ref": "Bus"}}}
    found = deploy(outputs, Bus=_resource("AWS::Events::EventBus", Name="bus"))
    assert found.get("Name") != "bus"


def test_state_machine_is_not_where_it_would_run(deploy: Callable[..., Any]) -> None:
    definition = json.dumps({"StartAt": "Only", "States": {"Only": {"Type": "Succeed"}}})
    machine = _resource(
        "AWS::StepFunctions::StateMachine",
        StateMachineName="m",
        DefinitionString=definition,
        RoleArn=ROLE,
    )
    deploy(M=machine)
    assert not stepfunctions_parser_backends[ACCOUNT][REGION].state_machines


@pytest.mark.parametrize(
    "resource",
    [
        _resource("AWS::Lambda::LayerVersion", LayerName="l", Content=CODE),
        _resource(
            "AWS::Lambda::Function",
            FunctionName="f",
            Code=CODE,
            Handler="app.handler",
            Role=ROLE,
            Runtime="python3.13",
        ),
    ],
)
def test_code_has_to_be_in_a_bucket(deploy: Callable[..., Any], resource: Any) -> None:
    with pytest.raises(Exception, match="specified bucket does not exist"):
        deploy(Some=resource)


def test_queue_invokes_the_function_itself(deploy: Callable[..., Any]) -> None:
    trusted = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [trusted]}
    role = _resource("AWS::IAM::Role", RoleName="some", AssumeRolePolicyDocument=trust)
    function = _resource(
        "AWS::Lambda::Function",
        FunctionName="f",
        Code={"ZipFile": "#"},
        Handler="app.handler",
        Role={"Fn::GetAtt": ["R", "Arn"]},
        Runtime="python3.13",
    )
    mapping = _resource(
        "AWS::Lambda::EventSourceMapping",
        FunctionName={"Ref": "F"},
        EventSourceArn={"Fn::GetAtt": ["Q", "Arn"]},
    )
    deploy(R=role, Q=_resource("AWS::SQS::Queue", QueueName="q"), F=function, M=mapping)
    (queue,) = sqs_backends[ACCOUNT][REGION].queues.values()
    assert queue.lambda_event_source_mappings
