"""All fixes of moto, and what applies them."""

from collections.abc import Callable

from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes import (
    awslambda,
    bedrock,
    cloudformation,
    cloudtrail,
    dynamodb,
    expressions,
    iam,
    interpreter_speed,
    kms,
    s3,
    sns,
    sqs,
    startup,
    stepfunctions,
)

FIXES: tuple[Callable[[], None], ...] = (
    *bedrock.FIXES,
    *cloudtrail.FIXES,
    *dynamodb.FIXES,
    *expressions.FIXES,
    *iam.FIXES,
    *interpreter_speed.FIXES,
    *kms.FIXES,
    *s3.FIXES,
    *sns.FIXES,
    *sqs.FIXES,
    *startup.FIXES,
    *stepfunctions.FIXES,
)

FIXES_WITH_RUNTIME: tuple[Callable[[Runtime], None], ...] = (
    awslambda.run_functions_in_processes,
    stepfunctions.invoke_functions_directly,
    stepfunctions.call_under_the_workflows_role,
)

RESOURCES = cloudformation.RESOURCES


def apply_all(runtime: Runtime) -> None:
    """Apply every fix, once per process and before the stack is deployed."""
    for fix in FIXES:
        fix()
    for fix_with_runtime in FIXES_WITH_RUNTIME:
        fix_with_runtime(runtime)
    cloudformation.define(RESOURCES, runtime)
