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
TICKETS, CHAT = (list(commands(part)) for part in DOCUMENT.split("## A chat"))
SET_UP = 4


def _shell(box: Sandbox, folder: Path, lines: list[str]) -> str:
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": box.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "ops",
        "AWS_SECRET_ACCESS_KEY": "any",
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
    *subscribes, reads = CHAT
    lines = [*TICKETS[:SET_UP], *subscribes, *TICKETS[SET_UP:], reads]
    told = _shell(box, tmp_path, lines)
    answers = [json.loads(line) for line in told.splitlines() if line.startswith('{"outcome')]
    answer = answers[0] if answers else _ticket(box, told)
    versions = outside.s3.list_object_versions(
        Bucket=box.outputs["ConfigBucketName"], Prefix="partners/portal/"
    )["Versions"]
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
