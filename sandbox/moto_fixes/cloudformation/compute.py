"""Fixes of the types of Lambda and Step Functions."""

from functools import partial
from typing import Any

from moto.awslambda.models import (
    EventSourceMapping,
    LambdaFunction,
    LayerVersion,
    lambda_backends,
)
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from sandbox.account import ACCOUNT, region_of
from sandbox.compute.function_spec import FunctionSpec
from sandbox.compute.functions import MOST_WORKERS
from sandbox.compute.mappings import MappingSpec
from sandbox.compute.runtime import Runtime
from sandbox.deployment.code_location import local_path
from sandbox.moto_fixes.cloudformation.types import Declared, Made, created_by_moto


def state_machine(_: Runtime, declared: Declared) -> Any:
    """A state machine that the executing interpreter sees, with its substitutions made.

    moto puts it into the backend that executes nothing, with `${…}` in its definition:
    `StateMachine.create_from_cloudformation_json`, moto/stepfunctions/models.py:278.
    """
    properties = declared.properties
    definition = properties["DefinitionString"]
    for key, value in properties.get("DefinitionSubstitutions", {}).items():
        definition = definition.replace(f"${{{key}}}", str(value))
    backend = stepfunctions_parser_backends[ACCOUNT][declared.region]
    made = backend.create_state_machine(
        name=properties.get("StateMachineName", declared.name),
        definition=definition,
        roleArn=properties["RoleArn"],
        sm_type=properties.get("StateMachineType", "STANDARD"),
    )
    return Made(made.arn, made.arn, partial(backend.delete_state_machine, made.arn))


def layer(runtime: Runtime, declared: Declared) -> Made:
    """A layer whose content is a folder of the repository.

    moto's wants an archive in a bucket: `LayerVersion.create_from_cloudformation_json`,
    moto/awslambda/models.py:530.
    """
    folder = local_path(declared.properties["Content"])
    properties = {**declared.properties, "Content": {"ZipFile": ""}}
    made = created_by_moto(LayerVersion, declared, properties)
    if folder:
        runtime.layers[made.arn] = folder
    return Made(made.arn, made.arn)


def function(runtime: Runtime, declared: Declared) -> Any:
    """A function whose code is a folder of the repository, running in the sandbox.

    moto's wants an archive in a bucket: `LambdaFunction.create_from_cloudformation_json`,
    moto/awslambda/models.py:1174.
    """
    properties = {**declared.properties, "Code": {"ZipFile": "# local"}}
    made = created_by_moto(LambdaFunction, declared, properties)
    folder = local_path(declared.properties["Code"])
    reserved = properties.get("ReservedConcurrentExecutions")
    if folder:
        spec = FunctionSpec(
            name=declared.name,
            logical_id=declared.logical_id,
            arn=made.function_arn,
            handler=properties["Handler"],
            code=folder,
            layers=tuple(runtime.layers[arn] for arn in properties.get("Layers", [])),
            variables={key: str(value) for key, value in made.environment_vars.items()},
            memory=int(made.memory_size),
            timeout=float(made.timeout),
            reserved=int(reserved) if reserved is not None else None,
            access_key=runtime.assume(
                "lambda", properties["Role"], declared.logical_id, made.function_arn
            ),
        )
        runtime.add_function(spec)
    return made


def event_source_mapping(runtime: Runtime, declared: Declared) -> Any:
    """A mapping that polls its queue, with batches and partial failures.

    moto invokes the function while a message is sent, in the sender's request, one message at a
    time: `Queue.add_message`, moto/sqs/models.py:577.
    """
    properties = declared.properties
    made = created_by_moto(EventSourceMapping, declared, dict(properties))
    arn = properties["EventSourceArn"]
    for queue in sqs_backends[ACCOUNT][region_of(arn)].queues.values():
        if queue.queue_arn == arn:
            queue.lambda_event_source_mappings.clear()
    scaling = properties.get("ScalingConfig", {})
    spec = MappingSpec(
        queue_arn=arn,
        batch_size=int(properties.get("BatchSize", 10)),
        concurrency=min(MOST_WORKERS, int(scaling.get("MaximumConcurrency", MOST_WORKERS))),
        partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        window=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
        enabled=lambda: bool(made.enabled) and _held(made),
    )
    runtime.add_mapping(spec, made.function_arn)
    return made


def _held(mapping: EventSourceMapping) -> bool:
    """Whether a mapping has not been deleted."""
    backend = lambda_backends[ACCOUNT][region_of(mapping.function_arn)]
    return backend.get_event_source_mapping(mapping.uuid) is mapping
