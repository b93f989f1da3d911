"""The types of EventBridge Scheduler, which moto's CloudFormation does not have."""

from functools import partial

from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.cloudformation.types import Declared, Made


def schedule_group(runtime: Runtime, declared: Declared) -> Made:
    """A schedule group; moto has no such type."""
    client = runtime.client("scheduler", region=declared.region)
    made = client.create_schedule_group(Name=declared.name)
    undo = partial(client.delete_schedule_group, Name=declared.name)
    return Made(declared.name, made["ScheduleGroupArn"], undo)


def schedule(runtime: Runtime, declared: Declared) -> Made:
    """A schedule; moto has no such type."""
    properties = {**declared.properties, "Name": declared.name}
    client = runtime.client("scheduler", region=declared.region)
    made = client.create_schedule(**properties)
    named = {key: properties[key] for key in ("Name", "GroupName") if key in properties}
    return Made(declared.name, made["ScheduleArn"], partial(client.delete_schedule, **named))
