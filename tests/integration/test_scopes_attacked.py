"""What a team may write into its own folder, to get at what is of another team's scope."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.in_scopes import (
    GLOBEX,
    SCOPES,
    A,
    B,
    granted_to_a,
    is_of_a,
    run_file,
    uploaded,
)
from tests.kit.examples import NOW, config_document
from tests.kit.stack.approvals import ADA, ANY, GROUPS, UPLOADER, ApprovalDesk
from tests.kit.stack.aws import CONFIG_BUCKET, GUARDRAILS, aws
from tests.kit.stack.driver import StackDriver


def _without_its_file(stack: StackDriver) -> None:
    stack.remove(A)
    run_file(stack, A)


ENDED: dict[str, Callable[[StackDriver], Any]] = {
    "by order": lambda stack: stack.run({"action": "revoke", "partner": "acme"}),
    "with its file": _without_its_file,
    "by its date": lambda stack: stack.run(
        {"action": "check", "partner": "acme", "by": "sweep"}, NOW + timedelta(days=20_000)
    ),
}
NAMING_IT: dict[str, dict[str, Any]] = {
    "valid": {},
    "with an external ID of its own": {"external_id": "external-of-b"},
    "suspended": {"status": "suspended"},
    "revoked": {"status": "revoked"},
    "invalid": {"purpose": ""},
    "of which nothing can be looked up": {"account": "not one"},
    "that names what is not there": {"access": [{"service": "sqs", "queue": "x", "allow": "send"}]},
    "over IAM's limits": {
        "external_id": "x" * 1200,
        "principals": [f"arn:aws:iam::444455556666:role/{'r' * 60}{n}" for n in range(10)],
    },
    "under a role's name": {"role_name": "acme-role", "external_id": "external-of-b"},
}


@pytest.mark.parametrize("asked", NAMING_IT.values(), ids=NAMING_IT)
@pytest.mark.parametrize("end", ENDED.values(), ids=ENDED)
def test_what_ended_stays_as_it_is_whatever_a_file_of_another_scope_says(
    stack: StackDriver, end: Callable[[StackDriver], Any], asked: dict[str, Any]
) -> None:
    granted_to_a(stack)
    end(stack)
    before = stack.grant()
    run = uploaded(stack, B, **asked)
    assert run.outcome == ("unchanged" if asked.get("status") == "revoked" else "rejected")
    assert stack.grant() == before
    stack.remove(B)
    run_file(stack, B)
    assert stack.grant() == before
    assert stack.role() is None


def test_order_by_which_a_grant_ended_stays_in_force(stack: StackDriver) -> None:
    granted_to_a(stack)
    ENDED["by order"](stack)
    for asked in NAMING_IT.values():
        uploaded(stack, B, **asked)
        assert run_file(stack, A).outcome in ("unchanged", "revoked")
        assert stack.role() is None


@pytest.mark.parametrize("asked", NAMING_IT.values(), ids=NAMING_IT)
def test_live_grant_stays_where_it_is_whatever_a_file_of_another_scope_says(
    stack: StackDriver, asked: dict[str, Any]
) -> None:
    granted_to_a(stack)
    before = (stack.role(), stack.permissions())
    for _ in range(2):
        assert uploaded(stack, B, **asked).outcome == "rejected"
        stack.run({"action": "check", "partner": "acme", "by": "drift"})
    stack.remove(B)
    run_file(stack, B)
    assert is_of_a(stack)
    assert (stack.grant()["status"], stack.role(), stack.permissions()) == ("active", *before)


def test_file_that_granted_something_names_the_grant_of_another_scope(stack: StackDriver) -> None:
    granted_to_a(stack)
    assert uploaded(stack, B, **GLOBEX).outcome == "created"
    assert uploaded(stack, B).outcome == "rejected"
    for partner in ("globex", "acme"):
        stack.run({"action": "check", "partner": partner, "by": "drift"})
    assert is_of_a(stack)
    assert stack.role() is not None


@pytest.mark.parametrize("readable", [True, False])
def test_suspended_grant_goes_over_to_no_file_of_another_scope(
    stack: StackDriver, *, readable: bool
) -> None:
    granted_to_a(stack)
    stack.run({"action": "suspend", "partner": "acme"})
    uploaded(stack, B, status="suspended")
    if not readable:
        aws("ssm").delete_parameter(Name=GUARDRAILS)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    run_file(stack, B)
    assert stack.grant()["config_key"] == A
    assert run_file(stack, A).outcome == "revoked"
    assert is_of_a(stack)
    assert stack.role() is None


def test_external_ids_of_a_list_are_each_of_their_scope(stack: StackDriver) -> None:
    granted_to_a(stack, external_id=["external-one", "external-two"])
    run = uploaded(stack, B, partner="globex", external_id=["external-b", "external-two"])
    assert (run.outcome, run.paths) == ("rejected", ["/external_id/1"])
    assert "of the scope that used it first" in run.result["problems"][0]["message"]
    uploaded(stack, A, external_id=["external-one"])
    run = uploaded(stack, B, partner="globex", external_id=["external-two", "external-b"])
    assert (run.outcome, run.paths) == ("rejected", ["/external_id/0"])
    assert uploaded(stack, B, partner="globex", external_id="external-b").outcome == "created"


def test_nobody_is_asked_to_approve_what_is_of_another_scope(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.guard(scopes=SCOPES, approval={"groups": GROUPS, "rules": ANY})
    desk = ApprovalDesk.of(stack)
    desk.uploads(UPLOADER, B, grant="second", external_id="external-of-b")
    run = desk.run({"bucket": CONFIG_BUCKET, "key": B})
    assert (run.outcome, run.paths) == ("rejected", ["/partner"])
    own = "partners/team-a/second.json"
    desk.uploads(UPLOADER, own, grant="second")
    assert desk.run({"bucket": CONFIG_BUCKET, "key": own}).outcome == "pending_approval"
    assert stack.grant("acme.second")["config_key"] == own


def test_what_waited_when_another_scope_got_the_partner_keeps_the_name_from_nobody(
    stack: StackDriver,
) -> None:
    stack.guard(scopes=SCOPES, approval={"groups": GROUPS, "rules": ANY})
    desk = ApprovalDesk.of(stack)
    desk.uploads(UPLOADER, B, external_id="external-of-b")
    assert desk.run({"bucket": CONFIG_BUCKET, "key": B}).outcome == "pending_approval"
    stack.guard(scopes=SCOPES)
    own = "partners/team-a/second.json"
    desk.uploads(UPLOADER, own, grant="second")
    assert desk.run({"bucket": CONFIG_BUCKET, "key": own}).outcome == "created"
    stack.guard(scopes=SCOPES, approval={"groups": GROUPS, "rules": ANY})
    assert desk.approves(ADA).outcome == "rejected"
    assert stack.grant()["status"] == "rejected"
    stack.guard(scopes=SCOPES)
    desk.uploads(UPLOADER, A)
    assert desk.run({"bucket": CONFIG_BUCKET, "key": A}).outcome == "created"


@pytest.mark.parametrize("name", ["partner-acme.main", "PARTNER-ACME.MAIN", "acme-role"])
def test_name_of_a_role_of_another_scope_is_not_taken(stack: StackDriver, name: str) -> None:
    granted_to_a(stack, role_name="Acme-Role")
    run = uploaded(stack, B, **GLOBEX, role_name=name)
    assert (run.outcome, run.paths) == ("rejected", ["/role_name"])
    assert is_of_a(stack)


@pytest.mark.parametrize(
    "partner", ["Acme", "acme ", "acme\n", "\u0430cme", "acme.", "ac\u00adme", "acme.main", "ACME"]
)
def test_no_spelling_of_a_partner_is_another(stack: StackDriver, partner: str) -> None:
    granted_to_a(stack)
    run = uploaded(stack, B, partner=partner, external_id="external-of-b")
    assert (run.outcome, "/partner" in run.paths) == ("rejected", True)
    assert is_of_a(stack)


def test_guardrails_that_change_while_a_plan_is_carried_out_move_nothing(
    stack: StackDriver,
) -> None:
    granted_to_a(stack)
    swapped = [
        {**SCOPES[0], "prefixes": SCOPES[1]["prefixes"]},
        {**SCOPES[1], "prefixes": SCOPES[0]["prefixes"]},
    ]

    def change(step: str, _: dict[str, Any]) -> None:
        if step == "grant_access":
            stack.guard(scopes=swapped)

    stack.upload(None, A, purpose="more")
    assert stack.run({"bucket": CONFIG_BUCKET, "key": A}, before=change).error is None
    assert is_of_a(stack)
    stack.run({"action": "check", "partner": "acme", "by": "drift"})
    assert is_of_a(stack)
    assert uploaded(stack, A, purpose="more again").paths == ["/external_id", "/partner"]
    assert stack.role() is not None


def test_inline_config_ends_no_grant_of_a_file(stack: StackDriver) -> None:
    granted_to_a(stack)
    ending = {"config": config_document(status="revoked")}
    assert stack.run(ending).outcome == "rejected"
    ENDED["with its file"](stack)
    before = stack.grant()
    assert stack.run(ending).outcome == "unchanged"
    assert stack.grant() == before
