"""What sweep and drift check ask of AWS with many accounts: the real code, on moto.

Counted are items that the index evaluated, pages and other calls, and runs started. What the check
of one account asks is the same in each, so its calls are counted in those that were changed and in
as many others.
"""

import contextlib
import io
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from tests.kit.examples import NOW
from tests.kit.stack.build import built_stack
from tests.kit.stack.many_spokes import change, crowd_elsewhere, spokes
from tests.kit.stack.spokes import SPOKES
from tools.bench.sweeping import look

CHANGED = 3
CHECK = {
    "dynamodb:Query": 1,
    "dynamodb:UpdateItem": 1,
    "iam:GetAccountAuthorizationDetails": 1,
    "iam:GetAccountSummary": 1,
    "iam:ListRoles": 1,
    "ssm:GetParameter": 2,
    "sts:AssumeRole": 1,
}
"""The calls of the check of an account with up to 100 roles, none of which were changed."""

_LATER = NOW + timedelta(hours=1)


def sweep(accounts: int, live: int, due: int) -> dict[str, Any]:
    """The items and queries of one look for what is due, and the seconds that they took."""
    scanned, seconds = look(lambda: crowd_elsewhere(accounts, live, due), due)
    return {"items": sum(scanned), "queries": len(scanned), "seconds": seconds}


def drift(accounts: int, grants_each: int) -> dict[str, Any]:
    """The calls of the check that has accounts checked, and of the check of each.

    In one account so many roles were changed; `unchanged` are the most calls in any other.
    """
    with (
        built_stack(account=SPOKES[0]) as stack,
        contextlib.redirect_stdout(io.StringIO()),  # metrics are lines of it
    ):
        there = spokes(stack, accounts, grants_each)
        change(there[0], CHANGED)
        stack.calls.clear()
        stack.invoke("check_drift", {}, _LATER)
        home = Counter(stack.calls)
        each: list[Counter[str]] = []
        started = time.perf_counter()
        for account in there:
            stack.calls.clear()
            stack.invoke("check_drift", {"check_account": account}, _LATER)
            each.append(Counter(stack.calls))
        seconds = time.perf_counter() - started
    changed, *others = each
    started_runs = "stepfunctions:StartExecution"
    return {
        "home": dict(home),
        "home_queries": home["dynamodb:Query"],
        "changed": dict(changed),
        "started": sum(calls[started_runs] for calls in each),
        "unchanged": dict(sorted(max(others, key=Counter.total).items())),
        "calls": sum(calls.total() for calls in each),
        "seconds": seconds,
    }
