"""What operators order by workflow input, and for how long an order holds."""

import pytest
from moto.iam.models import iam_backends

from tests.kit.examples import ACCOUNT, config_document
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import House


def _order(action: str, reason: str = "incident 7", **more: object) -> dict[str, object]:
    return {"action": action, "partner": "acme", "grant": "main", "reason": reason, **more}


CHECK = _order("check", "expiry schedule")


def test_revoke_by_workflow_input_ends_the_grant_with_the_reason(house: House) -> None:
    house.granted()
    run = house.run(_order("revoke"))
    assert (run.outcome, run.iam_writes) == ("revoked", ["DeleteRolePolicy", "DeleteRole"])
    assert house.grant()["reason"] == "incident 7"
    assert house.result()["reason"] == "incident 7"


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_order_holds_against_duplicates_and_checks(house: House, action: str) -> None:
    house.granted()
    house.run(_order(action))
    status = house.grant()["status"]
    for request in (FILE, CHECK, FILE):
        assert house.run(request).iam_writes == []
    assert house.grant()["status"] == status


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_next_upload_wins_over_the_order(house: House, action: str) -> None:
    house.granted()
    house.run(_order(action))
    house.upload()
    assert house.run(FILE).outcome in ("created", "updated")
    assert house.grant()["status"] == "active"


def test_invalid_upload_does_not_lift_a_suspension(house: House) -> None:
    house.granted()
    house.run(_order("suspend"))
    house.upload(b"{}")
    house.run(FILE)
    assert house.run(CHECK).iam_writes == []
    assert house.grant()["status"] == "suspended"


def _bytes() -> str:
    """The permissions policy as IAM holds it, to the byte."""
    roles = iam_backends[ACCOUNT]["aws"].roles.values()
    (role,) = (role for role in roles if role.name == "partner-acme.main")
    return str(role.policies["latchkey-access"])


def test_resume_puts_the_very_bytes_back(house: House) -> None:
    house.granted()
    before = _bytes()
    house.run(_order("suspend"))
    assert _bytes() != before
    house.run(_order("resume"))
    assert _bytes() == before


def test_suspend_and_resume_are_one_write_each(house: House) -> None:
    house.granted()
    suspended = house.run(_order("suspend"))
    assert (suspended.outcome, suspended.iam_writes) == ("suspended", ["PutRolePolicy"])
    resumed = house.run(_order("resume"))
    assert (resumed.outcome, resumed.iam_writes) == ("updated", ["PutRolePolicy"])
    assert house.history() == ["AccessGranted", "AccessSuspended", "AccessUpdated"]


def test_suspending_works_when_the_bucket_is_gone(house: House) -> None:
    house.granted()
    aws("s3").delete_bucket(Bucket="data-bucket")
    assert house.run(_order("suspend")).outcome == "suspended"


@pytest.mark.parametrize("action", ["suspend", "resume", "revoke"])
def test_order_for_an_unknown_grant_is_rejected(house: House, action: str) -> None:
    run = house.run(_order(action))
    assert (run.outcome, run.paths) == ("rejected", ["/partner"])
    assert house.items() != []


@pytest.mark.parametrize("action", ["suspend", "resume"])
def test_ended_grant_can_be_neither_suspended_nor_resumed(house: House, action: str) -> None:
    house.granted()
    house.run(_order("revoke"))
    state = house.grant()
    run = house.run(_order(action))
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/action"], [])
    assert house.grant()["status"] == state["status"]


def test_revoking_twice_is_recorded_once(house: House) -> None:
    house.granted()
    house.run(_order("revoke"))
    assert house.run(_order("revoke")).iam_writes == []
    assert house.history() == ["AccessGranted", "AccessRevoked"]


def test_inline_config_lives_the_whole_life(house: House) -> None:
    request = {"config": config_document()}
    assert house.run(request).outcome == "created"
    assert house.run(request).iam_writes == []
    assert house.run(CHECK).iam_writes == []
    assert house.run(_order("suspend")).outcome == "suspended"
    assert house.run(CHECK).iam_writes == []
    assert house.run(_order("resume")).outcome == "updated"
    assert house.run(_order("revoke")).outcome == "revoked"
    assert house.role() is None
    assert house.result("workflow/acme.main.result.json")["outcome"] == "revoked"
    assert house.run(request).outcome == "created"


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
def test_dry_run_reports_and_changes_nothing(house: House, request_: dict[str, object]) -> None:
    house.granted()
    house.upload(access=[{"service": "s3", "bucket": "other-bucket", "allow": "read"}])
    items, role, policy = house.items(), house.role(), house.permissions()
    run = house.run(request_)
    assert set(run.writes) <= {"s3:PutObject"}
    assert run.result["dry_run"] is True
    assert (house.items(), house.role(), house.permissions()) == (items, role, policy)


def test_dry_run_of_a_new_grant_prints_the_changes(house: House) -> None:
    house.upload()
    run = house.run({**FILE, "dry_run": True})
    actions = [change["action"] for change in run.result["changes"]]
    assert (run.outcome, actions) == ("planned", ["PutSchedule", "CreateRole", "PutRolePolicy"])
    assert house.result()["outcome"] == "planned"


def test_dry_run_of_an_invalid_config_says_rejected(house: House) -> None:
    house.upload(purpose="")
    assert house.run({**FILE, "dry_run": True}).outcome == "rejected"
    assert house.items() == []
