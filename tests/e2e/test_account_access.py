"""A vendor that audits the account: AWS's policy attached, and a boundary that reads no data."""

import json
from typing import Any

import pytest

from sandbox.demo.people import Partner, Session, refusal
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e

AUDIT = [{"service": "account", "allow": "audit"}]
POLICY = "arn:aws:iam::aws:policy/SecurityAudit"


def _attached(outside: Outside, case: Case) -> list[str]:
    found = outside.iam.list_attached_role_policies(RoleName=case.role)["AttachedPolicies"]
    return [one["PolicyArn"] for one in found]


def _session(outside: Outside, case: Case) -> Session:
    arn = outside.state(case.partner)["role_arn"]
    return Partner(outside.box.url).assume(arn, f"external-{case.partner}")


def test_configuration_is_read_and_data_is_not_until_the_file_goes(
    outside: Outside, case: Case, security: Any
) -> None:
    rejected = outside.upload(case.key, case.config(access=AUDIT))
    assert rejected["outcome"] == "rejected"
    assert "allowed_account_access" in rejected["problems"][0]["message"]
    security(allowed_account_access=["audit"])
    assert outside.upload(case.key, case.config(access=AUDIT, owner="x"))["outcome"] == "created"
    assert _attached(outside, case) == [POLICY]
    session = _session(outside, case)
    iam, s3 = session.client("iam"), session.client("s3")
    assert refusal(lambda: iam.get_role(RoleName=case.role)) is None
    assert refusal(lambda: s3.get_bucket_policy_status(Bucket=case.bucket)) != "AccessDenied"
    outside.s3.put_object(Bucket=case.bucket, Key="a", Body=b"data")
    assert refusal(lambda: session.read(case.bucket, "a")) == "AccessDenied"
    assert refusal(lambda: session.secret(case.secret)) == "AccessDeniedException"
    assert refusal(lambda: iam.create_user(UserName="x")) == "AccessDenied"
    outside.remove(case.key)
    assert outside.role(case.role) is None
    assert refusal(lambda: iam.get_role(RoleName="any")) in {"AccessDenied", "InvalidClientTokenId"}


def _sees(session: Session) -> str | None:
    """What refuses a look at configuration; None where it is seen."""
    return refusal(lambda: session.client("iam").list_roles(MaxItems=1))


def test_suspension_cut_off_and_drift_are_as_for_every_grant(
    outside: Outside, case: Case, security: Any
) -> None:
    security(allowed_account_access=["audit"])
    assert outside.upload(case.key, case.config(access=AUDIT))["outcome"] == "created"
    before = _session(outside, case)
    assert _sees(before) is None
    order = {"partner": case.partner, "grant": "main", "reason": "r", "requested_by": "security"}
    outside.start({**order, "action": "suspend"})
    assert _attached(outside, case) == []
    assert _sees(before) == "AccessDenied"
    outside.start({**order, "action": "resume"})
    assert _attached(outside, case) == [POLICY]
    assert _sees(before) == "AccessDenied", "a session from before the suspension goes on"
    outside.box.advance(120)
    assert _sees(_session(outside, case)) is None

    other = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    outside.iam.attach_role_policy(RoleName=case.role, PolicyArn=other)
    outside.box.advance(3700)
    eventually(lambda: _attached(outside, case), lambda found: found == [POLICY])
    outside.iam.detach_role_policy(RoleName=case.role, PolicyArn=POLICY)
    outside.box.advance(3700)
    outside.result(case.key, lambda found: f"{POLICY} had been detached" in json.dumps(found))
    assert _attached(outside, case) == [], "what somebody only took away stays away"
    outside.start({**order, "action": "resume"})
    assert _attached(outside, case) == [POLICY]


def test_expiry_ends_it_by_its_dates_and_then_by_removal(
    outside: Outside, case: Case, security: Any
) -> None:
    security(allowed_account_access=["audit"])
    ends = outside.in_(hours=1)
    config = case.config(access=AUDIT, expires_at=ends)
    assert outside.upload(case.key, config)["outcome"] == "created"
    role = outside.role(case.role)
    assert role is not None
    statements = role["InlinePolicies"]["latchkey-access"]["Statement"]
    assert {one["Effect"] for one in statements} == {"Deny"}
    assert ends in json.dumps(statements)
    session = _session(outside, case)
    assert _sees(session) is None
    outside.box.advance(3700)
    outside.result(case.key, lambda result: result["outcome"] == "expired")
    assert outside.role(case.role) is None
    assert _sees(session) in {"AccessDenied", "ExpiredToken", "InvalidClientTokenId"}
    assert outside.state(case.partner)["status"] == "expired"
