"""The real `sam local invoke` in Docker, against a sandbox that containers can reach."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox import Sandbox
from sandbox.samples import EVENTS, prepare
from tests.kit.outside import Outside
from tests.kit.repository import ROOT
from tests.kit.warm_cli import folder_of_command

BUILD = ROOT / ".aws-sam/build"

_OF_SAM = ("samcli.commands.local.invoke.cli", "samcli.commands.local.cli_common.invoke_context")
"""What it imports, which is more than half of what an invocation costs."""

Invoke = Callable[[str, str | dict[str, Any]], Any]


@pytest.fixture(scope="session")
def engine() -> None:
    """A Docker engine; `.ci/run` fails when tests are skipped for want of one."""
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers")


@pytest.fixture(scope="session")
def box(engine: None) -> Iterator[Sandbox]:
    """A running sandbox in the state that the sample events are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDBOX_HOST", "0.0.0.0")  # noqa: S104 (containers have to reach it)
        with Sandbox() as running:
            prepare(running.url)
            yield running


@pytest.fixture
def outside(box: Sandbox) -> Outside:
    """An AWS client that looks at what the functions did."""
    return Outside(box)


@pytest.fixture(scope="session")
def template() -> Path:
    """The built template as JSON, which sam reads half a second faster for each invocation."""
    from samcli.yamlhelper import yaml_parse  # not there where these tests are only collected

    written = BUILD / "template.json"
    built = yaml_parse((BUILD / "template.yaml").read_text(encoding="utf-8"))
    written.write_text(json.dumps(built), encoding="utf-8")
    return written


@pytest.fixture(scope="session")
def invoke(box: Sandbox, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Invoke:
    """Invokes a function by its logical ID with a sample (its file name) or an event."""
    folder = tmp_path_factory.mktemp("events")
    environment = json.loads((EVENTS / "env.json").read_text())
    url = f"http://host.docker.internal:{urlsplit(box.url).port}"
    environment["Parameters"]["AWS_ENDPOINT_URL"] = url
    variables = folder / "env.json"
    variables.write_text(json.dumps(environment))

    sam = folder_of_command(Path(sys.executable).with_name("sam"), *_OF_SAM) / "sam"
    plain = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}

    def run(function: str, event: str | dict[str, Any]) -> Any:
        path = EVENTS / event if isinstance(event, str) else folder / "event.json"
        if isinstance(event, dict):
            path.write_text(json.dumps(event))
        command = [str(sam), "local", "invoke", function, "--event", str(path)]
        command += ["--env-vars", str(variables), "--template-file", str(template)]
        command += ["--add-host", "host.docker.internal:host-gateway", *_image()]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={
                **plain,
                "AWS_ACCESS_KEY_ID": box.function_key(_physical(function)),
                "AWS_ENDPOINT_URL": box.url,  # of STS, which sam asks for the account
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert not (isinstance(answer, dict) and "errorType" in answer), (answer, done.stderr)
        return answer

    return run


def _physical(function: str) -> str:
    """The name of a function in the stack, by its logical ID: `latchkey-plan-grant`."""
    words = re.findall("[A-Z][a-z]+", function.removesuffix("Function"))
    return "-".join(["latchkey", *words]).lower()


def _image() -> list[str]:
    image = os.environ.get("LAMBDA_IMAGE")
    return ["--skip-pull-image", "--invoke-image", image] if image else []
