"""What 1,000 grants cost in a year, and where it goes.

Prices are in `prices.json`, with their date; how often things happen, and how large items are, is
assumed here. What runs whether there are grants or not (the sweep, the checks, alarms and
metrics) is stated separately: it is the same for one grant and for thousands.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.kit.repository import ROOT
from tests.kit.template import of_type, properties

_DATA = json.loads(Path(__file__).with_name("prices.json").read_text())
PRICES: dict[str, float] = _DATA["prices"]
AS_OF = f"{_DATA['region']}, {_DATA['as_of']}"
_CALLS = json.loads(Path(__file__).with_name("calls.json").read_text())
_FLOW = ROOT / "statemachine" / "grant_workflow.asl.json"
_CHECKING = ROOT / "statemachine" / "reconcile_workflow.asl.json"

A_YEAR = {"create": 1, "update": 4, "unchanged, a check": 365, "expiry": 1}
"""How often each operation happens in the year of a grant."""

_STEPS = {
    "create": ("grant", "GrantAccess"),
    "update": ("grant", "GrantAccess"),
    "expiry": ("revoke", "RevokeAccess"),
}
_WRITES = {"UpdateItem": 1.0, "DeleteItem": 1.0, "TransactWriteItems": 12.0}
_READS = {"GetItem": 1.0, "BatchGetItem": 2.0}
"""Units: a lease is under 1 KB; state 2, event 2, file 1 and lease 1, twice in a transaction."""
_RECONCILING = 3
"""States that the reconcile workflow goes through: it chooses, starts the run, and ends."""
_MS_PER_CALL, _MS_OF_CODE, _MEMORY_GB = 80, 40, 0.5
_SWEEPS, _DRIFT_CHECKS, _FILE_CHECKS = 12 * 24 * 365, 24 * 365, 24 * 365
_CHECK_CALLS, _CHECK_GB = 8, 1.0
"""Of the check of one account, as `spokes` counts its calls; the memory is that of the function."""
_LOOK_UNITS, _NONE_DUE_UNITS = 1.5, 0.5
"""Read units of an account's part of the index: some 40 grants, or what is due, which is none."""
_ITEMS_KB, _LOG_KB, _METRICS = 12, 4, 13


def transitions(operation: str) -> int:
    """The states that the workflows go through, each of which is a transition."""
    states = json.loads(_FLOW.read_text())
    step, task = _STEPS.get(operation, ("done", ""))
    follow = {"ChooseStep": {"done": "NothingToDo"}.get(step, task), "CheckOutcome": "Recorded"}
    name, count = states["StartAt"], _RECONCILING
    while name:
        count += 1
        state = states["States"][name]
        name = follow.get(name) or state.get("Next") or state.get("Default") or ""
    return count


def checking_accounts() -> tuple[int, int, int]:
    """Of the map that checks accounts: how many at once, its transitions, and those of each."""
    states = json.loads(_CHECKING.read_text())["States"]
    (state,) = (state for state in states.values() if state["Type"] == "Map")
    at_once, around = state["MaxConcurrency"], 2  # the choice before it, and the map itself
    while following := state.get("Next"):
        around, state = around + 1, states[following]
    return at_once, around, 1


def of_spokes(accounts: int) -> dict[str, float]:
    """What it costs in a year that there are so many other accounts, whatever is granted there."""
    _, around, each = checking_accounts()
    checks = _DRIFT_CHECKS * accounts
    seconds = (_CHECK_CALLS * _MS_PER_CALL + _MS_OF_CODE) / 1000
    reads = checks * 2 * _LOOK_UNITS + _SWEEPS * accounts * _NONE_DUE_UNITS
    return {
        "Step Functions": (_DRIFT_CHECKS * around + checks * each) * PRICES["states_transition"],
        "Lambda": checks * seconds * _CHECK_GB * PRICES["lambda_gb_second"]
        + checks * PRICES["lambda_request"],
        "X-Ray": checks * PRICES["xray_trace"],
        "CloudWatch Logs": checks * _LOG_KB / 1e6 * PRICES["logs_gb"],
        "DynamoDB": checks * 2 * PRICES["dynamodb_write_unit"]
        + reads * PRICES["dynamodb_read_unit"],
    }


def _made(operation: str) -> Counter[str]:
    """All calls of an operation, those that notify of it included."""
    made: Counter[str] = Counter()
    for part in _CALLS[operation].values():
        made.update(part)
    return made


def of_grants(grants: int) -> dict[str, float]:
    """What so many grants cost in a year, by what it goes to."""
    cost: defaultdict[str, float] = defaultdict(float)
    for operation, often in A_YEAR.items():
        _add(cost, operation, grants * often)
    stored = PRICES["dynamodb_gb_month"] + PRICES["dynamodb_backup_gb_month"]
    cost["DynamoDB"] += grants * _ITEMS_KB / 1e6 * 12 * stored
    cost["SQS and Scheduler"] += grants * 5 * 3 * PRICES["sqs_request"]
    cost["SQS and Scheduler"] += grants * PRICES["scheduler_invocation"]
    return cost


def of_looks(looks: int) -> float:
    """What so many checks cost that find nothing to change."""
    cost: defaultdict[str, float] = defaultdict(float)
    _add(cost, "unchanged, a check", looks)
    return sum(cost.values())


def _add(cost: defaultdict[str, float], operation: str, runs: int) -> None:
    """Add what so many runs of an operation cost, by what it goes to."""
    calls = _made(operation)
    invocations = 4 if operation in _STEPS else 1
    seconds = (sum(calls.values()) * _MS_PER_CALL + invocations * _MS_OF_CODE) / 1000
    gigabyte_seconds = seconds * _MEMORY_GB * PRICES["lambda_gb_second"]
    cost["Lambda"] += runs * (gigabyte_seconds + invocations * PRICES["lambda_request"])
    cost["Step Functions"] += runs * transitions(operation) * PRICES["states_transition"]
    cost["X-Ray"] += runs * PRICES["xray_trace"]
    cost["CloudWatch Logs"] += runs * invocations * _LOG_KB / 1e6 * PRICES["logs_gb"]
    if operation in ("create", "update"):
        cost["Access Analyzer"] += runs * PRICES["check_no_public_access"]
    for call, number in calls.items():
        goes_to, price = _of_call(call)
        cost[goes_to] += runs * number * price


def _of_call(call: str) -> tuple[str, float]:
    """What one call of AWS costs, and what that goes to; most cost nothing."""
    service, name = call.split(":")
    match service:
        case "dynamodb":
            writes = _WRITES.get(name, 0) * PRICES["dynamodb_write_unit"]
            return "DynamoDB", writes + _READS.get(name, 0) * PRICES["dynamodb_read_unit"]
        case "events":
            return "EventBridge and SNS", PRICES["events_put"]
        case "sns":
            return "EventBridge and SNS", PRICES["sns_publish"]
        case "s3":
            return "S3", PRICES["s3_put" if name == "PutObject" else "s3_get"]
        case _:
            return "Lambda", 0.0


def of_the_stack() -> dict[str, float]:
    """What a stack costs in a year without any grants."""
    runs = _SWEEPS + _DRIFT_CHECKS + _FILE_CHECKS
    return {
        "Lambda": runs * (0.3 * _MEMORY_GB * PRICES["lambda_gb_second"])
        + runs * PRICES["lambda_request"],
        "CloudWatch alarms": 12 * alarm_metrics() * PRICES["alarm_metric_month"],
        "CloudWatch metrics": 12 * _METRICS * PRICES["metric_month"],
        "CloudWatch dashboard": 12 * PRICES["dashboard_month"],
        "CloudWatch Logs": runs * _LOG_KB / 1e6 * PRICES["logs_gb"],
        "SQS and Scheduler": polled_queues() * 3 * 60 * 24 * 365 * 5 * PRICES["sqs_request"]
        + runs * PRICES["scheduler_invocation"],
        "X-Ray": runs * PRICES["xray_trace"],
    }


def alarm_metrics() -> int:
    """The metrics that the stack's alarms look at: an alarm is paid for by the metric."""
    return sum(
        len([one for one in properties(alarm).get("Metrics", [{}]) if "Expression" not in one])
        for alarm in of_type("AWS::CloudWatch::Alarm")
    )


def polled_queues() -> int:
    """The queues that Lambda polls, by five pollers each, whether anything is in them or not."""
    functions = of_type("AWS::Serverless::Function")
    events = [event for name in functions for event in properties(name).get("Events", {}).values()]
    return sum(event["Type"] == "SQS" for event in events)


def measure() -> Iterator[dict[str, Any]]:
    """All, by what they go to, the most first."""
    for what, cost in (
        ("1,000 grants", of_grants(1000)),
        ("a stack", of_the_stack()),
        ("250 other accounts", of_spokes(250)),
    ):
        total = sum(cost.values())
        for name, usd in sorted(cost.items(), key=lambda item: -item[1]):
            yield {"what": what, "goes_to": name, "usd": usd, "share": usd / total}
        yield {"what": what, "goes_to": "all", "usd": total, "share": 1.0}
