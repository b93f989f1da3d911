"""While IAM's own answers do not agree, nobody concludes that a policy was taken off by hand."""

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws

from latchkey.aws.iam import IamGateway
from latchkey.errors import ServiceUnavailable
from tests.kit.examples import policy

ROLE = "partner-acme.main"


@pytest.fixture
def iam() -> Any:
    with mock_aws():
        client = boto3.client("iam", region_name="us-east-1")
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        client.create_role(RoleName=ROLE, Path="/partners/", AssumeRolePolicyDocument=trust)
        yield client


def _put(iam: Any) -> None:
    document = json.dumps(policy("s3:GetObject"))
    iam.put_role_policy(RoleName=ROLE, PolicyName="latchkey-access", PolicyDocument=document)


def test_policy_that_is_listed_and_not_found_is_read_again(
    iam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(iam)
    gateway = IamGateway(iam)
    monkeypatch.setattr(gateway, "_policy", lambda *_: None)
    with pytest.raises(ServiceUnavailable, match="IAM lists latchkey-access of role"):
        gateway.observe(ROLE)
    assert gateway.observe(ROLE, whole=True), "what is to be removed need not be read in full"


def test_policy_that_is_gone_is_gone(iam: Any) -> None:
    found = IamGateway(iam).observe(ROLE)
    assert found and found.permissions_policy is None
    _put(iam)
    found = IamGateway(iam).observe(ROLE)
    assert found and found.permissions_policy
