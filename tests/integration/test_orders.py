"""What operators order by workflow input, and for how long an order holds."""

import pytest
from moto.iam.models import iam_backends

from tests.kit.examples import ACCOUNT, config_document
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver


def _order(action: str, reason: str = "incident 7", **more: object) -> dict[str, object]:
    return {"action": action, "partner": "acme", "grant": "main", "reason": reason, **more}


CHECK = _order("check", "expiry schedule")


def test_revoke_by_workflow_input_ends_the_grant_with_the_reason(stack: StackDriver) -> None:
    stack.granted()
    run = stack.run(_order("revoke"))
    assert (run.outcome, run.iam_writes) == ("revoked", ["DeleteRolePolicy", "DeleteRole"])
    assert stack.grant()["reason"] == "incident 7"
    assert stack.result()["reason"] == "incident 7"


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_order_holds_against_duplicates_and_checks(stack: StackDriver, action: str) -> None:
    stack.granted()
    stack.run(_order(action))
    status = stack.grant()["status"]
    for request in (FILE, CHECK, FILE):
        assert stack.run(request).iam_writes == []
    assert stack.grant()["status"] == status


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_next_upload_wins_over_the_order(stack: StackDriver, action: str) -> None:
    stack.granted()
    stack.run(_order(action))
    stack.upload()
    assert stack.run(FILE).outcome in ("created", "updated")
    assert stack.grant()["status"] == "active"


def test_invalid_upload_does_not_lift_a_suspension(stack: StackDriver) -> None:
    stack.granted()
    stack.run(_order("suspend"))
    stack.upload(b"{}")
    stack.run(FILE)
    assert stack.run(CHECK).iam_writes == []
    assert stack.grant()["status"] == "suspended"


def _bytes() -> str:
    """The permissions policy as IAM holds it, to the byte."""
    roles = iam_backends[ACCOUNT]["aws"].roles.values()
    (role,) = (role for role in roles if role.name == "partner-acme.main")
    return str(role.policies["latchkey-access"])


def test_resume_puts_the_very_bytes_back_and_ends_the_sessions_from_before(
    stack: StackDriver,
) -> None:
    stack.granted()
    before = _bytes()
    stack.run(_order("suspend"))
    assert _bytes() != before
    stack.run(_order("resume"))
    begin, _, end = _bytes().partition(',{"Sid":"IssuedBefore"')
    assert f"{begin}]}}" == before
    assert end.endswith('{"DateLessThan":{"aws:TokenIssueTime":"2026-01-15T12:01:00Z"}}}]}')


def test_suspend_and_resume_are_one_write_each(stack: StackDriver) -> None:
    stack.granted()
    suspended = stack.run(_order("suspend"))
    assert (suspended.outcome, suspended.iam_writes) == ("suspended", ["PutRolePolicy"])
    resumed = stack.run(_order("resume"))
    assert (resumed.outcome, resumed.iam_writes) == ("updated", ["PutRolePolicy"])
    assert stack.history() == ["AccessGranted", "AccessSuspended", "AccessUpdated"]


def test_suspending_works_when_the_bucket_is_gone(stack: StackDriver) -> None:
    stack.granted()
    aws("s3").delete_bucket(Bucket="data-bucket")
    assert stack.run(_order("suspend")).outcome == "suspended"


@pytest.mark.parametrize("action", ["suspend", "resume", "revoke"])
def test_order_for_an_unknown_grant_is_rejected(stack: StackDriver, action: str) -> None:
    run = stack.run(_order(action))
    assert (run.outcome, run.paths) == ("rejected", ["/partner"])
    assert stack.items() != []


@pytest.mark.parametrize("action", ["suspend", "resume"])
def test_ended_grant_can_be_neither_suspended_nor_resumed(stack: StackDriver, action: str) -> None:
    stack.granted()
    stack.run(_order("revoke"))
    state = stack.grant()
    run = stack.run(_order(action))
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/action"], [])
    assert stack.grant()["status"] == state["status"]


def test_revoking_twice_is_recorded_once(stack: StackDriver) -> None:
    stack.granted()
    stack.run(_order("revoke"))
    assert stack.run(_order("revoke")).iam_writes == []
    assert stack.history() == ["AccessGranted", "AccessRevoked"]


def test_inline_config_lives_the_whole_life(stack: StackDriver) -> None:
    request = {"config": config_document()}
    assert stack.run(request).outcome == "created"
    assert stack.run(request).iam_writes == []
    assert stack.run(CHECK).iam_writes == []
    assert stack.run(_order("suspend")).outcome == "suspended"
    assert stack.run(CHECK).iam_writes == []
    assert stack.run(_order("resume")).outcome == "updated"
    assert stack.run(_order("revoke")).outcome == "revoked"
    assert stack.role() is None
    assert stack.result("workflow/acme.main.result.json")["outcome"] == "revoked"
    assert stack.run(request).outcome == "created"


DRY: list[dict[str, object]] = [
    {**FILE, "dry_run": True},
    {**FILE, "key": "partners/none.json", "dry_run": True},
    {**FILE, "key": "elsewhere.json", "dry_run": True},
    {**FILE, "bucket": "other-bucket", "dry_run": True},
    {"config": config_document(grant="second"), "dry_run": True},
    {"config": {}, "dry_run": True},
    _order("revoke", dry_run=True),
    _order("suspend", dry_run=True),
]


@pytest.mark.parametrize("request_", DRY, ids=lambda r: str(sorted(r))[:60] + str(r)[-40:])
def test_dry_run_reports_and_changes_nothing(
    stack: StackDriver, request_: dict[str, object]
) -> None:
    stack.granted()
    stack.upload(access=[{"service": "s3", "bucket": "other-bucket", "allow": "read"}])
    items, role, policy = stack.items(), stack.role(), stack.permissions()
    run = stack.run(request_)
    assert set(run.writes) <= {"s3:PutObject", "dynamodb:PutItem"}, "the result, and the plan"
    assert run.result["dry_run"] is True
    assert (stack.items(), stack.role(), stack.permissions()) == (items, role, policy)


def test_dry_run_of_a_new_grant_prints_the_changes(stack: StackDriver) -> None:
    stack.upload()
    run = stack.run({**FILE, "dry_run": True})
    actions = [change["action"] for change in run.result["changes"]]
    assert (run.outcome, actions) == ("planned", ["PutSchedule", "CreateRole", "PutRolePolicy"])
    assert stack.result()["outcome"] == "planned"


def test_dry_run_of_an_invalid_config_says_rejected(stack: StackDriver) -> None:
    stack.upload(purpose="")
    assert stack.run({**FILE, "dry_run": True}).outcome == "rejected"
    assert stack.items() == []
