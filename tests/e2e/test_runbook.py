"""Every command of the runbook, run as it stands there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import Sandbox
from tests.e2e.commands import Shell, commands
from tests.e2e.conftest import Case
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside, eventually
from tests.kit.repository import ROOT
from tests.kit.template import of_type, properties

pytestmark = pytest.mark.e2e

RUNBOOK = ROOT / "docs/runbook.md"
MOVE = "aws sqs start-message-move-task"


def _lines() -> list[str]:
    return list(commands(RUNBOOK.read_text(encoding="utf-8")))


@pytest.fixture
def shell(box: Sandbox) -> Shell:
    """A shell in which the runbook's first block has run."""
    made = Shell(box.client)
    for line in _lines():
        if not line.startswith(("aws ", "latchkey ")):
            made.run(line)
    return made


@pytest.fixture
def acme(outside: Outside, case: Case) -> str:
    """The partner that the runbook speaks of: only its name is the test's own."""
    outside.upload(case.key, case.config())
    return case.partner


@pytest.mark.parametrize("line", [line for line in _lines() if line.startswith("aws ")])
def test_command_works(shell: Shell, acme: str, line: str) -> None:
    answer = eventually(lambda: _answer(shell, line.replace("acme", acme)), bool)
    if "--query" in line:  # of the answer, a part
        assert answer
    else:
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("line", [line for line in _lines() if line.startswith("latchkey ")])
def test_command_of_the_command_line_works(
    box: Sandbox, acme: str, tmp_path: Path, line: str
) -> None:
    done = Terminal(box, tmp_path)(line.replace("acme", acme))
    assert done.status == 0, done
    assert "Traceback" not in done.err


def test_sections_begin_with_the_command_line_where_it_has_a_command() -> None:
    sections = RUNBOOK.read_text(encoding="utf-8").split("\n## ")[1:]
    found = {section.partition("\n")[0]: list(commands(section)) for section in sections}
    having = {name for name, lines in found.items() if any(x.startswith("latchkey") for x in lines)}
    assert {
        "Outcome of a file",
        "Emergency suspend",
        "Files that no notification told of",
    } <= having
    assert all(found[name][0].startswith("latchkey ") for name in having)


def _answer(shell: Shell, line: str) -> Any:
    """What a command says; nothing while a function that runs alone is at work already."""
    try:
        return shell.run(line)
    except ClientError as error:
        if error.response["Error"]["Code"] != "TooManyRequestsException":
            raise
        return None


def test_dead_letters_cannot_be_driven_back_since_they_name_authors(
    outside: Outside, shell: Shell, case: Case
) -> None:
    bucket = {"name": outside.box.outputs["ConfigBucketName"]}
    letter = {"Records": [{"s3": {"bucket": bucket, "object": {"key": case.key}}}]}
    outside.box.client("sqs").send_message(
        QueueUrl=shell.variables["DEAD_LETTERS"], MessageBody=json.dumps(letter)
    )
    with pytest.raises(ClientError, match="explicit deny"):
        shell.run(f"{MOVE} --source-arn $DEAD_LETTERS_ARN")
    outside.box.client("sqs").purge_queue(QueueUrl=shell.variables["DEAD_LETTERS"])


@pytest.mark.parametrize("alarm", sorted(of_type("AWS::CloudWatch::Alarm")))
def test_every_alarm_names_its_section(alarm: str) -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    found = re.search(r"docs/runbook\.md#([\w-]+)", properties(alarm)["AlarmDescription"])
    assert found, f"{alarm} names no section"
    assert found[1] in anchors
    assert f"`{alarm}`" in text
