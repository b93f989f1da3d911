"""The packaged application, as it is deployed from an empty folder."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto.server import ThreadedMotoServer

from latchkey import __version__
from tests.kit.repository import ROOT
from tools.release.archive import contents

pytestmark = pytest.mark.release

_BUCKET = "release-artifacts"


@pytest.fixture(scope="module")
def unpacked(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that somebody unpacked the application into."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(dist / f"latchkey-{__version__}-aws.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 with a bucket for what is deployed."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket=_BUCKET)
    yield url
    server.stop()


@pytest.mark.parametrize("command", ["aws cloudformation package", "sam package"])
def test_aws_and_sam_package_it_as_it_is(
    command: str, unpacked: Path, endpoint: str, tmp_path: Path
) -> None:
    program, *words = command.split()
    packaged = tmp_path / "packaged.yaml"
    given = f"--template-file template.yaml --s3-bucket {_BUCKET} --output-template-file {packaged}"
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *words, *given.split()],
        cwd=unpacked,
        env={**os.environ, "AWS_ENDPOINT_URL": endpoint, "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    resources = yaml.load(packaged.read_text(), Loader=_Loader)["Resources"]  # noqa: S506
    s3 = boto3.client("s3", endpoint_url=endpoint)
    sent = dict(_sent(resources, s3))
    there = {f"{path.stem}": path.read_bytes() for path in unpacked.glob("artifacts/*.zip")}
    assert sent == {name: hashlib.sha256(data).hexdigest() for name, data in there.items()}
    machines = [r for r in resources.values() if r["Type"] == "AWS::Serverless::StateMachine"]
    assert len(machines) == 3
    assert all(
        "s3://" in json.dumps(m["Properties"]["DefinitionUri"])
        or "Bucket" in m["Properties"]["DefinitionUri"]
        for m in machines
    )


class _Loader(yaml.SafeLoader):
    """Reads a template; intrinsic functions are not looked into."""


_Loader.add_multi_constructor("!", lambda *_: None)


def _sent(resources: dict[str, Any], s3: Any) -> Iterator[tuple[str, str]]:
    for name, resource in resources.items():
        properties = resource["Properties"]
        uri = properties.get("CodeUri") or properties.get("ContentUri")
        if isinstance(uri, str):
            bucket, _, key = uri.removeprefix("s3://").partition("/")
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            yield name, hashlib.sha256(body).hexdigest()


def test_functions_are_those_of_the_sources(unpacked: Path) -> None:
    with zipfile.ZipFile(unpacked / "artifacts/LatchkeyLayer.zip") as layer:
        names = {name.removeprefix("python/") for name in layer.namelist()}
    sources = ROOT / "layers/latchkey"
    assert {name for name in contents(sources) if name.endswith(".py")} <= names
    with zipfile.ZipFile(unpacked / "artifacts/PlanGrantFunction.zip") as function:
        assert function.read("app.py") == (ROOT / "functions/plan_grant/app.py").read_bytes()


def test_stack_says_which_release_it_is(unpacked: Path) -> None:
    first = yaml.load((unpacked / "template.yaml").read_text(), Loader=_Loader)  # noqa: S506
    assert first["Description"].startswith(f"Latchkey {__version__}: ")
