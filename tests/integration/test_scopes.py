"""What belongs to one scope, no file of another takes or moves, in whatever order they come."""

from typing import Any

import pytest

from tests.integration.in_scopes import SCOPES, A, B, granted_to_a, is_of_a, run_file
from tests.kit.stack.aws import CONFIG_BUCKET, TABLE, aws
from tests.kit.stack.driver import StackDriver


def test_grant_of_another_scope_is_not_taken(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.upload(None, B)
    run = run_file(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/grant"])
    assert "another `partner`, if that is of another scope" in run.result["problems"][0]["message"]
    assert is_of_a(stack)
    assert stack.grant()["status"] == "active"


def test_other_grant_of_a_partner_is_not_taken_nor_its_external_id(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.upload(None, B, grant="second")
    run = run_file(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/external_id", "/partner"])
    assert "belongs to the scope that used it first" in run.result["problems"][-1]["message"]
    assert stack.role("partner-acme.second") is None
    stack.upload(None, B, partner="globex")
    run = run_file(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/external_id"])


def test_file_that_waits_for_a_grant_of_another_scope_waits_in_vain(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.upload(None, B)
    run_file(stack, B)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    assert run_file(stack, A).outcome == "revoked"
    state = stack.grant()
    assert (state["status"], state["config_key"]) == ("revoked", A)
    assert stack.role() is None
    run = run_file(stack, B)
    assert run.outcome == "rejected"
    assert (stack.grant()["status"], stack.grant()["config_key"]) == ("revoked", A)
    assert stack.role() is None


def test_rename_into_another_scope_ends_the_grant_and_gives_none(stack: StackDriver) -> None:
    granted_to_a(stack)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    stack.upload(None, B)
    assert run_file(stack, B).outcome == "rejected"
    assert run_file(stack, A).outcome in ("revoked", "done", "unchanged")
    assert stack.role() is None


def test_rename_within_a_scope_goes_on(stack: StackDriver) -> None:
    granted_to_a(stack)
    new = "partners/team-a/new.json"
    stack.upload(None, new)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    assert run_file(stack, A).outcome in ("updated", "unchanged")
    assert stack.grant()["config_key"] == new
    assert stack.role() is not None


def test_two_files_that_swap_their_grants_across_scopes_move_nothing(stack: StackDriver) -> None:
    granted_to_a(stack)
    other = {"partner": "globex", "external_id": "external-globex"}
    stack.upload(None, B, **other)
    assert run_file(stack, B).outcome == "created"
    stack.upload(None, B)
    stack.upload(None, A, **other)
    for key in (A, B, A, B):
        run_file(stack, key)
    for name, key in (("acme.main", A), ("globex.main", B)):
        state = stack.grant(name)
        assert (state["config_key"], state["scope"]) == (key, [state["scope"][0]])
        live = stack.role(f"partner-{name}")
        assert live is None or state["scope"] == [{A: "team-a", B: "team-b"}[key]]


def test_what_ended_stays_of_its_scope(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.run({"action": "revoke", "partner": "acme"})
    stack.upload(None, B)
    assert run_file(stack, B).outcome == "rejected"
    assert (stack.grant()["status"], stack.grant()["config_key"]) == ("revoked", A)
    stack.upload(None, B, partner="globex")
    assert run_file(stack, B).paths == ["/external_id"]


def test_scope_that_takes_over_another_names_it(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.run({"action": "revoke", "partner": "acme"})
    merged: list[Any] = [{**SCOPES[1], "formerly": ["team-a"]}]
    stack.guard(scopes=[merged[0]])
    stack.upload(None, B)
    assert run_file(stack, B).outcome == "created"
    assert stack.grant()["scope"] == ["team-b", "team-a"]


def test_inline_config_is_of_the_scope_of_inline(stack: StackDriver) -> None:
    from tests.kit.examples import config_document

    granted_to_a(stack)
    run = stack.run({"config": config_document(grant="second")})
    assert (run.outcome, run.paths) == ("rejected", ["/external_id", "/partner"])
    other = config_document(partner="globex", external_id="external-globex")
    assert stack.run({"config": other}).outcome == "created"
    stack.guard(scopes=SCOPES[:2])
    run = stack.run({"config": {**other, "purpose": "more"}})
    assert (run.outcome, run.paths) == ("rejected", [""])


def test_live_grant_that_fits_no_scope_any_more_is_reported_and_stays(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.guard(scopes=[{**SCOPES[0], "services": ["sqs"]}])
    check = {"action": "check", "partner": "acme", "by": "drift"}
    run = stack.run(check)
    assert run.outcome == "unchanged"
    assert any("scope team-a" in one["message"] for one in run.result["problems"])
    assert stack.role() is not None
    assert stack.run({"action": "suspend", "partner": "acme"}).outcome == "suspended"
    assert stack.run({"action": "resume", "partner": "acme"}).outcome == "rejected"
    assert stack.run({"action": "revoke", "partner": "acme"}).outcome == "revoked"


def test_grants_from_before_scopes_belong_to_their_scope_with_the_next_check(
    stack: StackDriver,
) -> None:
    stack.upload(None, A)
    assert run_file(stack, A).outcome == "created"
    stack.guard(scopes=SCOPES)
    stack.run({"action": "check", "partner": "acme", "by": "drift"})
    assert is_of_a(stack)
    stack.upload(None, B, grant="second")
    assert run_file(stack, B).paths == ["/external_id", "/partner"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_dry_run_says_the_same(stack: StackDriver, dry_run: bool) -> None:
    from tests.kit.examples import config_document

    granted_to_a(stack)
    asked = {"config": config_document(grant="second"), "as_file": B, "dry_run": True}
    if not dry_run:
        stack.upload(None, B, grant="second")
    run = stack.run(asked) if dry_run else run_file(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/external_id", "/partner"])


def test_without_scopes_nothing_is_claimed_for_one(stack: StackDriver) -> None:
    stack.granted()
    assert not [item for item in stack.items() if item["pk"].startswith("SCOPE#")]
    assert stack.grant()["scope"] == []


def test_check_of_a_grant_whose_partner_another_scope_has_by_now_still_repairs(
    stack: StackDriver,
) -> None:
    stack.upload(None, A)
    assert run_file(stack, A).outcome == "created"
    stack.guard(scopes=SCOPES)
    stack.upload(None, B, grant="second", external_id="external-second")
    assert run_file(stack, B).outcome == "created"  # before the first check: the first that is seen
    aws("iam").update_role(RoleName="partner-acme.main", MaxSessionDuration=7200)
    run = stack.run({"action": "check", "partner": "acme", "by": "drift"})
    assert run.outcome == "updated"
    assert stack.grant()["scope"] == []


def test_partner_goes_over_to_another_scope_by_its_claims(stack: StackDriver) -> None:
    granted_to_a(stack)
    stack.run({"action": "revoke", "partner": "acme"})
    given = stack.grant()["external_id"]
    for claimed in ("SCOPE#acme", f"EXTERNAL_ID#{given}"):
        aws("dynamodb").update_item(
            TableName=TABLE,
            Key={"pk": {"S": claimed}, "sk": {"S": "CLAIM"}},
            UpdateExpression="SET scope_name = :scope",
            ExpressionAttributeValues={":scope": {"S": "team-b"}},
        )
    stack.upload(None, B)
    assert run_file(stack, B).outcome == "created"
    assert (stack.grant()["config_key"], stack.grant()["scope"]) == (B, ["team-b"])
    stack.upload(None, A, grant="second", external_id="external-second")
    assert run_file(stack, A).outcome == "rejected"
