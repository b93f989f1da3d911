"""Quotas: a metric while there is room, and a clear failure when there is none."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey.iam.quota import NEAR
from latchkey.runtime import clients
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.template import properties

ROLES = "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000"
SCHEDULES = "ServiceQuotaExceededException", "The maximum number of schedules is reached"


def test_sweep_measures_how_many_roles_are_left(
    stack: StackDriver, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.granted()
    capsys.readouterr()
    stack.invoke("sweep_grants", {})
    summary = aws("iam").get_account_summary()["SummaryMap"]
    (line,) = (text for text in capsys.readouterr().out.splitlines() if "RolesUsedPercent" in text)
    (percent,) = json.loads(line)["RolesUsedPercent"]
    assert percent == 100 * summary["Roles"] / summary["RolesQuota"] > 0


def test_alarm_watches_that_metric_from_where_room_gets_scarce() -> None:
    alarm = properties("RolesQuotaAlarm")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("RolesUsedPercent", NEAR)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": {"Ref": "AWS::StackName"}}]


def test_policies_that_are_too_long_are_rejected_with_by_how_much(stack: StackDriver) -> None:
    path = "/".join(["a" * 60] * 4)
    principals = [f"arn:aws:iam::444455556666:role/{path}/r{n}" for n in range(10)]
    prefixes = [f"{'p' * 200}{n}" for n in range(20)]
    access = [
        {"service": "s3", "bucket": "data-bucket", "prefix": prefix, "allow": "read-write"}
        for prefix in prefixes
    ]
    stack.upload(principals=principals, access=access)
    run = stack.run(FILE)
    assert run.outcome == "rejected"
    told = {problem["path"]: problem["message"] for problem in run.result["problems"]}
    assert re.fullmatch(
        r"the trust policy would be \d+ characters over IAM's 2048; name fewer principals.*",
        told["/principals"],
    )
    assert re.fullmatch(
        r"the permissions policy would be \d+ characters over IAM's 10240.*; move some entries.*",
        told["/access"],
    )
    assert stack.role() is None


def test_as_many_tags_as_a_config_may_have_fit_beside_ours(stack: StackDriver) -> None:
    stack.granted(tags={f"tag-{n}": "x" for n in range(40)})
    role = stack.role()
    assert role is not None
    assert 40 < len(role["Tags"]) <= 50


@pytest.mark.parametrize(
    ("call", "refused"),
    [("iam.CreateRole", ROLES), ("scheduler.CreateSchedule", SCHEDULES)],
    ids=["roles", "schedules"],
)
def test_full_quota_fails_with_what_to_do_and_a_later_upload_mends_it(
    stack: StackDriver, call: str, refused: tuple[str, str]
) -> None:
    def full(**_: Any) -> Any:
        code, message = refused
        parsed = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": 409},
        }
        return SimpleNamespace(status_code=409), parsed

    events = clients.client(call.split(".", maxsplit=1)[0]).meta.events
    events.register(f"before-call.{call}", full, unique_id="full")
    stack.upload()
    try:
        run = stack.run(FILE)
    finally:
        events.unregister(f"before-call.{call}", unique_id="full")
    assert run.outcome == "failed"
    assert run.result["reason"].startswith("QuotaExceeded: ")
    assert refused[1] in run.result["reason"]
    assert "docs/runbook.md#quotas" in run.result["reason"]
    stack.upload()
    assert stack.run(FILE).outcome in ("created", "updated")
    assert stack.role() is not None
