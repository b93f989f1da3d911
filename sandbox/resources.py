"""Resources that moto's CloudFormation does not make, or makes less than whole.

moto finds its resource types among the subclasses of `CloudFormationModel`, and a later one of the
same type wins; so defining them here is all it takes, and references to them resolve as usual.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moto.cloudformation.parsing  # noqa: F401 (defines moto's own resources before ours)
from moto.awslambda.models import EventSourceMapping, LambdaFunction, LayerVersion
from moto.core.common_models import CloudFormationModel
from moto.iam.models import Role
from moto.s3.models import FakeBucket
from moto.sns.models import Topic
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from sandbox.functions import MOST_WORKERS, FunctionSpec
from sandbox.mappings import MappingSpec
from sandbox.moto_state import ACCOUNT, REGION
from sandbox.runtime import Runtime
from sandbox.template import local_path

Properties = dict[str, Any]
_defined: list[type] = []  # moto finds classes that are held somewhere
Create = Callable[[Runtime, str, Properties, str], Any]


class Made:
    """What stands for a resource that was made through the API."""

    def __init__(self, physical_id: str, arn: str = "") -> None:
        self.physical_resource_id = physical_id
        self.arn = arn
        self.cf_resource_type = self.logical_resource_id = ""

    @property
    def type(self) -> str:
        """What CloudFormation lists it as."""
        return self.cf_resource_type

    def get_cfn_attribute(self, _name: str) -> str:
        """What Fn::GetAtt answers: nothing but the ARN is asked for."""
        return self.arn

    def is_created(self) -> bool:
        """It is as soon as it is here."""
        return True


def define_resources(runtime: Runtime) -> None:
    """Make moto's CloudFormation create these types, running what runs in the given runtime."""
    layers: dict[str, Path] = {}
    for kind, (name_property, create) in _TYPES.items():
        _define(kind, name_property, create, runtime)
    _define("AWS::Lambda::LayerVersion", "LayerName", _layer_into(layers), runtime)
    _define("AWS::Lambda::Function", "FunctionName", _function_with(layers), runtime)


def _define(kind: str, name_property: str, create: Create, runtime: Runtime) -> None:
    def create_from_cloudformation_json(
        _cls: Any, resource_name: str, cloudformation_json: Any, *_: Any, **known: Any
    ) -> Any:
        properties = cloudformation_json.get("Properties", {})
        try:
            return create(runtime, resource_name, properties, known["LogicalId"])
        except KeyError as error:  # moto would take it for a reference to nothing
            raise RuntimeError(f"{known['LogicalId']}: there is no {error}") from error

    members = {
        "cloudformation_type": staticmethod(lambda: kind),
        "cloudformation_name_type": staticmethod(lambda: name_property),
        "has_cfn_attr": classmethod(lambda _cls, _name: True),
        "create_from_cloudformation_json": classmethod(create_from_cloudformation_json),
    }
    _defined.append(type(f"Sandbox{kind.replace('::', '')}", (CloudFormationModel,), members))


def _by_moto(model: Any, name: str, properties: Properties) -> Any:
    made = {"Properties": properties}
    return model.create_from_cloudformation_json(name, made, ACCOUNT, REGION)


def _bucket(runtime: Runtime, name: str, properties: Properties, _logical_id: str) -> Any:
    made = _by_moto(FakeBucket, name, properties)
    s3 = runtime.client("s3")
    if "VersioningConfiguration" in properties:
        versioning = properties["VersioningConfiguration"]
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if "PublicAccessBlockConfiguration" in properties:
        block = properties["PublicAccessBlockConfiguration"]
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    if "OwnershipControls" in properties:
        controls = properties["OwnershipControls"]
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=controls)
    queues = properties.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
    if queues:
        configuration = {"QueueConfigurations": [_queue_notification(queue) for queue in queues]}
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration=configuration
        )
    return made


def _queue_notification(declared: Properties) -> Properties:
    """CloudFormation's names of these properties are not the API's."""
    notification = {"QueueArn": declared["Queue"], "Events": [declared["Event"]]}
    rules = declared.get("Filter", {}).get("S3Key", {}).get("Rules")
    return notification | ({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})


def _role(_: Runtime, name: str, properties: Properties, _logical_id: str) -> Any:
    """With documents as text, which is what moto's API answers with."""
    policies = [
        {**policy, "PolicyDocument": json.dumps(policy["PolicyDocument"])}
        for policy in properties.get("Policies", [])
    ]
    trust = json.dumps(properties["AssumeRolePolicyDocument"])
    texts = {"AssumeRolePolicyDocument": trust, "Policies": policies}
    return _by_moto(Role, name, properties | texts)


def _bucket_policy(runtime: Runtime, name: str, properties: Properties, _logical_id: str) -> Made:
    policy = json.dumps(properties["PolicyDocument"])
    runtime.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=policy)
    return Made(name)


def _queue_policy(runtime: Runtime, name: str, properties: Properties, _logical_id: str) -> Made:
    policy = {"Policy": json.dumps(properties["PolicyDocument"])}
    for url in properties["Queues"]:
        runtime.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=policy)
    return Made(name)


def _event_bus(runtime: Runtime, name: str, _: Properties, _logical_id: str) -> Made:
    """Moto's own knows no name that references could resolve to."""
    made = runtime.client("events").create_event_bus(Name=name)
    return Made(name, made["EventBusArn"])


def _topic(_: Runtime, name: str, properties: Properties, _logical_id: str) -> Any:
    """With its key, which moto leaves out, so that it is asked whether callers may use it."""
    made = _by_moto(Topic, name, properties)
    made.kms_master_key_id = properties.get("KmsMasterKeyId")
    return made


def _topic_policy(runtime: Runtime, name: str, properties: Properties, _logical_id: str) -> Made:
    policy = {"AttributeName": "Policy", "AttributeValue": json.dumps(properties["PolicyDocument"])}
    for arn in properties["Topics"]:
        runtime.client("sns").set_topic_attributes(TopicArn=arn, **policy)
    return Made(name)


def _schedule_group(runtime: Runtime, name: str, _: Properties, _logical_id: str) -> Made:
    made = runtime.client("scheduler").create_schedule_group(Name=name)
    return Made(name, made["ScheduleGroupArn"])


def _schedule(runtime: Runtime, name: str, properties: Properties, _logical_id: str) -> Made:
    made = runtime.client("scheduler").create_schedule(**{**properties, "Name": name})
    return Made(name, made["ScheduleArn"])


def _state_machine(_: Runtime, name: str, properties: Properties, _logical_id: str) -> Any:
    """Where the executing interpreter looks; moto's own resource puts it elsewhere."""
    definition = properties["DefinitionString"]
    for key, value in properties.get("DefinitionSubstitutions", {}).items():
        definition = definition.replace(f"${{{key}}}", str(value))
    return stepfunctions_parser_backends[ACCOUNT][REGION].create_state_machine(
        name=properties.get("StateMachineName", name),
        definition=definition,
        roleArn=properties["RoleArn"],
        sm_type=properties.get("StateMachineType", "STANDARD"),
    )


def _layer_into(layers: dict[str, Path]) -> Create:
    def layer(_: Runtime, name: str, properties: Properties, _logical_id: str) -> Any:
        folder = local_path(properties["Content"])
        made = _by_moto(LayerVersion, name, {**properties, "Content": {"ZipFile": ""}})
        if folder:
            layers[made.arn] = folder
        return Made(made.arn, made.arn)

    return layer


def _function_with(layers: dict[str, Path]) -> Create:
    def function(runtime: Runtime, name: str, properties: Properties, logical_id: str) -> Any:
        folder = local_path(properties["Code"])
        made = _by_moto(LambdaFunction, name, {**properties, "Code": {"ZipFile": "# local"}})
        reserved = properties.get("ReservedConcurrentExecutions")
        if folder:
            spec = FunctionSpec(
                name=name,
                logical_id=logical_id,
                arn=made.function_arn,
                handler=properties["Handler"],
                code=folder,
                layers=tuple(layers[arn] for arn in properties.get("Layers", [])),
                variables={key: str(value) for key, value in made.environment_vars.items()},
                memory=int(made.memory_size),
                timeout=float(made.timeout),
                reserved=int(reserved) if reserved is not None else None,
            )
            runtime.add_function(spec)
        return made

    return function


def _mapping(runtime: Runtime, name: str, properties: Properties, _logical_id: str) -> Any:
    made = _by_moto(EventSourceMapping, name, dict(properties))
    arn = properties["EventSourceArn"]
    for queue in sqs_backends[ACCOUNT][REGION].queues.values():
        if queue.queue_arn == arn:
            queue.lambda_event_source_mappings.clear()  # we poll; moto is not to hand over
    scaling = properties.get("ScalingConfig", {})
    spec = MappingSpec(
        queue_arn=arn,
        batch_size=int(properties.get("BatchSize", 10)),
        concurrency=min(MOST_WORKERS, int(scaling.get("MaximumConcurrency", MOST_WORKERS))),
        partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        window=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
    )
    runtime.add_mapping(spec, made.function_arn.rsplit(":", 1)[-1])
    return made


_TYPES: dict[str, tuple[str, Create]] = {
    "AWS::S3::Bucket": ("BucketName", _bucket),
    "AWS::IAM::Role": ("RoleName", _role),
    "AWS::S3::BucketPolicy": ("", _bucket_policy),
    "AWS::SQS::QueuePolicy": ("", _queue_policy),
    "AWS::Events::EventBus": ("Name", _event_bus),
    "AWS::SNS::Topic": ("TopicName", _topic),
    "AWS::SNS::TopicPolicy": ("", _topic_policy),
    "AWS::Scheduler::ScheduleGroup": ("Name", _schedule_group),
    "AWS::Scheduler::Schedule": ("Name", _schedule),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", _state_machine),
    "AWS::Lambda::EventSourceMapping": ("", _mapping),
}
