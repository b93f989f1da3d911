"""The recipes of docs/waiting-callers.md, run as they stand there by bash with the AWS CLI."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.e2e.commands import commands
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

_SQS_TOO = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }'
"""The AWS CLI asks for the usual address of SQS, whatever the environment says."""

DOCUMENT = (ROOT / "docs/waiting-callers.md").read_text(encoding="utf-8")
BEFORE, CHAT = DOCUMENT.split("## A chat")
TICKETS, APPROVES, CHAT_LINES = (
    list(commands(part)) for part in (*BEFORE.split("## A ticket that approves"), CHAT)
)
SET_UP = 4


def _shell(box: Sandbox, folder: Path, lines: list[str], **who: str) -> str:
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": box.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "ops",
        "AWS_SECRET_ACCESS_KEY": "any",
        **who,
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join([_SQS_TOO, *lines])],
        cwd=folder,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ticket_system_and_chat_learn_of_the_outcome(
    box: Sandbox, outside: Outside, case: Case, tmp_path: Path
) -> None:
    (tmp_path / "acme.json").write_text(json.dumps(case.config()))
    *subscribes, reads = CHAT_LINES
    lines = [*TICKETS[:SET_UP], *subscribes, *TICKETS[SET_UP:], reads]
    told = _shell(box, tmp_path, lines)
    answers = [json.loads(line) for line in told.splitlines() if line.startswith('{"outcome')]
    answer = answers[0] if answers else _ticket(box, told)
    versions = outside.s3.list_object_versions(
        Bucket=box.outputs["ConfigBucketName"], Prefix="partners/portal/"
    )["Versions"]
    assert answer.pop("digest")
    assert answer == {
        "outcome": "created",
        "version": versions[0]["VersionId"],
        "result": "partners/portal/acme.result.json",
    }
    name = f"{case.partner}.main"
    said = f"AccessGranted: {name} by partners/portal/acme.json; latchkey show {name} says more"
    assert said in told


def _ticket(box: Sandbox, told: str) -> Any:
    """The event may come after the one look that the recipe takes."""
    sqs = box.client("sqs")
    url = sqs.get_queue_url(QueueName="tickets")["QueueUrl"]
    found = eventually(
        lambda: sqs.receive_message(QueueUrl=url).get("Messages", []),
        bool,
    )
    assert found, told
    return json.loads(found[0]["Body"])


def test_ticket_approves_by_the_upload_of_its_role(
    box: Sandbox, outside: Outside, case: Case, security: Any, tmp_path: Path
) -> None:
    role_id, who = _role(box, "tickets")
    rule = {"when": {"resources": [f"arn:aws:s3:::{case.bucket}/*"]}, "groups": {"tickets": 1}}
    security(approval={"groups": {"tickets": {"members": [role_id]}}, "rules": [rule]})
    (tmp_path / f"{case.partner}.json").write_text(json.dumps(case.config()))
    mine = [[line.replace("acme", case.partner) for line in part] for part in (TICKETS, APPROVES)]
    sqs = box.client("sqs")
    sqs.purge_queue(QueueUrl=sqs.create_queue(QueueName="tickets")["QueueUrl"])
    _shell(box, tmp_path, mine[0][:-1])
    key = f"partners/portal/{case.partner}.json"
    held = outside.result(key, lambda result: result["outcome"] == "pending_approval")
    assert outside.role(case.role) is None
    url = sqs.get_queue_url(QueueName="tickets")["QueueUrl"]
    eventually(
        lambda: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"],
        lambda found: int(found["ApproximateNumberOfMessages"]) > 0,
    )
    names = [line for line in mine[0] if line.startswith(("STACK=", "BUCKET=", "TICKETS="))]
    named = _shell(box, tmp_path, [*names, "echo $BUCKET $TICKETS"]).split()
    given = [f"{name}={value}" for name, value in zip(("BUCKET", "TICKETS"), named, strict=True)]
    given += [f"VERSION={held['config_version']}"]
    _shell(box, tmp_path, [*given, *mine[1]], **who)
    last = outside.result(key, lambda result: result["outcome"] == "created")
    assert last["config_version"] == held["config_version"]
    assert outside.role(case.role) is not None


def _role(box: Sandbox, name: str) -> tuple[str, dict[str, str]]:
    """A role of the ticket system: its unique ID, and the environment of one of its sessions."""
    iam = box.client("iam")
    trusts = {"Effect": "Allow", "Principal": {"AWS": _ROOT}, "Action": "sts:AssumeRole"}
    bucket = box.outputs["ConfigBucketName"]
    allows = [
        {
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/approvals/{name}/*",
        },
        {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "arn:aws:sqs:*:*:tickets"},
    ]
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trusts))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=_policy(*allows))
    session = {"RoleArn": made["Arn"], "RoleSessionName": "TICKET-4711"}
    keys = box.client("sts").assume_role(**session)["Credentials"]
    return made["RoleId"], {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }


_ROOT = "arn:aws:iam::123456789012:root"


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
