"""The safeguards one by one, each where only it can help; `make safeguards` takes them away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from latchkey.aws.claims import external_id_claim
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.leases import Leases
from latchkey.errors import LeaseLost, PlanStale
from latchkey.grant_id import GrantId
from latchkey.runtime.wiring.steps import planner
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

ACME = GrantId("acme", "main")
CHECK = {"action": "check", "partner": "acme", "grant": "main"}


def test_version_that_comes_while_a_run_waits_for_the_lease_is_the_one_that_holds(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.upload()
    acquire = Leases.acquire

    def late(self: Leases, *arguments: Any) -> Any:
        monkeypatch.setattr(Leases, "acquire", acquire)
        stack.upload(principals=[OTHER_ACCOUNT])
        stack.run(FILE)
        return acquire(self, *arguments)

    monkeypatch.setattr(Leases, "acquire", late)
    stack.run(FILE)
    role = stack.role()
    assert role is not None
    trust = str(role["AssumeRolePolicyDocument"])
    assert OTHER_ACCOUNT in trust
    assert PARTNER_ACCOUNT not in trust


def test_run_that_was_taken_over_does_not_give_the_lease_away(stack: StackDriver) -> None:
    leases = planner().lease.leases
    leases.acquire(ACME, "slow", NOW)
    leases.acquire(ACME, "next", NOW + timedelta(minutes=4))
    leases.release(ACME, "slow")
    lease = stack.item("LEASE#acme.main", "LEASE")
    assert lease is not None
    assert lease["lease_owner"] == "next"


def test_record_that_is_written_again_later_does_not_undo_what_came_after(
    stack: StackDriver,
) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["applied"] = stack.invoke("grant_access", state)
    stack.invoke("record_outcome", state)
    stack.upload(status="suspended")
    stack.run(FILE)
    planner().lease.leases.acquire(ACME, state["execution"]["id"], NOW)
    stack.invoke("record_outcome", state)
    assert stack.grant()["status"] == "suspended"


def test_run_that_dies_between_record_and_release_leaves_nothing_to_record(
    stack: StackDriver,
) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["applied"] = stack.invoke("grant_access", state)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Leases, "release", lambda *_: None)
        stack.invoke("record_outcome", state)
    assert stack.run(CHECK, NOW + timedelta(minutes=4)).outcome == "unchanged"
    assert stack.history() == ["AccessGranted"]


def test_schedule_is_there_before_the_role(stack: StackDriver) -> None:
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    actions = [change["action"] for change in stack.whole_plan(state)["changes"]]
    assert actions == ["PutSchedule", "CreateRole", "PutRolePolicy"]


def test_external_id_of_one_partner_cannot_be_claimed_by_another(stack: StackDriver) -> None:
    table = planner().claims.table
    shared = external_id_claim("shared-value", "acme")
    assert table.secure(ACME, [shared], None, None) == ()
    assert table.secure(GrantId("acme", "second"), [shared], None, None) == ()
    names = ("of-their-own", "shared-value", "also-theirs")
    theirs = [external_id_claim(one, "other") for one in names]
    assert table.secure(GrantId("other", "main"), theirs, None, None) == (theirs[1],)
    claimed = {item["pk"] for item in stack.items() if item["sk"] == "CLAIM"}
    assert claimed == {"EXTERNAL_ID#shared-value"}


def _while_planned(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]
) -> dict[str, Any]:
    """The plan of a run for the file, with what happens right before it notes the file's grant."""
    secure = GrantTable.secure

    def late(self: GrantTable, *arguments: Any) -> Any:
        monkeypatch.setattr(GrantTable, "secure", secure)
        meanwhile()
        return secure(self, *arguments)

    monkeypatch.setattr(GrantTable, "secure", late)
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    return state


def test_file_that_is_removed_and_looked_at_while_it_is_planned_for_makes_no_role(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remove() -> None:
        stack.remove()
        assert stack.run(FILE).outcome == "unchanged"

    stack.upload()
    with pytest.raises(PlanStale, match="was looked at by another run meanwhile"):
        _while_planned(stack, monkeypatch, remove)
    assert stack.run(FILE).outcome == "unchanged"
    assert stack.role() is None


def test_removed_file_is_planned_again_when_a_role_was_started_meanwhile(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run for the removal finds nothing on record, and records that after the other began."""
    removal = stack.state(FILE)

    def remove() -> None:
        stack.remove()
        removal["plan"] = stack.invoke("plan_grant", removal)

    stack.upload()
    state = _while_planned(stack, monkeypatch, remove)
    assert (removal["plan"]["step"], removal["plan"]["grant"]) == ("record", None)
    with pytest.raises(LeaseLost):
        stack.invoke("record_outcome", removal)
    state["applied"] = stack.invoke("grant_access", state)
    stack.invoke("record_outcome", state)
    assert stack.run(FILE).outcome == "revoked"
    assert stack.role() is None
