"""The types of EventBridge Scheduler, which moto's CloudFormation does not have."""

from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.cloudformation.types import Declared, Made


def schedule_group(runtime: Runtime, declared: Declared) -> Made:
    """A schedule group; moto has no such type."""
    made = runtime.client("scheduler", region=declared.region).create_schedule_group(
        Name=declared.name
    )
    return Made(declared.name, made["ScheduleGroupArn"])


def schedule(runtime: Runtime, declared: Declared) -> Made:
    """A schedule; moto has no such type."""
    properties = {**declared.properties, "Name": declared.name}
    made = runtime.client("scheduler", region=declared.region).create_schedule(**properties)
    return Made(declared.name, made["ScheduleArn"])
