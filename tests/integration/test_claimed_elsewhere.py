"""A version that asks for what is another's keeps nobody from ending or repairing its grant."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.in_scopes import GLOBEX, SCOPES, A, B, run_file, uploaded
from tests.kit.examples import NOW
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver

CHECK = {"action": "check", "partner": "acme"}
IN_FIVE_DAYS = (NOW + timedelta(days=5)).isoformat()


@pytest.fixture(params=[None, SCOPES], ids=["without scopes", "with scopes"])
def held_up(stack: StackDriver, request: pytest.FixtureRequest) -> StackDriver:
    """A live grant whose newest version names the external ID of another partner."""
    if request.param:
        stack.guard(scopes=request.param)
    assert uploaded(stack, A, expires_at=IN_FIVE_DAYS).outcome == "created"
    assert uploaded(stack, B, **GLOBEX).outcome == "created"
    run = uploaded(stack, A, external_id=["external-of-acme", GLOBEX["external_id"]])
    assert (run.outcome, run.paths) == ("rejected", ["/external_id/1"])
    return stack


@pytest.mark.parametrize("by", ["sweep", "schedule", "drift"])
def test_grant_ends_by_the_date_of_the_version_before(held_up: StackDriver, by: str) -> None:
    run = held_up.run({**CHECK, "by": by}, NOW + timedelta(days=6))
    assert run.outcome == "expired"
    assert held_up.role() is None


def test_role_that_was_changed_by_hand_is_put_back(held_up: StackDriver) -> None:
    aws("iam").update_role(RoleName="partner-acme.main", MaxSessionDuration=7200)
    assert held_up.run({**CHECK, "by": "drift"}).outcome == "updated"
    assert held_up.role()["MaxSessionDuration"] == 3600  # type: ignore[index]


def test_grant_is_suspended_and_resumed_as_it_was(held_up: StackDriver) -> None:
    before: Any = held_up.permissions()
    for action in ("suspend", "resume"):
        held_up.run({"action": action, "partner": "acme"})
    assert held_up.grant()["status"] == "active"
    assert held_up.permissions()["Statement"][0]["Action"] == before["Statement"][0]["Action"]


def test_what_is_free_again_is_granted_when_its_file_is_looked_at(held_up: StackDriver) -> None:
    held_up.remove(B)
    run_file(held_up, B)
    assert uploaded(held_up, A, external_id="external-of-acme").outcome == "updated"
