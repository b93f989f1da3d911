"""Quotas: a metric while there is room, and a clear failure when there is none."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey import wiring
from latchkey.domain.quota import NEAR
from tests.contract.template import properties
from tests.integration.house import FILE, House, aws

ROLES = "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000"
SCHEDULES = "ServiceQuotaExceededException", "The maximum number of schedules is reached"


def test_sweep_measures_how_many_roles_are_left(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.granted()
    capsys.readouterr()
    house.invoke("sweep_grants", {})
    summary = aws("iam").get_account_summary()["SummaryMap"]
    (line,) = (text for text in capsys.readouterr().out.splitlines() if "RolesUsedPercent" in text)
    (percent,) = json.loads(line)["RolesUsedPercent"]
    assert percent == 100 * summary["Roles"] / summary["RolesQuota"] > 0


def test_alarm_watches_that_metric_from_where_room_gets_scarce() -> None:
    alarm = properties("RolesQuotaAlarm")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("RolesUsedPercent", NEAR)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "latchkey"}]


@pytest.mark.parametrize(
    ("call", "refused"),
    [("iam.CreateRole", ROLES), ("scheduler.CreateSchedule", SCHEDULES)],
    ids=["roles", "schedules"],
)
def test_full_quota_fails_with_what_to_do_and_a_later_upload_mends_it(
    house: House, call: str, refused: tuple[str, str]
) -> None:
    def full(**_: Any) -> Any:
        code, message = refused
        parsed = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": 409},
        }
        return SimpleNamespace(status_code=409), parsed

    events = wiring.client(call.split(".", maxsplit=1)[0]).meta.events
    events.register(f"before-call.{call}", full, unique_id="full")
    house.upload()
    try:
        run = house.run(FILE)
    finally:
        events.unregister(f"before-call.{call}", unique_id="full")
    assert run.outcome == "failed"
    assert run.result["reason"].startswith("QuotaExceeded: ")
    assert refused[1] in run.result["reason"]
    assert "docs/runbook.md#quotas" in run.result["reason"]
    house.upload()
    assert house.run(FILE).outcome in ("created", "updated")
    assert house.role() is not None
