"""What belongs to one scope, no file of another takes or moves, in whatever order they come."""

from typing import Any

import pytest

from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

A, B = "partners/team-a/acme.json", "partners/team-b/acme.json"
SCOPES = [
    {"name": "team-a", "prefixes": ["partners/team-a/"]},
    {"name": "team-b", "prefixes": ["partners/team-b/"]},
    {"name": "portal", "prefixes": ["inline/"]},
]


def _run(stack: StackDriver, key: str) -> Run:
    return stack.run({"bucket": CONFIG_BUCKET, "key": key})


def _granted(stack: StackDriver) -> None:
    stack.guard(scopes=SCOPES)
    stack.upload(None, A)
    assert _run(stack, A).outcome == "created"


def _of_a(stack: StackDriver) -> None:
    state = stack.grant()
    assert (state["config_key"], state["scope"]) == (A, ["team-a"])


def test_grant_of_another_scope_is_not_taken(stack: StackDriver) -> None:
    _granted(stack)
    stack.upload(None, B)
    assert _run(stack, B).outcome == "rejected"
    _of_a(stack)
    assert stack.grant()["status"] == "active"


def test_other_grant_of_a_partner_is_not_taken_nor_its_external_id(stack: StackDriver) -> None:
    _granted(stack)
    stack.upload(None, B, grant="second")
    run = _run(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/external_id", "/partner"])
    assert "belongs to the scope that used it first" in run.result["problems"][-1]["message"]
    assert stack.role("partner-acme.second") is None
    stack.upload(None, B, partner="globex")
    run = _run(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/external_id"])


def test_file_that_waits_for_a_grant_of_another_scope_waits_in_vain(stack: StackDriver) -> None:
    _granted(stack)
    stack.upload(None, B)
    _run(stack, B)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    assert _run(stack, A).outcome == "revoked"
    state = stack.grant()
    assert (state["status"], state["config_key"]) == ("revoked", A)
    assert stack.role() is None
    run = _run(stack, B)
    assert run.outcome == "rejected"
    assert (stack.grant()["status"], stack.grant()["config_key"]) == ("revoked", A)
    assert stack.role() is None


def test_rename_into_another_scope_ends_the_grant_and_gives_none(stack: StackDriver) -> None:
    _granted(stack)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    stack.upload(None, B)
    assert _run(stack, B).outcome == "rejected"
    assert _run(stack, A).outcome in ("revoked", "done", "unchanged")
    assert stack.role() is None


def test_rename_within_a_scope_goes_on(stack: StackDriver) -> None:
    _granted(stack)
    new = "partners/team-a/new.json"
    stack.upload(None, new)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=A)
    assert _run(stack, A).outcome in ("updated", "unchanged")
    assert stack.grant()["config_key"] == new
    assert stack.role() is not None


def test_two_files_that_swap_their_grants_across_scopes_move_nothing(stack: StackDriver) -> None:
    _granted(stack)
    other = {"partner": "globex", "external_id": "external-globex"}
    stack.upload(None, B, **other)
    assert _run(stack, B).outcome == "created"
    stack.upload(None, B)
    stack.upload(None, A, **other)
    for key in (A, B, A, B):
        _run(stack, key)
    for name, key in (("acme.main", A), ("globex.main", B)):
        state = stack.grant(name)
        assert (state["config_key"], state["scope"]) == (key, [state["scope"][0]])
        live = stack.role(f"partner-{name}")
        assert live is None or state["scope"] == [{A: "team-a", B: "team-b"}[key]]


def test_what_ended_stays_of_its_scope(stack: StackDriver) -> None:
    _granted(stack)
    stack.run({"action": "revoke", "partner": "acme"})
    stack.upload(None, B)
    assert _run(stack, B).outcome == "rejected"
    assert (stack.grant()["status"], stack.grant()["config_key"]) == ("revoked", A)
    stack.upload(None, B, partner="globex")
    assert _run(stack, B).paths == ["/external_id"]


def test_scope_that_takes_over_another_names_it(stack: StackDriver) -> None:
    _granted(stack)
    stack.run({"action": "revoke", "partner": "acme"})
    merged: list[Any] = [{**SCOPES[1], "formerly": ["team-a"]}]
    stack.guard(scopes=[merged[0]])
    stack.upload(None, B)
    assert _run(stack, B).outcome == "created"
    assert stack.grant()["scope"] == ["team-b", "team-a"]


def test_inline_config_is_of_the_scope_of_inline(stack: StackDriver) -> None:
    from tests.kit.examples import config_document

    _granted(stack)
    run = stack.run({"config": config_document(grant="second")})
    assert (run.outcome, run.paths) == ("rejected", ["/external_id", "/partner"])
    other = config_document(partner="globex", external_id="external-globex")
    assert stack.run({"config": other}).outcome == "created"
    stack.guard(scopes=SCOPES[:2])
    run = stack.run({"config": {**other, "purpose": "more"}})
    assert (run.outcome, run.paths) == ("rejected", [""])


def test_live_grant_that_fits_no_scope_any_more_is_reported_and_stays(stack: StackDriver) -> None:
    _granted(stack)
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
    assert _run(stack, A).outcome == "created"
    stack.guard(scopes=SCOPES)
    stack.run({"action": "check", "partner": "acme", "by": "drift"})
    _of_a(stack)
    stack.upload(None, B, grant="second")
    assert _run(stack, B).paths == ["/external_id", "/partner"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_dry_run_says_the_same(stack: StackDriver, dry_run: bool) -> None:
    from tests.kit.examples import config_document

    _granted(stack)
    asked = {"config": config_document(grant="second"), "as_file": B, "dry_run": True}
    if not dry_run:
        stack.upload(None, B, grant="second")
    run = stack.run(asked) if dry_run else _run(stack, B)
    assert (run.outcome, run.paths) == ("rejected", ["/external_id", "/partner"])


def test_without_scopes_nothing_is_claimed_for_one(stack: StackDriver) -> None:
    stack.granted()
    assert not [item for item in stack.items() if item["pk"].startswith("SCOPE#")]
    assert stack.grant()["scope"] == []


def test_check_of_a_grant_whose_partner_another_scope_has_by_now_still_repairs(
    stack: StackDriver,
) -> None:
    stack.upload(None, A)
    assert _run(stack, A).outcome == "created"
    stack.guard(scopes=SCOPES)
    stack.upload(None, B, grant="second", external_id="external-second")
    assert _run(stack, B).outcome == "created"  # before the first check: the first that is seen
    aws("iam").update_role(RoleName="partner-acme.main", MaxSessionDuration=7200)
    run = stack.run({"action": "check", "partner": "acme", "by": "drift"})
    assert run.outcome == "updated"
    assert stack.grant()["scope"] == []
