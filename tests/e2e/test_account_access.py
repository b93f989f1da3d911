"""A vendor that audits the account: AWS's policy attached, and a boundary that reads no data."""

from typing import Any

import pytest

from sandbox.demo.people import Partner, Session, refusal
from tests.e2e.conftest import Case
from tests.kit.outside import Outside

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
