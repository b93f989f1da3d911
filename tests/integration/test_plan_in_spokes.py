"""Planning a grant in another account: all that is read is that account's, in one session."""

import json
from collections import Counter
from typing import Any

import pytest

from latchkey.iam.spoke import SpokeRole, session_policy
from latchkey.keys import CONFIG_PREFIX
from latchkey.runtime.wiring import spokes
from tests.integration.in_spoke import (
    JOBS,
    OTHER,
    SPOKE,
    Spoke,
    role_here,
    session_of_another,
    spoke,
    stack,
)
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, NOW
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, GUARDRAILS, KEY, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run
from tests.kit.stack.taps import refusal

ROLE = f"arn:aws:iam::{SPOKE}:role/partners/partner-acme.main"
DRY = {**FILE, "dry_run": True}

__all__ = ["spoke", "stack"]


def _upload(stack: StackDriver, **changes: Any) -> None:
    stack.upload(**{"account": SPOKE, "access": [JOBS], **changes})


def _plan(stack: StackDriver, **changes: Any) -> Run:
    _upload(stack, **changes)
    return stack.run(DRY)


def _here() -> dict[str, str]:
    """An entry for what there is in the stack's own account only."""
    aws("sqs").create_queue(QueueName="here")
    return {**JOBS, "queue": "here"}


def _messages(run: Run) -> dict[str, str]:
    return {one["path"]: one["message"] for one in run.result["problems"]}


def test_one_session_reads_everything_of_the_grants_account(
    stack: StackDriver, spoke: Spoke
) -> None:
    run = _plan(stack)
    assert (run.outcome, run.result["role_arn"]) == ("planned", ROLE), run.result
    assert f"arn:aws:sqs:us-east-1:{SPOKE}:jobs" in json.dumps(run.plan["desired"])
    policy = session_policy(SpokeRole.PLAN, AWS_ENVIRONMENT.of_account(SPOKE), "partner-acme.main")
    (asked,) = spoke.sessions
    assert asked["RoleArn"] == f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-plan"
    assert asked["RoleSessionName"] == "run-1"
    assert json.loads(asked["Policy"]) == policy
    assert {call.split(":")[0] for call in spoke.calls} == {"iam", "sqs", "ssm"}
    here = Counter(run.calls) - Counter(spoke.calls)
    assert here["sts:AssumeRole"] == here["ssm:GetParameter"] == 1, "the stack's guardrails"
    assert not [call for call in here if call.startswith(("iam", "sqs"))]


def test_the_boundary_is_the_accounts_own(stack: StackDriver, spoke: Spoke) -> None:
    desired = _plan(stack).plan["desired"]
    assert desired["boundary_arn"].startswith(f"arn:aws:iam::{SPOKE}:policy/")


def test_a_resource_of_the_stacks_own_account_is_none_there(
    stack: StackDriver, spoke: Spoke
) -> None:
    run = _plan(stack, access=[_here()])
    assert (run.outcome, run.paths) == ("rejected", ["/access/0/queue"])
    assert f"in account {SPOKE} and this region" in _messages(run)["/access/0/queue"]


def test_the_own_account_needs_no_session_and_nothing_is_built_for_one(
    stack: StackDriver, spoke: Spoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(spokes, "reader")
    stack.granted(account=None, access=[_here()])
    found = stack.run({"action": "check", "partner": "acme", "grant": "main"})
    assert (found.outcome, spoke.sessions) == ("unchanged", [])


def test_each_attempt_has_a_session_of_its_own(stack: StackDriver, spoke: Spoke) -> None:
    _upload(stack)
    state = stack.state(DRY)
    for number in range(2):
        stack.invoke("plan_grant", state, NOW.replace(minute=number))
    assert len(spoke.sessions) == 2


def test_an_account_that_the_stack_does_not_list_is_not_called(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.guard(max_grant_days=1, allowed_accounts=[])
    run = _plan(stack)
    assert (run.outcome, run.paths) == ("rejected", ["/account", "/expires_at"])
    assert "guardrail allowed_accounts" in _messages(run)["/account"]
    assert (spoke.sessions, spoke.calls) == ([], [])


@pytest.mark.parametrize("key", [f"{CONFIG_PREFIX}team-a/acme.json", KEY])
def test_an_account_that_the_scope_of_a_file_does_not_list_is_not_called(
    stack: StackDriver, spoke: Spoke, key: str
) -> None:
    """Who may not grant there is not told either what there is."""
    scope = {"name": "team-a", "prefixes": [f"{CONFIG_PREFIX}team-a/"]}
    stack.guard(scopes=[{**scope, "accounts": [ACCOUNT]}])
    stack.upload(None, key, account=SPOKE, access=[{**JOBS, "queue": "absent"}])
    run = stack.run({"bucket": CONFIG_BUCKET, "key": key})
    assert run.outcome == "rejected"
    assert not any("absent" in message for message in _messages(run).values())
    assert (spoke.sessions, spoke.calls) == ([], [])


def test_an_account_that_is_not_enrolled_is_a_problem_beside_the_others(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.guard(max_grant_days=1)
    spoke.close()
    run = _plan(stack)
    assert (run.outcome, run.paths) == ("rejected", ["/account", "/expires_at"])
    assert SPOKE in _messages(run)["/account"]
    assert "not enrolled" in _messages(run)["/account"]


def test_a_new_grant_in_an_account_that_is_not_enrolled_is_rejected_and_nothing_made(
    stack: StackDriver, spoke: Spoke
) -> None:
    spoke.close()
    _upload(stack)
    run = stack.run(FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/account"], [])
    assert stack.grant()["status"] == "rejected"
    assert (stack.role(), role_here()) == (None, None)


def test_sts_that_does_not_answer_is_tried_again_and_then_failed(
    stack: StackDriver, spoke: Spoke
) -> None:
    spoke.answer = refusal("ServiceUnavailable", status=503)
    _upload(stack)
    run = stack.run(FILE)
    assert (run.outcome, type(run.error).__name__) == ("failed", "SpokeUnreachable")
    assert SPOKE in run.result["reason"]
    assert (stack.role(), role_here()) == (None, None)


def test_a_session_in_another_account_is_not_used(stack: StackDriver, spoke: Spoke) -> None:
    spoke.answer = session_of_another()
    run = _plan(stack)
    assert (run.outcome, spoke.calls) == ("failed", [])
    assert "SpokeMismatch" in run.result["reason"]


def test_guardrails_of_both_hold_and_the_accounts_are_named(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.guard(max_grant_days=30)
    spoke.guard(required_tags=["team"], denied_resources=["arn:aws:sqs:*:*:jobs"])
    found = _messages(_plan(stack))
    assert found.keys() == {"/access/0", "/expires_at", "/tags"}
    assert found["/expires_at"].startswith("guardrail max_grant_days")
    for path in ("/access/0", "/tags"):
        assert found[path].startswith(f"account {SPOKE}, its own guardrail ")


@pytest.mark.parametrize(
    "field",
    [
        {"approval": None},
        {"scopes": None},
        {"allowed_accounts": []},
        {"drift": "report"},
        {"max_idle_days": 30},
        {"idle": "suspend"},
    ],
    ids=lambda field: next(iter(field)),
)
def test_what_only_a_stack_can_say_makes_an_accounts_guardrails_unreadable(
    stack: StackDriver, spoke: Spoke, field: dict[str, Any]
) -> None:
    spoke.guard(**field)
    run = _plan(stack)
    assert run.outcome == "failed"
    assert "GuardrailsUnreadable" in run.result["reason"]
    assert f"account {SPOKE}" in run.result["reason"]
    assert next(iter(field)) in run.result["reason"]


def _missing(spoke: Spoke) -> None:
    spoke.owners("ssm").delete_parameter(Name=GUARDRAILS)


def _invalid(spoke: Spoke) -> None:
    spoke.guard("{")


@pytest.mark.parametrize("spoil", [_missing, _invalid])
def test_nothing_is_granted_while_an_accounts_guardrails_cannot_be_read(
    stack: StackDriver, spoke: Spoke, spoil: Any
) -> None:
    spoil(spoke)
    run = _plan(stack)
    assert run.outcome == "failed"
    assert f"GuardrailsUnreadable: account {SPOKE}: " in run.result["reason"]


def test_all_else_that_is_wrong_is_looked_up_where_the_grant_would_be(
    stack: StackDriver, spoke: Spoke
) -> None:
    run = _plan(stack, purpose="", access=[JOBS, {**JOBS, "queue": "nowhere"}])
    assert run.paths == ["/access/1/queue", "/purpose"]
    assert len(spoke.sessions) == 1
    run = _plan(stack, purpose="", account=OTHER)
    assert run.paths == ["/account", "/purpose"]
    run = _plan(stack, account="nowhere")
    assert run.paths == ["/account"], "nobody knows where the queue would be"
    run = _plan(stack, partner="A b")
    assert run.paths == ["/partner"]
    policy = json.loads(spoke.sessions[-1]["Policy"])
    assert f"arn:aws:iam::{SPOKE}:role/partner-" in policy["Statement"][0]["Resource"]


def test_the_name_of_a_role_is_claimed_for_its_account(stack: StackDriver, spoke: Spoke) -> None:
    stack.granted(role_name="AcmeReader", account=None, access=[_here()])
    other = {"partner": "other", "external_id": "other-7f3b2c91", "role_name": "AcmeReader"}
    key = "partners/other.json"
    theirs = {**DRY, "key": key}
    stack.upload(None, key, **other, account=SPOKE, access=[JOBS])
    assert stack.run(theirs).outcome == "planned"
    stack.upload(None, key, **other, account=None, access=[_here()])
    assert stack.run(theirs).paths == ["/role_name"]
