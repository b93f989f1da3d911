"""Live grants in another account: what is taken away there, and what is kept while it is closed."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.runtime.wiring import steps
from tests.integration.in_spoke import (
    JOBS,
    OTHER,
    SPOKE,
    Spoke,
    role_here,
    session_of_another,
    stack,
)
from tests.integration.in_spoke import spoke as empty
from tests.kit.examples import NOW
from tests.kit.stack import driver
from tests.kit.stack.aws import FILE, GUARDRAILS, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run
from tests.kit.stack.taps import refusal

GRANT = {"partner": "acme", "grant": "main"}
CHECK = {**GRANT, "action": "check"}
EXPIRED = NOW.replace(year=2031)

__all__ = ["empty", "stack"]


@pytest.fixture
def spoke(stack: StackDriver, empty: Spoke) -> Spoke:
    """The account with a grant in it."""
    _upload(stack)
    assert stack.run(FILE).outcome == "created"
    assert stack.role()
    empty.sessions.clear()
    empty.calls.clear()
    return empty


def _upload(stack: StackDriver, **changes: Any) -> None:
    stack.upload(**{"account": SPOKE, "access": [JOBS], **changes})


def _untouched(stack: StackDriver, spoke: Spoke) -> None:
    assert role_here() is None
    assert stack.role()
    assert spoke.owners("iam").list_role_policies(RoleName="partner-acme.main")["PolicyNames"]


def test_the_record_has_the_digests_of_both_guardrails(stack: StackDriver, spoke: Spoke) -> None:
    hub, own = stack.grant()["guardrails"].split("/")
    assert hub != own
    assert {len(hub), len(own)} == {12}
    spoke.guard(max_grant_days=3_000)
    stack.run({**CHECK, "by": "drift", "reason": "drift"}, NOW + timedelta(minutes=4))
    assert stack.grant()["guardrails"].split("/")[0] == hub
    assert stack.grant()["guardrails"] != f"{hub}/{own}"


def test_a_look_at_what_is_there_takes_one_session(stack: StackDriver, spoke: Spoke) -> None:
    run = stack.run(CHECK)
    assert (run.outcome, run.iam_writes) == ("unchanged", []), run.result
    assert len(spoke.sessions) == 1
    iam = [call for call in run.calls if call.startswith("iam")]
    assert iam == [call for call in spoke.calls if call.startswith("iam")]


def _taking_away(stack: StackDriver, how: str) -> Run:
    match how:
        case "suspend" | "revoke":
            return stack.run({**GRANT, "action": how})
        case "removed":
            stack.remove()
            return stack.run(FILE)
        case "expired":
            return stack.run(CHECK, EXPIRED)
        case _:
            _upload(stack, status=how)
            return stack.run(FILE)


WAYS = ("suspend", "revoke", "removed", "expired", "suspended", "revoked")


@pytest.mark.parametrize("how", WAYS)
def test_what_takes_away_fails_while_the_account_is_closed_and_is_done_later(
    stack: StackDriver, spoke: Spoke, how: str
) -> None:
    spoke.close()
    run = _taking_away(stack, how)
    assert (run.outcome, run.iam_writes) == ("failed", []), run.result
    assert SPOKE in run.result["reason"]
    assert stack.grant()["status"] == "failed"
    assert stack.grant()["role_arn"].split(":")[4] == SPOKE
    _untouched(stack, spoke)
    spoke.answer = None
    again = _taking_away(stack, how)
    assert again.outcome in ("suspended", "revoked", "expired"), again.result
    assert role_here() is None
    assert stack.role() is None or again.outcome == "suspended"


@pytest.mark.parametrize("how", WAYS)
def test_what_takes_away_is_tried_again_while_sts_does_not_answer(
    stack: StackDriver, spoke: Spoke, how: str
) -> None:
    spoke.answer = refusal("Throttling", status=400)
    run = _taking_away(stack, how)
    assert run.outcome == "failed"
    assert type(run.error).__name__ == "SpokeUnreachable"
    assert SPOKE in run.result["reason"]
    assert stack.grant()["status"] not in ("suspended", "revoked", "expired")
    _untouched(stack, spoke)


@pytest.mark.parametrize("how", ["suspend", "revoke", "removed", "expired"])
@pytest.mark.parametrize("spoilt", ["unlisted", "missing", "invalid"])
def test_no_guardrails_are_in_the_way_of_taking_away(
    stack: StackDriver, spoke: Spoke, how: str, spoilt: str
) -> None:
    if spoilt == "unlisted":
        stack.guard(allowed_accounts=[])
    elif spoilt == "invalid":
        spoke.guard("{")
    else:
        spoke.owners("ssm").delete_parameter(Name=GUARDRAILS)
    run = _taking_away(stack, how)
    assert run.outcome in ("suspended", "revoked", "expired"), run.result


def test_a_session_in_another_account_takes_nothing_away(stack: StackDriver, spoke: Spoke) -> None:
    spoke.answer = session_of_another()
    run = stack.run({**GRANT, "action": "revoke"})
    assert (run.outcome, spoke.calls) == ("failed", [])
    _untouched(stack, spoke)


@pytest.mark.parametrize("changes", [{}, {"max_session_duration": 7200}])
def test_a_file_that_comes_anew_is_rejected_while_the_account_is_closed(
    stack: StackDriver, spoke: Spoke, changes: dict[str, Any]
) -> None:
    before = stack.grant()
    spoke.close()
    _upload(stack, **changes)
    run = stack.run(FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/account"], [])
    assert stack.grant() == before
    _untouched(stack, spoke)


def test_a_check_of_a_closed_account_is_a_finding_and_the_grant_stays(
    stack: StackDriver, spoke: Spoke
) -> None:
    spoke.close()
    run = stack.run(CHECK)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/account"], [])
    assert (stack.grant()["status"], stack.grant()["findings"]) == (
        "active",
        run.result["problems"],
    )
    spoke.answer = None
    run = stack.run(CHECK, NOW + timedelta(hours=1))
    assert stack.grant().get("findings", []) == []


def test_an_account_that_is_listed_no_more_is_a_finding_and_gets_nothing_new(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.guard(allowed_accounts=[])
    run = stack.run(CHECK)
    assert stack.grant()["status"] == "active"
    assert [one["path"] for one in stack.grant()["findings"]] == ["/account"], run.result
    spoke.sessions.clear()
    _upload(stack, max_session_duration=7200)
    run = stack.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/account"])
    assert spoke.sessions == []


@pytest.mark.parametrize("account", [None, OTHER])
def test_a_version_that_would_move_the_grant_is_rejected_and_looked_up_nowhere(
    stack: StackDriver, spoke: Spoke, account: str | None
) -> None:
    _upload(stack, account=account)
    run = stack.run(FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/account"], [])
    assert f'"{SPOKE}"' in run.result["problems"][0]["message"]
    assert spoke.sessions == []
    _untouched(stack, spoke)


def test_a_grant_that_has_ended_stays_ended_where_nobody_can_look_any_more(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.run({**GRANT, "action": "revoke"})
    before = stack.grant()
    assert (before["status"], stack.role()) == ("revoked", None)
    spoke.close()
    stack.remove()
    run = stack.run(FILE)
    assert (run.outcome, stack.grant()) == ("failed", before)
    assert SPOKE in run.result["reason"]
    spoke.answer = None
    assert stack.run(FILE).outcome in ("revoked", "unchanged")


def test_orders_come_in_under_a_role_of_their_own(
    stack: StackDriver, spoke: Spoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(driver._SPOKE_ROLES, "plan_grant", "plan-order")
    steps.planner.cache_clear()
    assert stack.run({**GRANT, "action": "suspend"}).outcome == "suspended"
    assert stack.run({**GRANT, "action": "revoke"}).outcome == "revoked"
    roles = [one["RoleArn"].rpartition("-spoke-")[2] for one in spoke.sessions]
    assert roles == ["plan-order", "grant", "plan-order", "revoke"]


def test_a_grant_here_knows_nothing_of_a_role_there(stack: StackDriver, spoke: Spoke) -> None:
    """An own role of the same name is another grant's: it is looked at where it is."""
    stack.run({**GRANT, "action": "revoke"})
    _upload(stack, account=None, access=[{**JOBS, "queue": "here"}])
    aws("sqs").create_queue(QueueName="here")
    spoke.sessions.clear()
    assert stack.run({**FILE, "dry_run": True}).outcome == "planned"
    assert spoke.sessions == []
