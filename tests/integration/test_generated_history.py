"""Ten thousand events, recorded as ever, and asked about: the answers are those of a replay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.leases import partition_key
from latchkey.aws.table import Table, serialized
from latchkey.domain.errors import LeaseLost
from latchkey.use_cases.ask_history import HistoryReader
from latchkey.use_cases.record_outcome import Recorder
from tests.fake_dynamodb import FakeDynamoDB
from tests.generated_history import Fact, Generator, Recorded
from tests.integration.house import TABLE
from tests.replay import Answer, Question, answers, questions

EVENTS, QUESTIONS = 10_000, 500
_KEPT: Any = SimpleNamespace(release=lambda *_: None, abandon=lambda *_: None)
_RESULTS: Any = SimpleNamespace(put=lambda *_: None)
_WORKFLOW: Any = None


@dataclass(frozen=True)
class History:
    """What was recorded, and the facts of it."""

    client: FakeDynamoDB
    facts: Sequence[Fact]

    @property
    def reader(self) -> HistoryReader:
        """Whoever asks."""
        client: Any = self.client
        return HistoryReader(Table(client, TABLE))


def record(client: Any, put: Callable[[Any], object], runs: Sequence[Recorded]) -> list[Fact]:
    """Record runs by the real recorder; some twice, some again when it is too late."""
    table = GrantTable(Table(client, TABLE))
    recorder = Recorder(table, _KEPT, _RESULTS, _WORKFLOW)
    for number, run in enumerate(runs):
        assert run.plan.grant
        lease = {"pk": partition_key(run.plan.grant), "sk": "LEASE", "lease_owner": run.run}
        put(serialized(lease))
        recorder.record(run.plan, run.applied, run.run)
        if number % 7 == 0:
            recorder.record(run.plan, run.applied, run.run)
        if number % 11 == 10:
            again = runs[number - 10]
            recorder.record(again.plan, again.applied, again.run)
        if number % 13 == 0:
            with pytest.raises(LeaseLost):
                recorder.record(run.plan, run.applied, f"{run.run}-late")
    return [run.fact for run in runs if run.fact]


@cache
def _history(partners: int, events: int) -> History:
    client = FakeDynamoDB()
    runs = list(Generator(7, partners, grants=10).runs(events))
    return History(client, record(client, client.put, runs))


def _told(found: list[dict[str, Any]]) -> list[Answer]:
    return [
        (
            f"{one['partner']}.{one['grant']}",
            one["service"],
            one["resource"],
            frozenset(one["may"]),
            frozenset(principal.split(":")[4] for principal in one["principals"]),
            one["certain"],
        )
        for one in found
    ]


def _wrong(reader: HistoryReader, asked: Sequence[Question], facts: Sequence[Fact]) -> list[str]:
    wrong = []
    for question, expected in zip(asked, answers(facts, asked), strict=True):
        found = _told(reader.who_had_access(question.text, question.at))
        if len(found) != len(expected) or set(found) != expected:
            more, less = set(found) - expected, expected - set(found)
            wrong.append(f"{question.text} at {question.at}: too much {more}, missing {less}")
    return wrong


def test_who_had_access_is_what_a_replay_of_ten_thousand_events_says() -> None:
    history = _history(100, EVENTS)
    asked = list(questions(history.facts, QUESTIONS, seed=1))
    assert _wrong(history.reader, asked, history.facts) == []
    expected = answers(history.facts, asked)
    assert sum(map(bool, expected)) > QUESTIONS / 2, "most questions have an answer"
    assert any(not one[-1] for found in expected for one in found), "some are not certain"
