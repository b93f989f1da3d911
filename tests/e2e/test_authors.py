"""Who uploaded a file, in the sandbox: by S3's word, and by no message of anybody else's."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import Sandbox
from sandbox.connection import connect
from tests.e2e.conftest import Case
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def uploader(box: Sandbox) -> tuple[str, str]:
    """A role that may upload: its unique ID, and its ARN."""
    return _made(box, "uploader", ["s3:*", "sqs:*"])


def _made(box: Sandbox, name: str, actions: list[str]) -> tuple[str, str]:
    trust = {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    allows = {"Action": actions, "Resource": "*"}
    trusted, allowed = (
        json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
        for statement in (trust, allows)
    )
    iam = box.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="allows", PolicyDocument=allowed)
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


def test_who_lies_about_who_orders_is_found_out(
    box: Sandbox, outside: Outside, case: Case, tmp_path: Path
) -> None:
    _, ops = _made(box, "ops", ["states:*"])
    mallory, alice = (
        _as(box, ops, name, "sts").get_caller_identity()["Arn"] for name in ("mallory", "alice")
    )
    outside.upload(case.key, case.config())
    states = _as(box, ops, "mallory", "stepfunctions")
    one = {"partner": case.partner, "grant": "main", "reason": "incident 1234"}
    orders: list[dict[str, Any]] = [
        {**one, "action": "suspend", "requested_by": alice},
        {**one, "action": "resume", "requested_by": mallory},
        {**one, "action": "suspend", "requested_by": alice, "grant": "*"},
    ]
    for order in orders:
        arn = states.start_execution(
            stateMachineArn=box.outputs["GrantWorkflowArn"], input=json.dumps(order)
        )["executionArn"]
        look = partial(states.describe_execution, executionArn=arn)
        eventually(look, lambda found: found["status"] == "SUCCEEDED")

    terminal = Terminal(box, tmp_path)
    found = terminal.json(f"latchkey show {case.partner} --cloudtrail")["cloudtrail"]
    assert found["incomplete"] is None
    uploaded, *ordered = found["runs"]
    assert uploaded["verdict"] == "own"
    assert [run["verdict"] for run in ordered] == ["differs", "agrees", "differs"]
    assert {run["started_by"] for run in ordered} == {mallory}
    text = terminal.ok(f"latchkey show {case.partner} --cloudtrail")
    assert f"DIFFERS: the request says {alice}" in text
