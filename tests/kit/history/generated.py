"""A long random history of many grants: as plans to record, and as facts to replay."""

import random
from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import Outcome
from latchkey.times import instant, stamp
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT
from tests.kit.history.plans import plan_of

ALLOW = {
    "s3": ("read", "write", "read-write"),
    "secretsmanager": ("read",),
    "sqs": ("send", "consume"),
    "sns": ("publish",),
    "dynamodb": ("read", "read-write"),
    "lambda": ("invoke",),
    "ssm": ("read",),
    "events": ("put",),
    "kinesis": ("read", "write"),
    "states": ("start",),
    "logs": ("read", "write"),
    "firehose": ("put",),
    "ecr": ("pull", "push"),
}
FIELDS = {
    "s3": "bucket",
    "secretsmanager": "secret",
    "sqs": "queue",
    "sns": "topic",
    "dynamodb": "table",
    "lambda": "function",
    "ssm": "parameter",
    "events": "event_bus",
    "kinesis": "stream",
    "states": "state_machine",
    "logs": "log_group",
    "firehose": "stream",
    "ecr": "repository",
}
_WORDS = ("orders", "reports", "invoices", "northwind", "exchange", "logs")
NAMES = tuple(f"{word}-{number}" for word in _WORDS for number in range(16))
FOLDERS = (None, "in/", "in/deep/", "inbox/", "out/", "a b/2026/")
PARAMETERS = tuple(f"/{name}{below}" for name in NAMES for below in ("", "/", "/db", "/db/host"))
_ACCOUNTS = (PARTNER_ACCOUNT, OTHER_ACCOUNT)


@dataclass(frozen=True)
class Given:
    """One access as the replay knows it: of a service, to a name, maybe in a folder."""

    service: str
    name: str
    folder: str | None
    allow: str


@dataclass(frozen=True)
class Fact:
    """What is true of a grant from `at` on: `given` to accounts within dates; or `failed`."""

    at: datetime
    grant: GrantId
    given: frozenset[Given] = frozenset()
    accounts: frozenset[str] = frozenset()
    starts: datetime | None = None
    expires: datetime | None = None
    failed: bool = False


@dataclass(frozen=True)
class Recorded:
    """One run to record, and the fact that it makes; None where nothing changes."""

    plan: GrantPlan
    applied: dict[str, Any]
    run: str
    fact: Fact | None


@dataclass
class _Grant:
    id: GrantId
    status: str = "none"
    document: dict[str, Any] | None = None
    expires: datetime = NOW


class Generator:
    """Makes a history; the same `seed` makes the same one.

    Histories with another `tag` have other partners and resources.
    """

    def __init__(self, seed: int, partners: int, grants: int, tag: str = "") -> None:
        self._random = random.Random(seed)  # noqa: S311 (not a secret)
        self._tag = tag
        self._grants = [
            _Grant(GrantId(f"partner{tag}-{p}", f"grant-{g}"))
            for p in range(partners)
            for g in range(grants)
        ]
        self._now = NOW

    def runs(self, number: int) -> Iterator[Recorded]:
        """So many runs, one after the other."""
        for count in range(number):
            seconds = self._random.choice([0.4, 20, 600, 7_200, 20_000])
            self._now += timedelta(seconds=seconds * (1 + self._random.random()))
            yield self._run(self._random.choice(self._grants), f"run-{count}")

    def _run(self, grant: _Grant, run: str) -> Recorded:
        chance = self._random.random()
        if grant.status == "none" or grant.document is None:
            return self._granted(grant, run, "created", fails=chance < 0.1)
        if grant.expires <= self._now:
            return self._late(grant, run, chance)
        if grant.status == "suspended":
            if chance < 0.7:
                return self._written(grant, run, "updated")
            return self._ended(grant, run, "revoked")
        return self._active(grant, run, chance)

    def _active(self, grant: _Grant, run: str, chance: float) -> Recorded:
        assert grant.document
        if chance < 0.35:
            return self._granted(grant, run, "updated", fails=chance < 0.04)
        if chance < 0.55:
            grant.document = {**grant.document, **self._dates(grant.document.get("starts_at"))}
            return self._written(grant, run, "updated")
        if chance < 0.7:
            return self._suspended(grant, run)
        if chance < 0.8:
            return self._ended(grant, run, "revoked", fails=chance < 0.72)
        return self._nothing_new(grant, run, chance)

    def _late(self, grant: _Grant, run: str, chance: float) -> Recorded:
        """Past the expiry: it ends, or is renewed before anybody took the role away."""
        if chance < 0.7 or grant.status == "suspended":
            return self._ended(grant, run, "expired")
        return self._granted(grant, run, "updated", fails=False)

    def _nothing_new(self, grant: _Grant, run: str, chance: float) -> Recorded:
        if chance < 0.87:
            return self._written(grant, run, "unchanged")
        if chance < 0.94:
            mended = self._written(grant, run, "updated")
            plan = replace(mended.plan, drift=("somebody attached a policy",))
            return replace(mended, plan=plan)
        plan = GrantPlan("record", "rejected", stamp(self._now), "rejected", grant=grant.id)
        return Recorded(plan, {}, run, None)

    def _granted(self, grant: _Grant, run: str, outcome: Outcome, *, fails: bool) -> Recorded:
        accounts = self._random.sample(_ACCOUNTS, self._random.choice([1, 1, 2]))
        document = {
            "version": 1,
            "partner": grant.id.partner,
            "grant": grant.id.grant,
            "purpose": f"Purpose {run}",
            "owner": "data-platform",
            "principals": accounts,
            "external_id": "acme-7f3b2c91",
            "access": [self._entry() for _ in range(self._random.choice([1, 2, 2, 3, 5]))],
            **self._dates(),
        }
        if fails:
            return self._failed(grant, document, run)
        grant.document = document
        return self._written(grant, run, outcome)

    def _entry(self) -> dict[str, Any]:
        service = self._random.choice([*ALLOW, "s3", "s3", "ssm"])
        name = self._random.choice(PARAMETERS if service == "ssm" else NAMES)
        entry = {"service": service, "allow": self._random.choice(ALLOW[service])}
        name = f"/{self._tag}{name[1:]}" if service == "ssm" else f"{self._tag}{name}"
        folder = self._random.choice(FOLDERS) if service == "s3" else None
        return entry | {FIELDS[service]: name} | ({"prefix": folder} if folder else {})

    def _dates(self, starts: str | None = None) -> dict[str, str]:
        begin = self._now + timedelta(days=self._random.choice([0, 0, 0, 5, 40]))
        end = begin + timedelta(days=self._random.choice([1, 20, 90, 400]), seconds=1)
        future = {"starts_at": instant(begin)} if begin > self._now else {}
        kept = {"starts_at": starts} if starts else {}
        return {**future, **kept, "expires_at": instant(max(end, self._now + timedelta(days=50)))}

    def _written(self, grant: _Grant, run: str, outcome: Outcome) -> Recorded:
        assert grant.document
        plan = plan_of(grant.document, outcome, self._now)
        grant.status, fact = "active", self._fact(grant.document)
        assert fact.expires
        grant.expires = fact.expires
        return self._recorded(plan, run, fact)

    def _suspended(self, grant: _Grant, run: str) -> Recorded:
        assert grant.document
        grant.status = "suspended"
        plan = plan_of(grant.document, "suspended", self._now)
        return self._recorded(plan, run, Fact(self._now, grant.id))

    def _ended(self, grant: _Grant, run: str, outcome: Outcome, *, fails: bool = False) -> Recorded:
        assert grant.document
        plan = replace(plan_of(grant.document, outcome, self._now), desired=None)
        if fails:
            plan = replace(plan, outcome="failed", reason="Throttled: a while")
        else:
            grant.status = "none"
        return self._recorded(plan, run, Fact(self._now, grant.id, failed=fails))

    def _failed(self, grant: _Grant, document: dict[str, Any], run: str) -> Recorded:
        plan = replace(plan_of(document, "failed", self._now), reason="Throttled: a while")
        fact = replace(self._fact(document), failed=True)
        return self._recorded(plan, run, fact)

    def _fact(self, document: dict[str, Any]) -> Fact:
        given = frozenset(
            Given(e["service"], e[FIELDS[e["service"]]], e.get("prefix"), e["allow"])
            for e in document["access"]
        )
        starts = document.get("starts_at")
        return Fact(
            self._now,
            GrantId(document["partner"], document["grant"]),
            given,
            frozenset(document["principals"]),
            datetime.fromisoformat(starts) if starts else None,
            datetime.fromisoformat(document["expires_at"]),
        )

    def _recorded(self, plan: GrantPlan, run: str, fact: Fact) -> Recorded:
        """Some roles are read back seconds after they were planned for: then that time counts."""
        if plan.outcome in ("failed", "unchanged") or self._random.random() < 0.5:
            return Recorded(plan, {}, run, fact)
        self._now += timedelta(seconds=self._random.randrange(9))
        read_at = self._now.replace(microsecond=0)
        applied = {"changes": [], "verified": {"role": "as planned", "read_at": instant(read_at)}}
        return Recorded(plan, applied, run, replace(fact, at=max(read_at, fact.at)))
