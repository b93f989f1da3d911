"""Checks of what carries a file to its outcome: stack, queues, workflow, guardrails, quota."""

from datetime import UTC, datetime, timedelta

from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.iam import IamGateway
from latchkey.iam.quota import NEAR
from latchkey_cli.examining.verdict import Verdict, counted, fail, ok, skipped, warn
from latchkey_cli.stack import Stack

OUTPUTS = (
    "ConfigBucketName",
    "ResultsBucketName",
    "GrantTableName",
    "GrantWorkflowArn",
    "PermissionsBoundaryArn",
)
_AGE_LIMIT = 300
_ENDED_BADLY = ("FAILED", "TIMED_OUT", "ABORTED")


def stack_is_whole(stack: Stack) -> Verdict:
    """The stack is deployed, with all that others rely on."""
    missing = [name for name in OUTPUTS if name not in stack.outputs]
    if missing:
        return fail(f"no output {', '.join(missing)}; it is no Latchkey, or was not deployed whole")
    if not stack.status.endswith("_COMPLETE") or "ROLLBACK" in stack.status:
        return warn(f"{stack.status}: the last deployment is not through")
    return ok(f"{stack.status} in {stack.place.account}, {stack.place.region}")


def files_are_taken_in(stack: Stack) -> Verdict:
    """The queue of files feeds the function that takes them in."""
    found = stack.client("lambda").list_event_source_mappings(
        FunctionName=f"{stack.name}-intake-config"
    )["EventSourceMappings"]
    if not found:
        return fail("no queue feeds intake_config: uploads have no effect", "dead-letters")
    off = [item for item in found if item.get("State") not in ("Enabled", "Enabling", "Updating")]
    if off:
        return fail("the queue's event source mapping is switched off: uploads wait")
    return ok("the queue feeds intake_config")


def no_dead_letters(stack: Stack) -> Verdict:
    """No notification about a file was given up."""
    count = _depth(stack, f"{stack.name}-config-events-dead")
    if count:
        return fail(f"{counted(count, 'notification')} could not be taken in", "dead-letters")
    return ok("empty")


def queue_moves(stack: Stack) -> Verdict:
    """No file waits for long."""
    name = f"{stack.name}-config-events"
    count = _depth(stack, name)
    if not stack.on_aws:
        return warn(f"{counted(count, 'file')} waiting") if count else ok("empty")
    now = datetime.now(UTC)
    points = stack.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": name}],
        StartTime=now - timedelta(minutes=15),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    newest = max(points, key=lambda point: point["Timestamp"], default=None)
    age = int(newest["Maximum"]) if newest else 0
    told = f"{counted(count, 'file')} waiting, the oldest for {age} seconds"
    return warn(told, "outcome-of-a-file") if count and age > _AGE_LIMIT else ok(told)


def runs_end_well(stack: Stack) -> Verdict:
    """No run of the last day failed."""
    since = datetime.now(UTC) - timedelta(days=1)
    names = []
    for status in _ENDED_BADLY:
        found = stack.client("stepfunctions").list_executions(
            stateMachineArn=stack.output("GrantWorkflowArn"), statusFilter=status, maxResults=100
        )["executions"]
        names += [run["name"] for run in found if run.get("stopDate", since) > since]
    if names:
        shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        return warn(f"{counted(len(names), 'run')} failed in the last day: {shown}", "failed-runs")
    return ok("none failed in the last day")


def guardrails_are_readable(stack: Stack) -> Verdict:
    """The guardrails can be read; without them nothing is granted."""
    name = stack.parameters.get("GuardrailsParameterName") or f"/{stack.name}/guardrails"
    _, version = GuardrailsParameter(stack.client("ssm"), name).read()
    return ok(f"{name}, version {version}")


def roles_have_room(stack: Stack) -> Verdict:
    """The account may have more roles."""
    quota = IamGateway(stack.client("iam")).role_quota()
    told = f"{quota.used} of {quota.most} roles used"
    if quota.used >= quota.most:
        return fail(f"{told}: new grants fail", "quotas")
    return warn(told, "quotas") if quota.percent >= NEAR else ok(told)


def no_alarm(stack: Stack) -> Verdict:
    """None of the stack's alarms is on."""
    pages = stack.client("cloudwatch").get_paginator("describe_alarms")
    found = [
        alarm
        for page in pages.paginate(AlarmNamePrefix=f"{stack.name}-")
        for alarm in page["MetricAlarms"]
    ]
    if not found:
        none = "the stack has no alarms"
        return fail(f"{none}: deploy it again") if stack.on_aws else skipped(f"{none} here")
    on = sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM")
    if on:
        return fail(f"on: {', '.join(on)}; each alarm's description names its section")
    return ok(f"{counted(len(found), 'alarm')}, all quiet")


def _depth(stack: Stack, queue: str) -> int:
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])[
        "Attributes"
    ]
    return int(found["ApproximateNumberOfMessages"])
