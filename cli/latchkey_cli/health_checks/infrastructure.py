"""Checks of the infrastructure: stack, queues, workflow, guardrails, quota, alarms."""

import json
from datetime import UTC, datetime, timedelta

from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.iam import IamGateway
from latchkey.iam.quota import NEAR
from latchkey.iam.senders import denies_all_but
from latchkey.newer_python import batched
from latchkey.services.own_names import own_guardrails
from latchkey_cli.aws.stack import Stack
from latchkey_cli.health_checks.result import CheckResult, counted, fail, ok, skipped, warn

OUTPUTS = (
    "ConfigBucketName",
    "ResultsBucketName",
    "GrantTableName",
    "GrantWorkflowArn",
    "PermissionsBoundaryArn",
    "KmsBoundaryArn",
    "AuditBoundaryArn",
)
RESERVABLE = 171
"""The least concurrency of an account that can be reserved from, as FunctionConcurrency=10 does.

100 always stay unreserved (Lambda developer guide, "Configuring reserved concurrency"); seven
functions take 10 each, and the register 1.
"""
_ALARMS = 100
"""Names of one call (CloudWatch API reference, DescribeAlarms)."""
_AGE_LIMIT = 300
_FAILED = ("FAILED", "TIMED_OUT", "ABORTED")


def stack_is_complete(stack: Stack) -> CheckResult:
    """The stack is deployed, with all its outputs."""
    missing = [name for name in OUTPUTS if name not in stack.outputs]
    if missing:
        names = ", ".join(missing)
        return fail(f"no output {names}; the stack is not Latchkey, or not deployed completely")
    if not stack.status.endswith("_COMPLETE") or "ROLLBACK" in stack.status:
        return warn(f"{stack.status}: the last deployment is not complete")
    return ok(f"{stack.status} in {stack.environment.account}, {stack.environment.region}")


def intake_is_enabled(stack: Stack) -> CheckResult:
    """The event source mapping of the intake queue exists and is enabled."""
    found = stack.client("lambda").list_event_source_mappings(
        FunctionName=f"{stack.names}-intake-config"
    )["EventSourceMappings"]
    if not found:
        return fail("no queue feeds intake_config: uploads have no effect", "dead-letters")
    off = [item for item in found if item.get("State") not in ("Enabled", "Enabling", "Updating")]
    if off:
        return fail("the queue's event source mapping is disabled: uploads wait")
    open_to = [name for name in _INTAKE if not _takes_only_s3(stack, f"{stack.names}-{name}")]
    if open_to:
        named = " and ".join(f"{stack.names}-{name}" for name in open_to)
        text = f"the policy of {named} lets others than the config bucket send, who could name"
        return fail(f"{text} any author of a file; deploy the stack again", "who-uploaded")
    return ok("the queue feeds intake_config, and takes what the config bucket sends")


_INTAKE = ("config-events", "config-removals")


def _takes_only_s3(stack: Stack, name: str) -> bool:
    """Whether a queue's policy denies everybody but the config bucket to send."""
    sqs = stack.client("sqs")
    found = sqs.get_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], AttributeNames=["Policy"]
    ).get("Attributes", {})
    bucket = f"arn:{stack.environment.partition}:s3:::{stack.output('ConfigBucketName')}"
    return denies_all_but(json.loads(found.get("Policy", "{}")), bucket, stack.environment.account)


def no_dead_letters(stack: Stack) -> CheckResult:
    """No notification about a file is in the dead-letter queue."""
    count = _depth(stack, f"{stack.names}-config-events-dead")
    if count:
        return fail(f"{counted(count, 'notification')} could not be processed", "dead-letters")
    return ok("empty")


def queue_is_short(stack: Stack) -> CheckResult:
    """No file has been waiting for long."""
    name = f"{stack.names}-config-events"
    count = _depth(stack, name) + _depth(stack, f"{stack.names}-config-removals")
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
    text = f"{counted(count, 'file')} waiting, the oldest for {age} seconds"
    return warn(text, "outcome-of-a-file") if count and age > _AGE_LIMIT else ok(text)


def no_run_failed(stack: Stack) -> CheckResult:
    """No run has failed in the last day."""
    since = datetime.now(UTC) - timedelta(days=1)
    names = []
    for status in _FAILED:
        found = stack.client("stepfunctions").list_executions(
            stateMachineArn=stack.output("GrantWorkflowArn"), statusFilter=status, maxResults=100
        )["executions"]
        names += [run["name"] for run in found if run.get("stopDate", since) > since]
    if names:
        shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        return warn(f"{counted(len(names), 'run')} failed in the last day: {shown}", "failed-runs")
    return ok("none failed in the last day")


def guardrails_are_readable(stack: Stack) -> CheckResult:
    """The guardrails are readable; without them, nothing is granted."""
    name = stack.parameters.get("GuardrailsParameterName") or own_guardrails(stack.name)
    _, digest = GuardrailsParameter(stack.client("ssm"), name).read()
    return ok(f"{name}, digest {digest}")


def role_quota_has_room(stack: Stack) -> CheckResult:
    """The account has room for more roles."""
    quota = IamGateway(stack.client("iam")).role_quota()
    text = f"{quota.used} of {quota.most} roles used"
    if quota.used >= quota.most:
        return fail(f"{text}: new grants fail", "quotas")
    return warn(text, "quotas") if quota.percent >= NEAR else ok(text)


def concurrency_suits(stack: Stack) -> CheckResult:
    """The account's Lambda concurrency has room for the functions, and some for others."""
    limit = stack.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    reserved = int(stack.parameters.get("FunctionConcurrency", "0"))
    text = f"the account allows {limit} concurrent executions of functions"
    if reserved:
        return ok(f"{text}; {reserved} are reserved for each of the workflow's functions")
    if limit < RESERVABLE:
        more = "uploads are slow when many functions run; request a higher quota (L-B99A9384)"
        return warn(f"{text}, none reserved: {more}", "throttles")
    when = "before thousands of uploads at once, or beside busy functions, deploy with"
    return ok(f"{text}, none reserved; {when} FunctionConcurrency=10")


def trust_policies_may_be_as_long(stack: Stack) -> CheckResult:
    """The account allows trust policies of the length that the stack writes."""
    limit = stack.environment.trust_policy_limit
    quota = IamGateway(stack.client("iam")).trust_policy_quota()
    text = f"up to {limit} of the {quota} characters that the account allows"
    if limit > quota:
        advice = "longer ones fail; raise the quota, or lower TrustPolicyLimit"
        return fail(f"{text}: {advice}", "quotas")
    return ok(f"{text}; TrustPolicyLimit={quota} uses all" if limit < quota else text)


def no_alarm(stack: Stack) -> CheckResult:
    """None of the stack's alarms is in the state ALARM."""
    names = [one.name for one in stack.resources if one.kind == "AWS::CloudWatch::Alarm"]
    pages = stack.client("cloudwatch").get_paginator("describe_alarms")
    found = [
        alarm
        for some in batched(names, _ALARMS)
        for page in pages.paginate(AlarmNames=list(some))
        for alarm in page["MetricAlarms"]
    ]
    if not found:
        none = "the stack has no alarms"
        return fail(f"{none}: deploy it again") if stack.on_aws else skipped(f"{none} here")
    on = sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM")
    if on:
        return fail(f"on: {', '.join(on)}; each alarm's description names its section")
    if missing := sorted({*names} - {alarm["AlarmName"] for alarm in found}):
        return fail(f"deleted: {', '.join(missing)}; deploy the stack again")
    return ok(f"{counted(len(found), 'alarm')}, none in the state ALARM")


def _depth(stack: Stack, queue: str) -> int:
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])[
        "Attributes"
    ]
    return int(found["ApproximateNumberOfMessages"])
