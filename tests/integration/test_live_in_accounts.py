"""Live grants by their accounts: nothing of one is missed, and no account is taken for a grant."""

from datetime import UTC, datetime

import pytest

from latchkey.aws.access_queries import HistoryReader
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.run_record import RunRecord
from latchkey.aws.spoke_records import SpokeRecord, SpokeRecords
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord, Overdue
from latchkey.keys import lease_partition
from latchkey.newer_python import replace
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import TABLE, aws
from tests.kit.stack.driver import StackDriver

ONE, OTHER = "222233334444", "111122223333"
LATER = datetime(2030, 6, 1, tzinfo=UTC)
HERE = GrantRecord(
    "acme",
    "main",
    "active",
    role_arn=f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main",
    expires_at="2030-03-01T00:00:00Z",
    updated_at="2026-07-26T10:00:00Z",
)


def _table() -> Table:
    return Table(aws("dynamodb"), TABLE)


def _in(account: str, grant: str, expires_at: str = "2030-03-01T00:00:00Z") -> GrantRecord:
    arn = f"arn:aws:iam::{account}:role/partners/partner-acme.{grant}"
    return replace(HERE, grant=grant, role_arn=arn, expires_at=expires_at)


def _record(state: GrantRecord) -> None:
    table = _table()
    table.put({"pk": lease_partition(state.id), "sk": "LEASE", "lease_owner": "run"})
    assert GrantTable(table, ACCOUNT).record(RunRecord("run", grant=state.id, state=state))


@pytest.fixture
def grants(stack: StackDriver) -> LiveGrants:
    """One grant here, two in one other account, none in another that is on record."""
    for state in (
        HERE,
        _in(ONE, "late", "2030-04-01T00:00:00Z"),
        _in(ONE, "soon", "2030-02-01T00:00:00Z"),
    ):
        _record(state)
    SpokeRecords(_table()).checked(OTHER, NOW, None)
    return LiveGrants(_table())


def test_all_are_those_of_all_accounts(grants: LiveGrants) -> None:
    assert [(one.id.grant, one.account) for one in grants.all()] == [
        ("main", None),
        ("soon", ONE),
        ("late", ONE),
    ]


def test_accounts_are_told_apart_and_one_without_grants_is_known(grants: LiveGrants) -> None:
    found = grants.by_account()
    named = {account: [one.id.grant for one in live] for account, live in found.items()}
    assert named == {None: ["main"], ONE: ["soon", "late"], OTHER: []}
    assert [one.id.grant for one in grants.of_account(None)] == ["main"]
    assert [one.id.grant for one in grants.of_account(ONE)] == ["soon", "late"]
    assert grants.accounts() == [OTHER, ONE]


def test_the_longest_overdue_comes_first_in_whichever_account(grants: LiveGrants) -> None:
    assert grants.due(NOW) == []
    assert grants.due(LATER) == [
        Overdue(GrantId("acme", "soon"), "2030-02-01T00:00:00Z"),
        Overdue(GrantId("acme", "main"), "2030-03-01T00:00:00Z"),
        Overdue(GrantId("acme", "late"), "2030-04-01T00:00:00Z"),
    ]


def test_what_ends_within_a_time_is_found_in_all_accounts(grants: LiveGrants) -> None:
    found = grants.between("2030-02-15T00:00:00Z", "2030-04-01T00:00:00Z")
    assert [one.id.grant for one in found] == ["main", "late"]


def test_a_grant_that_ended_is_found_in_no_account(grants: LiveGrants) -> None:
    _record(replace(_in(ONE, "late"), status="revoked"))
    assert [one.id.grant for one in grants.all()] == ["main", "soon"]


def test_no_question_takes_an_account_for_a_grant(grants: LiveGrants) -> None:
    assert (list(grants.begun()), list(grants.troubled()), grants.last_used()) == ([], [], {})
    assert not HistoryReader(_table()).knows("bucket-of-nobody")


def test_an_account_is_on_record_since_its_first_grant_and_stays_as_it_is(
    grants: LiveGrants,
) -> None:
    spokes = SpokeRecords(_table())
    since = SpokeRecord(ONE, "2026-07-26T10:00:00Z")
    assert spokes.get(ONE) == since
    spokes.checked(ONE, LATER, "1.2.0")
    _record(_in(ONE, "third"))
    checked = replace(since, checked_at="2030-06-01T00:00:00Z", version="1.2.0")
    assert spokes.get(ONE) == checked
    assert [one.account for one in spokes.all()] == [OTHER, ONE]


def test_what_failed_in_an_account_is_on_record_until_it_succeeds(grants: LiveGrants) -> None:
    spokes = SpokeRecords(_table())
    spokes.checked(ONE, NOW, "1.2.0")
    before = spokes.get(ONE)
    assert before
    spokes.failed(ONE, LATER, "SpokeNotEnrolled: " + "word " * 200)
    failed = spokes.get(ONE)
    assert failed and failed.error
    assert (failed.failed_at, failed.error[:18]) == ("2030-06-01T00:00:00Z", "SpokeNotEnrolled: ")
    assert len(failed.error) <= 500
    assert failed.error.endswith(" word …"), "a whole word"
    assert replace(failed, failed_at=None, error=None) == before
    spokes.checked(ONE, NOW, None)
    assert spokes.get(ONE) == replace(before, version=None)


def test_nothing_is_recorded_by_whoever_knows_no_account_of_the_stack(stack: StackDriver) -> None:
    with pytest.raises(ValueError, match="the account of the stack"):
        GrantTable(_table()).record(RunRecord("run", grant=HERE.id, state=HERE))


def test_a_stack_without_other_accounts_makes_one_query(stack: StackDriver) -> None:
    _record(HERE)
    queries: list[str] = []
    client = aws("dynamodb")
    asked = ("all", "by_account", "accounts")
    client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: queries.append(model.name), unique_id="count"
    )
    grants = LiveGrants(Table(client, TABLE))
    for name in asked:
        list(getattr(grants, name)())
    client.meta.events.unregister("before-call.dynamodb", unique_id="count")
    assert queries == ["Query"] * len(asked)
