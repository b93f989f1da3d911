"""A run that dies before it records: what it began counts, and whoever finds it records it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey.aws.access_queries import HistoryReader
from latchkey.aws.leases import Leases
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.keys import lease_partition
from tests.kit.examples import NOW, OTHER_ACCOUNT, secret_entry
from tests.kit.stack.aws import FILE, TABLE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import Call, Killed, Taps

LATER = NOW + timedelta(minutes=4)
BETWEEN = NOW + timedelta(minutes=2)
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
GRANT = {"partner": "acme", "grant": "main"}
CHECK = {**GRANT, "action": "check", "by": "sweep", "reason": "sweep"}
ORDER = {**GRANT, "reason": "incident 7"}
BUCKET = "arn:aws:s3:::data-bucket"


def _dies(stack: StackDriver, request: Any, at: datetime = NOW) -> None:
    """A run that carries out its plan, and ends before it can record it."""
    state = stack.state(request)
    state["plan"] = stack.invoke("plan_grant", state, at)
    stack.invoke(f"{state['plan']['step']}_access", state, at)


def _dies_before_it_makes_anything(stack: StackDriver, request: Any) -> None:
    def kill(call: Call) -> None:
        if call.service == "iam" and not call.operation.startswith(("Get", "List")):
            raise Killed

    taps = Taps()
    taps.before = kill
    with pytest.raises(Killed):
        _dies(stack, request)
    taps.disarm()


def _who(at: datetime, resource: str = BUCKET) -> list[dict[str, Any]]:
    return HistoryReader(Table(aws("dynamodb"), TABLE)).who_had_access(resource, at)


@pytest.fixture
def orphan(stack: StackDriver) -> StackDriver:
    """A first run that made role, policy and schedule, and recorded nothing."""
    stack.upload()
    _dies(stack, FILE)
    assert stack.item("GRANT#acme.main") is None
    assert stack.role()
    return stack


def _removed(stack: StackDriver) -> Any:
    stack.remove()
    return FILE


ENDS: list[tuple[str, Callable[[StackDriver], Any], str]] = [
    ("file removed", _removed, "revoked"),
    ("revoked by order", lambda _: {**ORDER, "action": "revoke"}, "revoked"),
    ("suspended by order", lambda _: {**ORDER, "action": "suspend"}, "suspended"),
    ("checked", lambda _: CHECK, "created"),
    ("read again", lambda _: FILE, "created"),
]


@pytest.mark.parametrize(("what", "act", "outcome"), ENDS, ids=[what for what, *_ in ENDS])
def test_first_run_that_died_counts_as_if_it_had_recorded(
    orphan: StackDriver, what: str, act: Callable[[StackDriver], Any], outcome: str
) -> None:
    run = orphan.run(act(orphan), LATER)
    assert (run.error, run.outcome) == (None, outcome)
    assert orphan.history()[0] == "AccessGranted"
    (had,) = _who(BETWEEN)
    assert had["principals"] == ["arn:aws:iam::444455556666:root"]
    assert _who(NOW - timedelta(seconds=1)) == []
    if outcome == "revoked":
        assert (orphan.role(), orphan.schedules(), _who(LATER)) == (None, [], [])
        assert orphan.grant()["status"] == "revoked"
    if outcome == "created":
        assert orphan.history() == ["AccessGranted"]
        assert orphan.grant()["status"] == "active"


def test_what_a_run_put_right_is_recorded_though_it_has_to_plan_anew(stack: StackDriver) -> None:
    stack.granted()
    aws("iam").delete_role_permissions_boundary(RoleName="partner-acme.main")
    state = stack.state(CHECK)
    state["plan"] = stack.invoke("plan_grant", state, BETWEEN)
    stack.invoke("grant_access", state, BETWEEN)  # after which recording fails
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    assert state["plan"]["step"] == "record"
    state["result"] = stack.invoke("record_outcome", state, LATER)
    assert stack.history() == ["AccessGranted", "DriftRepaired"]
    stack.invoke("notify_outcome", state, LATER)
    assert stack.result()["drift"] == ["the permissions boundary had been taken off"]


def test_expiry_ends_it_and_its_history_has_both(orphan: StackDriver) -> None:
    run = orphan.run(CHECK, EXPIRY)
    assert (run.outcome, orphan.role()) == ("expired", None)
    assert orphan.history() == ["AccessGranted", "AccessExpired"]


def test_rejected_version_does_not_make_anybody_forget_it(orphan: StackDriver) -> None:
    orphan.upload(purpose="")
    assert orphan.run(FILE, LATER).outcome == "rejected"
    assert orphan.grant()["status"] == "failed"
    assert orphan.grant()["live"] == "LIVE"
    assert orphan.history() == ["GrantFailed", "ConfigRejected"]
    assert _who(BETWEEN)[0]["certain"] is False
    orphan.remove()
    assert orphan.run(FILE, LATER).outcome == "revoked"
    assert orphan.role() is None


def test_planning_that_fails_does_not_make_anybody_forget_it(orphan: StackDriver) -> None:
    aws("ssm").delete_parameter(Name="/latchkey/guardrails")
    orphan.run(CHECK, LATER)
    orphan.guard()
    orphan.remove()
    assert orphan.run(FILE, LATER + timedelta(minutes=4)).outcome == "revoked"
    assert orphan.role() is None


def test_sweep_finds_it_once_nobody_is_at_work_on_it(orphan: StackDriver) -> None:
    assert orphan.invoke("sweep_grants", {}, NOW)["unrecorded"] == []
    assert orphan.invoke("sweep_grants", {}, LATER)["unrecorded"] == ["acme.main"]
    (request,) = orphan.started()
    assert orphan.run(request, LATER).outcome == "created"
    after = LATER + timedelta(minutes=10)
    assert orphan.invoke("sweep_grants", {}, after)["unrecorded"] == []


def test_who_had_access_knows_it_before_anybody_recorded_it(orphan: StackDriver) -> None:
    (found,) = _who(BETWEEN)
    assert (found["grant"], found["certain"], found["ended"]) == ("main", False, None)
    assert _who(NOW - timedelta(seconds=1)) == []


def test_order_for_all_finds_it(orphan: StackDriver) -> None:
    request = {"action": "suspend", "partner": "*", "grant": "*", "confirm": "all"}
    state = orphan.state({**request, "reason": "incident", "requested_by": "security"})
    answer = orphan.invoke("find_grants", {**state, "found": {}})
    assert answer["step"] == "order"
    assert "acme.main" in str(answer["grants"])


def test_nothing_is_in_the_log_after_an_ordinary_run(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(access=[secret_entry()])
    stack.run(FILE)
    assert not [item for item in stack.items() if item.get("live") == "BEGUN"]
    assert stack.item("GRANT#acme.main", "LEASE") is None


def test_change_that_was_not_made_is_recorded_as_a_failure(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    _dies_before_it_makes_anything(stack, FILE)
    stack.remove()
    run = stack.run(FILE, LATER)
    assert run.outcome == "revoked"
    assert stack.history() == ["AccessGranted", "GrantFailed", "AccessRevoked"]
    (both,) = _who(BETWEEN)
    assert both["certain"] is False
    assert len(both["principals"]) == 2


def test_more_deaths_than_an_item_holds_do_not_stand_in_the_way(stack: StackDriver) -> None:
    stack.upload(access=[{"service": "s3", "bucket": "data-bucket", "allow": "read"}])
    at = NOW
    for number in range(8):
        stack.upload(tags={f"t{n}": str(number) * 250 for n in range(40)})
        _dies(stack, FILE, at)
        at += timedelta(minutes=4)
    stack.remove()
    run = stack.run(FILE, at)
    assert run.outcome == "revoked", run
    assert stack.role() is None


@pytest.mark.parametrize("began", [True, False])
def test_lease_is_given_back_with_what_is_not_recorded_kept(
    stack: StackDriver,
    began: bool,
) -> None:
    grant, client = GrantId("acme", "main"), aws("dynamodb")
    leases = Leases(Table(client, TABLE))
    leases.acquire(grant, "run", NOW)
    where = {"pk": lease_partition(grant), "sk": "LEASE"}
    if began:
        update = {"UpdateExpression": "SET live = :begun", "TableName": TABLE}
        key = {name: {"S": text} for name, text in where.items()}
        client.update_item(Key=key, ExpressionAttributeValues={":begun": {"S": "y"}}, **update)
    leases.release(grant, "run")
    left = stack.item(where["pk"], where["sk"])
    assert (left is not None) == began
    assert not left or "lease_owner" not in left
