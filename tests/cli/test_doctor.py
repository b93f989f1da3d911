"""`latchkey doctor`: each check finds its ailment, and nothing is well that was not looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey_cli.aws.stack import Stack
from latchkey_cli.health_checks import checks
from tests.cli.desk import Desk
from tests.cli.healthy import OWN_ALARM, alarm, answers, metric, schedule, senders, verdicts
from tests.kit.examples import config_document
from tests.kit.stack.aws import CONFIG_BUCKET, GROUP, aws


def test_all_is_well(well: Desk) -> None:
    found = well("doctor")
    assert [line.split()[0] for line in found.stdout.splitlines()] == ["ok"] * 20
    assert found.exit_code == 0


def test_a_stack_that_is_not_there_is_one_line(desk: Desk) -> None:
    found = desk("doctor", "--stack", "nowhere")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "there is no stack" in found.stderr


def _dead(_: Desk, __: pytest.MonkeyPatch) -> None:
    url = aws("sqs").get_queue_url(QueueName="latchkey-config-events-dead")["QueueUrl"]
    aws("sqs").send_message(QueueUrl=url, MessageBody="x")


def _open_queue(_: Desk, __: pytest.MonkeyPatch) -> None:
    senders("latchkey-config-removals", "arn:aws:s3:::another-bucket")


def _old(_: Desk, __: pytest.MonkeyPatch) -> None:
    url = aws("sqs").get_queue_url(QueueName="latchkey-config-events")["QueueUrl"]
    aws("sqs").send_message(QueueUrl=url, MessageBody="x")
    dimensions = [{"Name": "QueueName", "Value": "latchkey-config-events"}]
    metric("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions, 900, minutes=2)


def _run_failed(_: Desk, patch: pytest.MonkeyPatch) -> None:
    runs = [{"name": f"run-{n}", "stopDate": datetime.now(UTC)} for n in range(4)]
    old = {"name": "old", "stopDate": datetime.now(UTC) - timedelta(days=2)}
    answers(patch, "stepfunctions", "list_executions", {"executions": [*runs, old]})


def _unscheduled(_: Desk, __: pytest.MonkeyPatch) -> None:
    aws("scheduler").delete_schedule(Name="acme.main", GroupName=GROUP)


def _overdue(desk: Desk, __: pytest.MonkeyPatch) -> None:
    values = {":then": {"S": "2026-01-01T00:00:00Z"}}
    _set(desk, "SET expires_at = :then", values)


def _failed(desk: Desk, __: pytest.MonkeyPatch) -> None:
    _set(desk, "SET #status = :failed", {":failed": {"S": "failed"}}, {"#status": "status"})


def _set(desk: Desk, expression: str, values: Any, names: Any = None) -> None:
    aws("dynamodb").update_item(
        TableName="grant-table",
        Key={"pk": {"S": "GRANT#acme.main"}, "sk": {"S": "STATE"}},
        UpdateExpression=expression,
        ExpressionAttributeValues=values,
        **({"ExpressionAttributeNames": names} if names else {}),
    )


_REWRITTEN = (_overdue, _failed)
"""What writes to a state shows in its history's chain as well."""


def _off(_: Desk, __: pytest.MonkeyPatch) -> None:
    aws("scheduler").delete_schedule(Name="latchkey-sweep")
    schedule("latchkey-sweep", "rate(5 minutes)", "DISABLED")


def _guardrails(desk: Desk, __: pytest.MonkeyPatch) -> None:
    desk.stack.guard(nonsense=True)


def _full(used: int) -> Any:
    def arrange(_: Desk, patch: pytest.MonkeyPatch) -> None:
        summary = {"Roles": used, "RolesQuota": 1000, "AssumeRolePolicySizeQuota": 2048}
        answers(patch, "iam", "get_account_summary", {"SummaryMap": summary})

    return arrange


def _mapping(state: str | None) -> Any:
    def arrange(_: Desk, patch: pytest.MonkeyPatch) -> None:
        found = {"EventSourceMappings": [{"State": state}] if state else []}
        answers(patch, "lambda", "list_event_source_mappings", found)

    return arrange


def _alarmed(_: Desk, __: pytest.MonkeyPatch) -> None:
    alarm(OWN_ALARM, "ALARM")


def _no_alarms(_: Desk, __: pytest.MonkeyPatch) -> None:
    aws("cloudwatch").delete_alarms(AlarmNames=[OWN_ALARM])


@pytest.mark.parametrize(
    ("arrange", "check", "status", "line"),
    [
        (_dead, "dead letters", "fail", "1 notification could not be processed"),
        (_old, "queue", "warn", "1 file waiting, the oldest for 900 seconds"),
        (_run_failed, "runs", "warn", "12 runs failed in the last day: run-0, run-1, run-2 …"),
        (_unscheduled, "schedules", "fail", "acme.main without schedule"),
        (_overdue, "overdue", "fail", "acme.main overdue, the longest by"),
        (_failed, "grants", "fail", "acme.main: 1 grant failed"),
        (_off, "sweep", "fail", "latchkey-sweep is disabled"),
        (_guardrails, "guardrails", "fail", "guardrails unreadable"),
        (_full(801), "quota", "warn", "801 of 1000 roles used"),
        (_full(1000), "quota", "fail", "new grants fail"),
        (_mapping("Disabled"), "intake", "fail", "disabled"),
        (_open_queue, "intake", "fail", "latchkey-config-removals lets others"),
        (_mapping(None), "intake", "fail", "no queue feeds"),
        (_alarmed, "alarms", "fail", "latchkey-DeadLetterAlarm-1"),
        (_no_alarms, "alarms", "fail", "deploy it again"),
    ],
)
def test_each_check_finds_its_ailment_and_says_where_to_read_on(
    well: Desk, monkeypatch: pytest.MonkeyPatch, arrange: Any, check: str, status: str, line: str
) -> None:
    arrange(well, monkeypatch)
    found = verdicts(well)
    own = {check, "history"} if arrange in _REWRITTEN else {check}
    others = {name: verdict["status"] for name, verdict in found.items() if name not in own}
    assert set(others.values()) == {"ok"}, others
    assert found[check]["status"] == status
    assert line in found[check]["text"]
    assert well("doctor").exit_code == (1 if status == "fail" else 0)


@pytest.mark.parametrize("fault", ["deleted", "of a release before"])
def test_inline_config_that_is_not_as_recorded_is_found(well: Desk, fault: str) -> None:
    assert well.stack.run({"config": config_document(grant="second")}).outcome == "created"
    assert verdicts(well)["configs"]["status"] == "ok"
    place = well.stack.grant("acme.second")["config_object"]
    if fault == "deleted":
        aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=place["key"], VersionId=place["version"])
    else:
        aws("dynamodb").update_item(
            TableName="grant-table",
            Key={"pk": {"S": "GRANT#acme.second"}, "sk": {"S": "STATE"}},
            UpdateExpression="REMOVE config_object",
        )
    found = verdicts(well)["configs"]
    assert found["status"] == "fail"
    assert "acme.second" in found["text"]
    assert "Start the workflow with the config once more" in found["text"]


def test_a_check_that_did_not_run_is_found(well: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "cloudwatch", "get_metric_statistics", {"Datapoints": []})
    found = verdicts(well)
    for check in ("sweep", "drift check"):
        assert found[check]["status"] == "fail"
        assert "has not run for 3 periods" in found[check]["text"]


def test_what_may_not_be_looked_at_is_not_ok(well: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeAlarms")
    answers(monkeypatch, "cloudwatch", "get_paginator", denied)
    found = verdicts(well)["alarms"]
    assert (found["status"], found["text"]) == (
        "fail",
        "AWS refused DescribeAlarms: AccessDenied: no",
    )


def test_what_an_endpoint_does_not_offer_is_skipped(
    well: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(
        monkeypatch,
        "iam",
        "get_account_summary",
        ClientError({"Error": {"Code": "NotImplemented"}}, "GetAccountSummary"),
    )
    unknown = ClientError({"Error": {"Code": "404"}}, "GetAccountSettings")  # moto: no such path
    answers(monkeypatch, "lambda", "get_account_settings", unknown)
    _no_alarms(well, monkeypatch)
    monkeypatch.setattr(Stack, "on_aws", False)
    found = verdicts(well)
    skipped = {name for name, verdict in found.items() if verdict["status"] == "skipped"}
    assert skipped == {
        "sweep",
        "drift check",
        "quota",
        "trust policies",
        "concurrency",
        "alarms",
    }
    assert found["quota"]["text"] == "the endpoint has no GetAccountSummary"
    assert found["sweep"]["text"].startswith("rate(5 minutes), enabled")


def test_checks_have_names_of_their_own() -> None:
    names = [name for name, _ in checks.CHECKS]
    assert len(set(names)) == len(names)
