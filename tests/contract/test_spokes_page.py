"""What docs/scale.md says of many accounts is what the benchmark counts, and prices come to."""

import json
from math import ceil

import pytest

from latchkey import concurrency
from tests.kit.repository import ROOT
from tests.kit.template import properties
from tools.bench import cost, quotas
from tools.bench.spokes import CHECK

PAGE = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
OWN = json.loads((ROOT / "tools/bench/calls.json").read_text())
ACCOUNTS, GRANTS, MS = 250, 10_000, 80


def _more(operation: str) -> int:
    """The calls that an operation makes beside those, for a grant in another account."""
    calls = OWN[operation]["recorded"]
    sessions = 2 if "dynamodb:TransactWriteItems" in calls else 1
    return sessions + int(calls.get("ssm:GetParameter", 0))


@pytest.mark.parametrize(
    ("row", "operation"),
    [
        ("create", "create"),
        ("update", "update"),
        ("suspend", "suspend"),
        ("revoke", "revoke"),
        ("a look that changes nothing", "unchanged, a check"),
    ],
)
def test_calls_of_a_grant_are_those_that_are_held(row: str, operation: str) -> None:
    here = sum(sum(part.values()) for part in OWN[operation].values())
    assert f"| {row} | {here} calls | {here + _more(operation)} calls |" in PAGE


def test_the_sweep_reads_what_is_due_and_an_item_for_each_account() -> None:
    due = [(ACCOUNTS, 25), (ACCOUNTS, 250), (ACCOUNTS, 25), (25, 25)]
    items = " | ".join(str(accounts + number) for accounts, number in due)
    queries = " | ".join(str(accounts + 1) for accounts, _ in due)
    assert f"| sweep: items read | {items} |" in PAGE
    assert f"| sweep: queries | {queries} |" in PAGE
    seconds = properties("SweepGrantsFunction")["Timeout"]
    took = ceil(ACCOUNTS / concurrency.MOST) * MS / 1000
    assert f"take about {took:.0f} of the function's {seconds} seconds" in PAGE


def test_the_check_of_accounts_is_as_the_workflow_has_it() -> None:
    at_once, around, each = cost.checking_accounts()
    calls = sum(CHECK.values())
    assert f"as it was left, takes {calls} calls" in PAGE
    took = ACCOUNTS / at_once * (calls * MS + 40) / 1000
    assert at_once == 5
    assert "Five checks run at once" in PAGE
    assert f"take {took:.0f} seconds of each hour" in PAGE
    assert f"{around + ACCOUNTS * each} an hour for the check of accounts" in PAGE
    assert f"{around + ACCOUNTS * each} state transitions an hour" in PAGE


def test_times_of_an_upload_are_those_of_the_simulation() -> None:
    slow, fast = quotas.measure_hub(GRANTS, ACCOUNTS)
    assert "FunctionConcurrency" in slow["binds"]
    assert "StartExecution" in fast["binds"]
    assert f"take {slow['minutes']:.1f} minutes with `FunctionConcurrency` 10" in PAGE
    assert f"and {fast['minutes']:.1f} minutes with 100" in PAGE
    (alone,) = quotas.measure(GRANTS)
    assert f"would take {alone['one_account_minutes']:.0f} minutes" in PAGE


def test_costs_are_those_of_the_code() -> None:
    costs = cost.of_spokes(ACCOUNTS)
    total = sum(costs.values())
    rest = total - costs["Step Functions"] - costs["Lambda"]
    assert f"about {total:.0f} USD more a year**, {total / ACCOUNTS:.2f} an account" in PAGE
    assert f"| Step Functions in the hub | {costs['Step Functions']:.0f} |" in PAGE
    assert f"| Lambda in the hub | {costs['Lambda']:.0f} |" in PAGE
    assert f"| traces, logs, DynamoDB | {rest:.0f} |" in PAGE
