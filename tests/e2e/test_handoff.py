"""What a hand-off sheet gives to paste is taken out of it as it stands, and run by the partner."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import hcl2
import pytest

from sandbox.demo.people import PARTNER_ACCOUNT
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually
from tests.kit.resources import MAKE

pytestmark = pytest.mark.e2e

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ENTRIES: dict[str, dict[str, str]] = {
    "s3": {"bucket": "{}", "prefix": "in", "allow": "read"},
    "secretsmanager": {"secret": "{}", "allow": "read"},
    "sqs": {"queue": "{}", "allow": "send"},
    "sns": {"topic": "{}", "allow": "publish"},
    "dynamodb": {"table": "{}", "allow": "read"},
    "lambda": {"function": "{}", "allow": "invoke"},
    "ssm": {"parameter": "/{}/", "allow": "read"},
    "events": {"event_bus": "{}", "allow": "put"},
    "kinesis": {"stream": "{}", "allow": "read"},
    "states": {"state_machine": "{}", "allow": "start"},
}

# By service: boto3's name for it, where it is another.
_CLIENTS = {"states": "stepfunctions"}

# AWS CLI v1 takes no endpoint from the environment for SQS (its overridesslcommonname.py).
_CLI = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'


class PartnersMachine:
    """A machine of the partner's: its own credentials, its home, and the sheet."""

    def __init__(self, home: Path, url: str, sheet: str) -> None:
        self.blocks = dict(_BLOCK.findall(sheet))
        self._home = home
        self._path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._url = url
        folder = home / ".aws"
        folder.mkdir()
        own = f"[default]\naws_access_key_id = {PARTNER_ACCOUNT}\naws_secret_access_key = any\n"
        (folder / "credentials").write_text(own)
        (folder / "config").write_text(self.blocks["ini"])

    def shell(self, line: str) -> str:
        """What a line of the sheet prints."""
        return self.run("bash", "-c", _CLI + line)

    def run(self, *command: str) -> str:
        """What a command prints; it has to succeed."""
        environment = {
            "HOME": str(self._home),
            "PATH": self._path,
            "AWS_ENDPOINT_URL": self._url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        done = subprocess.run(
            command, env=environment, cwd=self._home, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def machine(
    outside: Outside, new_case: Callable[[], Case], tmp_path_factory: pytest.TempPathFactory
) -> PartnersMachine:
    """A partner's machine with the sheet of a grant to one resource of every service."""
    case = new_case()
    name = f"{case.partner}-sheet"
    for make in MAKE.values():
        make(outside.box.client, name, None)
    access = [
        {"service": service, **{field: text.format(name) for field, text in entry.items()}}
        for service, entry in _ENTRIES.items()
    ]
    access.append({"service": "s3", "bucket": case.bucket, "prefix": "o'neil", "allow": "write"})
    assert outside.upload(case.key, case.config(access=access))["outcome"] == "created"
    sheet = _sheet(outside, case, bool)
    return PartnersMachine(tmp_path_factory.mktemp("partner"), outside.box.url, sheet)


def _sheet(outside: Outside, case: Case, wanted: Callable[[str], bool], ending: str = "md") -> str:
    bucket = outside.box.outputs["ResultsBucketName"]
    key = case.key.replace(".json", f".handoff.{ending}")

    def look() -> str:
        try:
            return str(outside.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
        except outside.s3.exceptions.NoSuchKey:
            return ""

    return str(eventually(look, wanted))


def test_every_command_of_the_sheet_works(machine: PartnersMachine) -> None:
    first, second, *others = machine.blocks["sh"].splitlines()
    assert re.match(r'"\d{4}-\d\d-\d\dT', machine.shell(first))
    assert ":assumed-role/partner-e2e-" in machine.shell(second)
    assert len(others) == len(_ENTRIES) + 1
    for line in others:
        answer = machine.shell(line)
        assert answer.strip() not in ("", "null"), line


def test_python_of_the_sheet_works_and_asks_for_credentials_once(
    machine: PartnersMachine, outside: Outside
) -> None:
    before = len(outside.box.calls())
    printed = machine.run(sys.executable, "-c", machine.blocks["python"]).splitlines()
    made = [call["action"] for call in outside.box.calls()[before:]]
    assert ":assumed-role/partner-e2e-" in printed[0]
    clients = [_CLIENTS.get(service, service) for service in (*_ENTRIES, "s3")]
    assert printed[1:] == [f"{client} works" for client in clients]
    assert made.count("AssumeRole") == 1


_LATER = """
import time_machine

first = session.get_credentials().access_key
with time_machine.travel("{}"):
    session.client("sts").get_caller_identity()
    assert session.get_credentials().access_key != first
"""


def test_python_of_the_sheet_renews_its_session_before_it_runs_out(
    machine: PartnersMachine, outside: Outside
) -> None:
    later = _LATER.format((outside.box.now() + timedelta(minutes=58)).isoformat())
    machine.run(sys.executable, "-c", machine.blocks["python"] + later)


def test_terraform_of_the_sheet_is_hcl_with_the_role(machine: PartnersMachine) -> None:
    read: Any = hcl2.loads(machine.blocks["hcl"])
    (role,) = read["provider"][0]['"aws"']["assume_role"]
    profile = machine.blocks["ini"]
    for name in ("role_arn", "external_id"):
        assert f"{name} = {role[name].strip(chr(34))}\n" in profile


def test_another_account_gets_nowhere_with_the_sheet(machine: PartnersMachine) -> None:
    first = machine.blocks["sh"].splitlines()[0]
    stranger = f"AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=any {first}"
    with pytest.raises(AssertionError, match="AccessDenied"):
        machine.shell(stranger)


@pytest.mark.parametrize("ending", ["md", "html"])
def test_sheet_follows_the_grant_from_creation_to_its_end(
    outside: Outside, case: Case, ending: str
) -> None:
    order = {"partner": case.partner, "grant": "main"}
    outside.upload(case.key, case.config())
    assert "suspended" not in _sheet(outside, case, bool, ending)
    outside.start({**order, "action": "suspend"})
    assert "This access is suspended" in _sheet(outside, case, bool, ending)
    outside.start({**order, "action": "resume"})
    assert "suspended" not in _sheet(outside, case, bool, ending)
    outside.remove(case.key)
    ended = _sheet(outside, case, lambda text: "This access ended" in text, ending)
    assert "sts assume-role" not in ended
