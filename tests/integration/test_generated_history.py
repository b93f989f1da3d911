"""Ten thousand events, recorded as ever, and asked about: the answers are those of a replay.

In parts these are a third of so many, other ones each time.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey.aws.access_queries import HistoryReader
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.table import Table, plain, serialized
from latchkey.errors import LeaseLost
from latchkey.keys import lease_partition
from latchkey.reports.summary.in_words import in_words
from latchkey.workflow.record import Recorder
from tests.kit.examples import ACCOUNT
from tests.kit.fake_dynamodb import FakeDynamoDB
from tests.kit.history.generated import Fact, Generator, Recorded
from tests.kit.history.replay import Answer, Question, answers, questions
from tests.kit.parts import PART, turn
from tests.kit.stack.aws import TABLE, aws
from tests.kit.stack.driver import StackDriver

pytestmark = pytest.mark.timeout(600)

EVENTS, QUESTIONS = (3_400 if PART else 10_000), 400
_KEPT: Any = SimpleNamespace(release=lambda *_: None, abandon=lambda *_: None)
_RESULTS: Any = SimpleNamespace(put=lambda *_: None, name="results")
_WORKFLOW: Any = None


@dataclass(frozen=True)
class History:
    """What was recorded, and the facts of it."""

    client: FakeDynamoDB
    facts: Sequence[Fact]

    @property
    def reader(self) -> HistoryReader:
        """Whoever asks."""
        return HistoryReader(Table(_any(self.client), TABLE))


def record(client: Any, put: Callable[[Any], object], runs: Sequence[Recorded]) -> list[Fact]:
    """Record runs by the real recorder; some twice, some again when it is too late.

    No question is about a result's words, which take most of a run's time: all have the same.
    """
    words = in_words(runs[0].plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("latchkey.workflow.result.in_words", lambda _: words)
        return _record(client, put, runs)


def _record(client: Any, put: Callable[[Any], object], runs: Sequence[Recorded]) -> list[Fact]:
    table = GrantTable(Table(client, TABLE), ACCOUNT)
    recorder = Recorder(table, _KEPT, _RESULTS, _WORKFLOW)
    for number, run in enumerate(runs):
        assert run.plan.grant
        lease = {"pk": lease_partition(run.plan.grant), "sk": "LEASE", "lease_owner": run.run}
        put(serialized(lease))
        recorder.record(run.plan, run.applied, run.run)
        if number % 7 == 0:
            recorder.record(run.plan, run.applied, run.run)
        if number % 11 == 10:
            again = runs[number - 10]
            with suppress(LeaseLost):  # without an event nothing shows that it went through
                recorder.record(again.plan, again.applied, again.run)
        if number % 13 == 0:
            with pytest.raises(LeaseLost):
                recorder.record(run.plan, run.applied, f"{run.run}-late")
    return [run.fact for run in runs if run.fact]


@cache  # what is made of it is only read
def _history(partners: int, events: int) -> History:
    client = FakeDynamoDB()
    runs = list(Generator(7 + turn(), partners, grants=10).runs(events))
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


def test_everything_of_a_partner_is_all_that_the_replay_says_of_it_at_any_time() -> None:
    history = _history(100, EVENTS)
    for partner in ("partner-0", "partner-42", "partner-99"):
        found = history.reader.everything_of(partner)
        facts = [fact for fact in history.facts if fact.grant.partner == partner]
        edges = [edge for fact in facts for edge in (fact.at, fact.starts, fact.expires) if edge]
        asked = [
            Question(partner, lambda _: True, edge + timedelta(microseconds=step))
            for edge in edges
            for step in (-1, 0)
        ]
        for question, expected in zip(asked, answers(facts, asked), strict=True):
            then = [one for one in found if _holds(one, question.at)]
            assert set(_told(then)) == expected, question
            assert len(then) == len(expected), question


def test_partner_is_found_with_every_grant_that_it_ever_had() -> None:
    history = _history(100, EVENTS)
    for partner in ("partner-0", "partner-42", "partner-99"):
        expected = {str(f.grant) for f in history.facts if f.grant.partner == partner}
        assert history.reader.grants_of(partner) == sorted(expected)


def test_what_a_question_reads_does_not_grow_with_grants_that_it_does_not_concern() -> None:
    client = FakeDynamoDB()
    runs = list(Generator(3, 5, grants=4).runs(300))
    facts = record(client, client.put, runs)
    asked = list(questions(facts, 20, seed=4))
    before = [_cost(client, question) for question in asked]
    for stranger in range(4):
        others = Generator(5 + stranger, 40, grants=10, tag=f"x{stranger}").runs(600)
        record(client, client.put, list(others))
    assert [_cost(client, question) for question in asked] == before
    assert max(cost.queries for cost in before) < 60


def test_what_is_recorded_of_a_grant_is_in_its_one_transaction() -> None:
    client = FakeDynamoDB()
    runs = list(Generator(3, 5, grants=4).runs(100))
    table = GrantTable(Table(_any(client), TABLE), ACCOUNT)
    for run in runs:
        assert run.plan.grant
        lease = {"pk": lease_partition(run.plan.grant), "sk": "LEASE", "lease_owner": run.run}
        client.put(serialized(lease))
        Recorder(table, _KEPT, _RESULTS, _WORKFLOW).record(run.plan, run.applied, run.run)
    assert len(client.transactions) == len(runs)


def test_memory_answers_as_moto_does(stack: StackDriver) -> None:
    client = FakeDynamoDB()
    runs = list(Generator(9, 4, grants=3).runs(40))
    facts = record(client, client.put, runs)
    dynamodb = aws("dynamodb")
    record(dynamodb, lambda item: dynamodb.put_item(TableName=TABLE, Item=item), runs)
    real, kept = HistoryReader(Table(dynamodb, TABLE)), HistoryReader(Table(_any(client), TABLE))
    for question in questions(facts, 20, seed=2):
        text, at = question.text, question.at
        assert real.who_had_access(text, at) == kept.who_had_access(text, at)
    for partner in {fact.grant.partner for fact in facts}:
        assert real.everything_of(partner) == kept.everything_of(partner)
        assert real.grants_of(partner) == kept.grants_of(partner)
    moto = {item["pk"] + item["sk"]: item for item in stack.items()}
    mine = [plain(item) for sort in client.items.values() for item in sort.values()]
    assert moto == {item["pk"] + item["sk"]: item for item in mine}


@dataclass(frozen=True)
class _Cost:
    queries: int
    items: int


def _cost(client: FakeDynamoDB, question: Question) -> _Cost:
    queries, items = client.queries, client.read
    HistoryReader(Table(_any(client), TABLE)).who_had_access(question.text, question.at)
    return _Cost(client.queries - queries, client.read - items)


def _any(client: Any) -> Any:
    return client


def _holds(found: dict[str, Any], at: datetime) -> bool:
    since, until = (datetime.fromisoformat(found[name]) for name in ("since", "until"))
    return since <= at < until
