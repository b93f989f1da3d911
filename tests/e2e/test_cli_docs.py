"""Every command of the command line in the documentation, run as it stands there, in order."""

import json
import re

import pytest

from sandbox import Sandbox
from tests.e2e.commands import commands
from tests.e2e.conftest import Case
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

TEXT = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The command line")[2]
HISTORY = (ROOT / "docs/history.md").read_text(encoding="utf-8")
_STATUS = re.compile(r"# exits with (\d)$")


@pytest.fixture(scope="module")
def story(
    box: Sandbox, outside: Outside, once: Case, tmp_path_factory: pytest.TempPathFactory
) -> "Story":
    """The folder that the page speaks of, with the page's own file in it."""
    return Story(Terminal(box, tmp_path_factory.mktemp("cli")), outside, once)


class Story:
    """Runs the page's lines with names of the test's own in place of the page's."""

    def __init__(self, terminal: Terminal, outside: Outside, case: Case) -> None:
        self._terminal = terminal
        self._case = case
        (example,) = re.findall(r"^```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
        document = json.loads(self._own(example))
        terminal.write("reports.json", document)
        terminal.write("partners/reports.json", document)
        rules = {"version": 1, "max_grant_days": 36_500}
        (terminal.folder / "guardrails.txt").write_text(json.dumps(rules), encoding="utf-8")
        _hand_made(outside, f"vendor-{case.partner}", case.bucket)

    def run(self, line: str) -> None:
        """Run a line, and expect the status that stands behind it."""
        expected = _STATUS.search(line)
        done = self._terminal(self._own(line))
        allowed = {int(expected[1])} if expected else {0}
        assert done.status in allowed, f"{line}\n{done.out}\n{done.err}"
        assert "Traceback" not in done.err

    def _own(self, text: str) -> str:
        case = self._case
        names = {"acme/reports-api": case.secret, "northwind-reports": case.bucket}
        for name, own in {**names, "acme": case.partner}.items():
            text = text.replace(name, own)
        return text


def _hand_made(outside: Outside, name: str, bucket: str) -> None:
    principal = {"AWS": "arn:aws:iam::444455556666:root"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    objects = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    texts = [json.dumps({"Version": "2012-10-17", "Statement": [one]}) for one in (trust, objects)]
    outside.iam.create_role(RoleName=name, AssumeRolePolicyDocument=texts[0])
    outside.iam.put_role_policy(RoleName=name, PolicyName="put", PolicyDocument=texts[1])


def _lines(*pages: str) -> list[str]:
    return [line for text in pages for line in commands(text) if line.startswith("latchkey ")]


LINES = _lines(TEXT)


@pytest.mark.parametrize("line", [*LINES, *_lines(README, HISTORY)])
def test_command_works(story: Story, line: str) -> None:
    story.run(line)


def test_every_command_is_in_the_page() -> None:
    from latchkey_cli.main import COMMANDS

    shown = {line.split()[1] for line in LINES}
    assert {*COMMANDS} - {"teardown"} <= shown  # that would end the sandbox of all: test_teardown
