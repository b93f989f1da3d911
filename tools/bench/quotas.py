"""Many grants at once against AWS's quotas: how long it takes, and which quota binds.

A simulation, second by second, of one upload of so many files, or of as many as one account's share
of them: each quota is a bucket of tokens that fills at a rate, each grant takes what it takes from
all of them (`calls.json`), and what has not got all has to wait. Where AWS publishes no figure, as
for IAM, the one here is an assumption and marked as such.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from tools.bench.cost import transitions

ROLES_DEFAULT, ROLES_MOST = 1_000, 10_000
"""IAM user guide, "IAM and AWS STS quotas": the latter on request, as the page was read last."""
SHARE = 0.8
"""How full an account is planned to be: roles that are not ours need a place, too."""


@dataclass(frozen=True)
class Quota:
    """A bucket of `size` tokens that fills by `rate` a second; a grant takes `need` of them."""

    name: str
    source: str
    size: float
    rate: float
    need: float


QUOTAS = (
    Quota("IAM requests", "assumed: AWS publishes none, and raises none", 100, 15, 4),
    Quota("Lambda concurrency, FunctionConcurrency", "this stack: 10 at 0.4 s a step", 25, 25, 1),
    Quota("Step Functions StartExecution", "Step Functions guide: 1,300, 300/s", 1300, 300, 2),
    Quota(
        "Step Functions StateTransition",
        "Step Functions guide: 5,000/s",
        5000,
        5000,
        transitions("create"),
    ),
    Quota("Scheduler CreateSchedule", "Scheduler guide: 5,000/s", 5000, 5000, 1),
    Quota("S3 PUT per prefix", "S3 guide: 3,500/s", 3500, 3500, 1),
    Quota("DynamoDB, one partition of the index", "DynamoDB guide: 1,000 WU/s", 1000, 1000, 2),
)


STS = Quota("STS AssumeRole", "IAM user guide: 600/s, of the account that asks", 600, 600, 2)
"""Planning and granting take a session each."""
_OF_EACH = ("IAM requests", "DynamoDB, one partition of the index")
"""Quotas that each account has for itself, or its part of the index."""


def of_hub(accounts: int, concurrency: int) -> tuple[Quota, ...]:
    """The quotas of a hub whose grants are spread over so many accounts.

    `concurrency` is that of each function of the workflow.
    """
    wide = {name: float(accounts) for name in _OF_EACH}
    wide["Lambda concurrency, FunctionConcurrency"] = concurrency / 10
    widened = (
        replace(one, size=one.size * times, rate=one.rate * times)
        for one in QUOTAS
        for times in [wide.get(one.name, 1.0)]
    )
    return (*widened, STS)


def seconds(grants: int, quotas: tuple[Quota, ...] = QUOTAS) -> tuple[int, str]:
    """How long so many take in one account, and the quota that held them up most often."""
    tokens = {quota.name: quota.size for quota in quotas}
    bound: Counter[str] = Counter()
    left, elapsed = float(grants), 0
    while left > 0:
        able = {quota.name: tokens[quota.name] / quota.need for quota in quotas}
        done = min(left, *able.values())
        if done < left:
            bound[min(able, key=lambda name: able[name])] += 1
        for quota in quotas:
            rest = tokens[quota.name] - done * quota.need
            tokens[quota.name] = min(quota.size, rest + quota.rate)
        left, elapsed = left - done, elapsed + 1
    return elapsed, bound.most_common(1)[0][0] if bound else "none"


def accounts(grants: int) -> int:
    """The accounts that so many roles need, with their quota raised to the most."""
    return ceil(grants / (ROLES_MOST * SHARE))


def measure(*sizes: int) -> Iterator[dict[str, Any]]:
    """For each number of grants: accounts, and the time in one of them and in all."""
    for grants in sizes:
        shards = accounts(grants)
        alone, binds = seconds(grants)
        sharded, _ = seconds(ceil(grants / shards))
        yield {
            "grants": grants,
            "accounts": shards,
            "fits_by_default": grants <= ROLES_DEFAULT,
            "one_account_minutes": alone / 60,
            "sharded_minutes": sharded / 60,
            "binds": binds,
            "drift_pages_an_hour": 3 * ceil(grants / shards / 100),
        }


def measure_hub(grants: int, spokes: int) -> Iterator[dict[str, Any]]:
    """How long so many grants take at once in a hub, and what holds them up."""
    for concurrency in (10, 100):
        took, binds = seconds(grants, of_hub(spokes, concurrency))
        yield {"concurrency": concurrency, "minutes": took / 60, "binds": binds}
