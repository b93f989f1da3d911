"""What docs/scale.md says of costs is what the code and the prices come to."""

import re

import pytest

from tests.kit.repository import ROOT
from tests.kit.template import of_type
from tools.bench import cost

PAGE = (ROOT / "docs/scale.md").read_text(encoding="utf-8").partition("## What it costs")[2]
STACK, GRANTS = cost.of_the_stack(), cost.of_grants(1000)
CLOUDWATCH = [name for name in STACK if name.startswith("CloudWatch")]


def _rest(costs: dict[str, float], *named: str) -> float:
    return sum(usd for name, usd in costs.items() if name not in named)


@pytest.mark.parametrize(
    ("row", "usd"),
    [
        ("custom metrics", STACK["CloudWatch metrics"]),
        ("dashboard", STACK["CloudWatch dashboard"]),
        ("alarms", STACK["CloudWatch alarms"]),
        (f"polling of the {cost.polled_queues()} queues, schedules", STACK["SQS and Scheduler"]),
        ("Lambda, logs, traces", STACK["Lambda"] + STACK["CloudWatch Logs"] + STACK["X-Ray"]),
        ("IAM Access Analyzer", GRANTS["Access Analyzer"]),
        ("Step Functions", GRANTS["Step Functions"]),
        (
            "Lambda, DynamoDB, S3, logs, traces, messages",
            _rest(GRANTS, "Access Analyzer", "Step Functions"),
        ),
    ],
)
def test_each_row_is_what_it_comes_to(row: str, usd: float) -> None:
    assert f"| {row} | {usd:.0f} |" in PAGE


def test_sums_and_counts_are_those_of_the_code() -> None:
    assert f"about {sum(STACK.values()):.0f} USD a year" in PAGE
    share = sum(STACK[name] for name in CLOUDWATCH) / sum(STACK.values())
    assert f"{share:.0%} of it is CloudWatch".replace("%", " percent") in PAGE
    assert f"about {sum(GRANTS.values()):.0f} USD more a year" in PAGE
    alarms = len(of_type("AWS::CloudWatch::Alarm"))
    assert f"{cost.alarm_metrics()} metrics that {alarms} alarms look at" in PAGE
    change, check = cost.transitions("create"), cost.transitions("unchanged, a check")
    assert {cost.transitions(one) for one in ("update", "expiry")} == {change}
    assert f"{change} state transitions of a change or an end, {check} of a run" in PAGE


def test_prices_are_dated() -> None:
    assert re.search(r"prices as of 20\d\d-\d\d-\d\d, read on 20\d\d-\d\d-\d\d", PAGE)
    assert cost.AS_OF.partition(", ")[2] in PAGE
