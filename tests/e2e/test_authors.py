"""Who uploaded a file, in the sandbox: by S3's word, and by no message of anybody else's."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import Sandbox
from sandbox.connection import connect
from tests.e2e.conftest import Case
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def uploader(box: Sandbox) -> tuple[str, str]:
    """A role that may upload: its unique ID, and its name."""
    iam = box.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    allows = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}],
    }
    made = iam.create_role(RoleName="uploader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName="uploader", PolicyName="s3", PolicyDocument=json.dumps(allows))
    return made["RoleId"], made["Arn"]


def _as(box: Sandbox, arn: str, session: str, service: str) -> Any:
    keys = box.client("sts").assume_role(RoleArn=arn, RoleSessionName=session)["Credentials"]
    return connect(box.url, service, keys["AccessKeyId"], token=keys["SessionToken"])


def test_uploader_and_remover_are_on_record_and_nobody_can_say_otherwise(
    box: Sandbox, outside: Outside, case: Case, uploader: tuple[str, str]
) -> None:
    role_id, arn = uploader
    bucket = box.outputs["ConfigBucketName"]
    alice, bob = (_as(box, arn, name, "s3") for name in ("alice", "bob"))
    forged = {
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": f"AWS:{role_id}:mallory"},
        "s3": {"bucket": {"name": bucket}, "object": {"key": case.key, "versionId": "made-up"}},
    }
    for queue in ("config-events", "config-removals"):
        for sqs in (box.client("sqs"), _as(box, arn, "mallory", "sqs")):
            url = sqs.get_queue_url(QueueName=f"latchkey-{queue}")["QueueUrl"]
            with pytest.raises(ClientError, match="explicit deny"):
                sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"Records": [forged]}))

    alice.put_object(Bucket=bucket, Key=case.key, Body=json.dumps(case.config()).encode())
    first = outside.result(case.key, lambda result: result["outcome"] == "created")
    assert first["author"] == {"user_id": role_id, "session": "alice"}
    outside.start({"bucket": bucket, "key": case.key, "requested_by": "mallory"})
    assert outside.state(case.partner)["author"] == {"user_id": role_id, "session": "alice"}
    bob.delete_object(Bucket=bucket, Key=case.key)
    last = outside.result(case.key, lambda result: result["outcome"] == "revoked")
    assert last["author"] == {"user_id": role_id, "session": "bob"}
