"""A role that somebody changed by hand is repaired when its grant is reconciled."""

import json
from typing import Any

import pytest

from tests.e2e.conftest import Case
from tests.kit.outside import Outside, as_granted

pytestmark = pytest.mark.e2e


def test_every_kind_of_drift_is_repaired(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    before = outside.role(case.role)
    _change_everything(outside, case.role)
    file = {"bucket": outside.box.outputs["ConfigBucketName"], "key": case.key}
    assert outside.start(file)["output"]["outcome"] == "updated"
    after = outside.role(case.role)
    assert _ours(after) == _ours(before)
    attached = outside.iam.list_attached_role_policies(RoleName=case.role)["AttachedPolicies"]
    assert attached == []


def test_drift_is_repaired_within_the_hour_and_reported(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    before = outside.role(case.role)
    _change_everything(outside, case.role)
    outside.box.advance(3600)
    result = outside.result(case.key, lambda found: bool(found["drift"]))
    assert "the trust policy had a statement added: Allow by AWS *" in "; ".join(result["drift"])
    assert _ours(outside.role(case.role)) == _ours(before)
    assert outside.events(case.partner)[-1] == "DriftRepaired"


def test_a_role_in_use_by_an_instance_profile_is_removed_all_the_same(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    _change_everything(outside, case.role)
    outside.iam.create_instance_profile(InstanceProfileName=case.role)
    outside.iam.add_role_to_instance_profile(InstanceProfileName=case.role, RoleName=case.role)
    assert outside.remove(case.key)["outcome"] == "revoked"
    assert outside.role(case.role) is None


def test_a_half_made_role_of_ours_is_finished(outside: Outside, case: Case) -> None:
    """As a crash between CreateRole and PutRolePolicy leaves it."""
    outside.upload(case.key, case.config())
    made = outside.role(case.role)
    outside.remove(case.key)
    assert made
    outside.iam.create_role(
        RoleName=case.role,
        Path="/partners/",
        AssumeRolePolicyDocument=json.dumps(made["AssumeRolePolicyDocument"]),
        Tags=made["Tags"],
    )
    outside.upload(case.key, case.config())
    after = outside.role(case.role)
    assert after
    assert "IssuedBefore" in str(after["InlinePolicies"]), "somebody may have sessions of it"
    assert as_granted(after)["InlinePolicies"] == made["InlinePolicies"]
    assert after["PermissionsBoundary"] == made["PermissionsBoundary"]


def _ours(role: dict[str, Any] | None) -> Any:
    """What Latchkey answers for: tags of others stay, and sessions of before are ended."""
    assert role
    tags = [tag for tag in role["Tags"] if tag["Key"].startswith("latchkey:")]
    return as_granted({**role, "Tags": sorted(tags, key=lambda tag: tag["Key"])})


def _change_everything(outside: Outside, role: str) -> None:
    anybody = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
    iam = outside.iam
    made = iam.create_policy(PolicyName=f"{role}-all", PolicyDocument=json.dumps(everything))
    mine = made["Policy"]["Arn"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(anybody))
    iam.put_role_policy(RoleName=role, PolicyName="mine", PolicyDocument=json.dumps(everything))
    iam.attach_role_policy(RoleName=role, PolicyArn=mine)
    iam.update_role(RoleName=role, Description="mine now", MaxSessionDuration=43200)
    iam.tag_role(RoleName=role, Tags=[{"Key": "mine", "Value": "yes"}])
    iam.untag_role(RoleName=role, TagKeys=["latchkey:owner"])
