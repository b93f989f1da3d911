"""A stack as healthy as moto can tell, for the tests of `latchkey doctor`, and its ailments."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey_cli.aws.stack import Stack, StackResource
from tests.cli.desk import Desk
from tests.kit.stack.aws import CONFIG_BUCKET, aws

OWN_ALARM = "latchkey-DeadLetterAlarm-1"
SCHEDULES = ("latchkey-sweep", "latchkey-drift")


def make_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack with a grant, as healthy as moto can tell."""
    for name in (
        "latchkey-config-events",
        "latchkey-config-removals",
        "latchkey-config-events-dead",
    ):
        aws("sqs").create_queue(QueueName=name)
    for name in ("latchkey-config-events", "latchkey-config-removals"):
        senders(name, f"arn:aws:s3:::{CONFIG_BUCKET}")
    for name, rate in zip(SCHEDULES, ("rate(5 minutes)", "rate(1 hour)"), strict=True):
        schedule(name, rate, "ENABLED")
    ran("latchkey-sweep-grants", minutes=1)
    ran("latchkey-check-drift", minutes=1)
    alarm(OWN_ALARM, "OK")
    resources(monkeypatch, OWN_ALARM)
    mapping = {"EventSourceMappings": [{"State": "Enabled"}]}
    answers(monkeypatch, "lambda", "list_event_source_mappings", mapping)
    limit = {"AccountLimit": {"ConcurrentExecutions": 1000}}
    answers(monkeypatch, "lambda", "get_account_settings", limit)
    desk.stack.granted()


def senders(queue: str, bucket: str) -> None:
    """Let one bucket send to a queue, and deny everybody else."""
    denied = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    conditions = (
        {"ArnNotEquals": {"aws:SourceArn": bucket}},
        {"StringNotEquals": {"aws:SourceAccount": "123456789012"}},
    )
    statements = [{**denied, "Condition": condition} for condition in conditions]
    policy = {"Version": "2012-10-17", "Statement": statements}
    aws("sqs").set_queue_attributes(
        QueueUrl=aws("sqs").get_queue_url(QueueName=queue)["QueueUrl"],
        Attributes={"Policy": json.dumps(policy)},
    )


def schedule(name: str, rate: str, state: str) -> None:
    target = {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:f", "RoleArn": "arn:r"}
    window = {"Mode": "OFF"}
    aws("scheduler").create_schedule(
        Name=name, ScheduleExpression=rate, State=state, Target=target, FlexibleTimeWindow=window
    )


def ran(function: str, **ago: float) -> None:
    dimensions = [{"Name": "FunctionName", "Value": function}]
    metric("AWS/Lambda", "Invocations", dimensions, 1, **ago)


def metric(space: str, name: str, dimensions: Any, value: float, **ago: float) -> None:
    when = datetime.now(UTC) - timedelta(**ago)
    data = {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": when}
    aws("cloudwatch").put_metric_data(Namespace=space, MetricData=[data])


def alarm(name: str, state: str) -> None:
    cloudwatch = aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def resources(patch: pytest.MonkeyPatch, *alarms: str) -> None:
    """What CloudFormation says that the stack has: its alarms have random ends."""
    found = tuple(StackResource("AWS::CloudWatch::Alarm", name) for name in alarms)
    patch.setattr(Stack, "resources", (StackResource("AWS::SQS::Queue", "q"), *found))


def answers(patch: pytest.MonkeyPatch, service: str, call: str, answer: Any) -> None:
    """Have a call of the stack's clients answered so; an exception is raised."""
    real = Stack.client

    def client(self: Stack, name: str) -> Any:
        found = real(self, name)
        if name == service:

            def answered(*_: Any, **__: Any) -> Any:
                if isinstance(answer, Exception):
                    raise answer
                return answer

            setattr(found, call, answered)
        return found

    patch.setattr(Stack, "client", client)


def verdicts(desk: Desk, *words: str) -> dict[str, dict[str, str]]:
    found = desk("doctor", "--json", *words)
    return {check["check"]: check for check in json.loads(found.stdout)}
