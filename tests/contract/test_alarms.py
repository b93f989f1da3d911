"""Alarms ring when somebody has to act, and never for ever."""

import json
import re
from typing import Any

import pytest

from tests.kit.repository import ROOT
from tests.kit.template import listed, of_type, properties, template


def test_alarm_on_the_dead_letter_queue() -> None:
    text = json.dumps([properties(name) for name in of_type("AWS::CloudWatch::Alarm")])
    assert "ConfigDeadLetterQueue" in text
    policies = ["ConfigQueuePolicy", "RemovalQueuePolicy"]
    assert listed(template()["Resources"]["ConfigBucket"]["DependsOn"]) == policies


def _seconds(rate: str) -> int:
    """The seconds of `rate(5 minutes)`, which EventBridge takes in this form only."""
    count, unit = rate.removeprefix("rate(").removesuffix(")").split()
    assert unit.endswith("s") == (count != "1")
    return int(count) * {"minute": 60, "hour": 3600}[unit.removesuffix("s")]


RATES = [
    f"rate({count} {unit}{plural})"
    for unit in ("minute", "hour", "day")
    for count in (0, 1, 2, 5, 9, 10, 29, 30, 31, 59, 60, 61, 89, 90, 91, 99, 100, 180, 999)
    for plural in ("", "s")
]


@pytest.mark.parametrize(
    ("parameter", "alarm"), [("SweepRate", "SweepAlarm"), ("DriftRate", "DriftCheckAlarm")]
)
def test_no_rate_makes_its_alarm_ring_for_ever(parameter: str, alarm: str) -> None:
    """A window has at least two runs, since neither runs nor windows start on time."""
    found = template()["Parameters"][parameter]
    pattern = re.compile(found["AllowedPattern"])
    taken = [_seconds(rate) for rate in RATES if pattern.search(rate)]
    properties_of_it = properties(alarm)
    window = properties_of_it["Period"] * properties_of_it["EvaluationPeriods"]
    assert taken
    assert min(taken) >= 60
    assert max(taken) * 2 <= window
    assert pattern.search(found["Default"])
    assert str(max(taken) // 60) in found["ConstraintDescription"]


def _metrics(alarm: str) -> list[dict[str, Any]]:
    """What CloudWatch charges an alarm for: each metric that it looks at."""
    found = properties(alarm)
    if "Metrics" in found:
        return [m["MetricStat"]["Metric"] for m in found["Metrics"] if "MetricStat" in m]
    return [{"MetricName": found["MetricName"], "Dimensions": found["Dimensions"]}]


def test_no_two_alarms_lead_to_the_same_section_for_the_same_cause() -> None:
    """One alarm tells that a job fails and that it does not run: ops look at the same log."""
    functions = [
        (json.dumps(metric["Dimensions"], sort_keys=True), alarm)
        for alarm in of_type("AWS::CloudWatch::Alarm")
        for metric in _metrics(alarm)
        if "FunctionName" in json.dumps(metric["Dimensions"]) and alarm != "ThrottlesAlarm"
    ]
    assert len({dimensions for dimensions, _ in functions}) == len(functions)
    for alarm in ("SweepAlarm", "DriftCheckAlarm", "FileCheckAlarm"):
        found = properties(alarm)
        assert (found["Statistic"], found["TreatMissingData"]) == ("SampleCount", "breaching")


@pytest.mark.parametrize(
    ("alarm", "function"),
    [
        ("SweepAlarm", "sweep_grants"),
        ("DriftCheckAlarm", "check_drift"),
        ("FileCheckAlarm", "check_files"),
    ],
)
def test_alarm_of_a_job_goes_by_what_it_counts_last(alarm: str, function: str) -> None:
    code = (ROOT / "functions" / function / "app.py").read_text()
    metric = properties(alarm)["MetricName"]
    last = code[code.rindex("metrics.add_metric") - 160 :]
    assert ("Roles{reason.title()}" if function == "check_drift" else metric) in last
