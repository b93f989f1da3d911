"""A bucket policy that spares one role denies everybody else, the owner of the bucket too."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from sandbox.compute.runtime import OWN_KEY
from tests.kit.local_aws import US, Local, refusal, trusting

_EVERYTHING = {"Action": "s3:*", "Resource": "*"}


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    """A bucket whose `inline/` only the role `planner` may write, and another role."""
    monkeypatch.setattr(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    with mock_aws():
        made = Local()
        s3 = made.client("s3", OWN_KEY)
        s3.create_bucket(Bucket="data")
        planner = made.role("planner", trusting("sts:AssumeRole"), _EVERYTHING)
        made.role("other", trusting("sts:AssumeRole"), _EVERYTHING)
        deny = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:PutObject", "s3:ReplicateObject"],
            "Resource": "arn:aws:s3:::data/inline/*",
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": planner}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        s3.put_bucket_policy(Bucket="data", Policy=policy)
        yield made


def _client(local: Local, who: str) -> Any:
    if who == "outside":
        return local.client("s3")
    found = local.session(f"arn:aws:iam::{US}:role/{who}")
    return local.client("s3", found["AccessKeyId"], found["SessionToken"])


def test_the_role_that_is_spared_writes(local: Local) -> None:
    _client(local, "planner").put_object(Bucket="data", Key="inline/a.json", Body=b"{}")


@pytest.mark.parametrize("who", ["other", "outside"])
def test_everybody_else_is_denied(local: Local, who: str) -> None:
    client = _client(local, who)
    client.put_object(Bucket="data", Key="partners/a.json", Body=b"{}")
    for write in (
        lambda: client.put_object(Bucket="data", Key="inline/a.json", Body=b"{}"),
        lambda: client.create_multipart_upload(Bucket="data", Key="inline/a.json"),
        lambda: client.copy_object(
            Bucket="data", Key="inline/a.json", CopySource="data/partners/a.json"
        ),
    ):
        code, status, message = refusal(write)
        assert (code, status) == ("AccessDenied", 403)
        assert "explicit deny in a resource-based policy" in message


def test_a_variable_in_a_policy_stands_for_who_calls(local: Local) -> None:
    """`*` in a pattern also stands for slashes; a user ID matches nothing but itself."""
    place = "arn:aws:s3:::data/approvals/*/${aws:userid}.json"
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "NotResource": [place]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    local.client("s3", OWN_KEY).put_bucket_policy(Bucket="data", Policy=policy)
    role = local.client("iam", OWN_KEY).get_role(RoleName="other")["Role"]["RoleId"]
    client = _client(local, "other")
    names = [f"{role}:{name}" for name in ("session", "another")]
    allowed = []
    for key in (
        *(f"approvals/x/{name}.json" for name in names),
        *(f"approvals/x/y/z/{name}.json" for name in names),
        *(f"approvals/{name}.json" for name in names),
        f"approvals/x/not-{names[0]}.json",
        "approvals/x/*.json",
        f"partners/x/{names[0]}.json",
    ):
        with suppress(ClientError):
            client.put_object(Bucket="data", Key=key, Body=b"{}")
            allowed.append(key)
    assert allowed == [f"approvals/x/{names[0]}.json", f"approvals/x/y/z/{names[0]}.json"]
