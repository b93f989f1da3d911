"""What a hand-off sheet gives to paste is taken out of it as it stands, and run by the partner."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import hcl2
import pytest

from latchkey.services.registry import spec
from tests.e2e.conftest import Case
from tests.e2e.partner_work import MANIFEST
from tests.e2e.partners_machine import PartnersMachine
from tests.e2e.sheets import TRIED, Bench, of_new_form, portions
from tests.kit.outside import Outside, eventually
from tests.kit.resources import MAKE, make_workgroup

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def benches(
    outside: Outside, new_case: Callable[[], Case], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Bench]]:
    """Machines with the sheets of grants to every kind of access."""
    aws, name = outside.box.client, f"{new_case().partner}-sheet"
    for service in {kind["service"]: None for kind in TRIED}:
        if service == "athena":
            make_workgroup(aws, name, None, f"{name}/out/")
        elif service != "account":
            MAKE[service](aws, name, None)
    aws("ecr").put_image(repositoryName=name, imageManifest=MANIFEST, imageTag="latest")
    versions = {"Bucket": name, "VersioningConfiguration": {"Status": "Enabled"}}
    aws("s3").put_bucket_versioning(**versions)
    put = aws("s3").put_object(Bucket=name, Key="in/one.csv", Body=b"1,2", Tagging="a=b")
    answers = {"OBJECT": "one.csv", "VERSION": put["VersionId"], "KEY": "a"}
    with _all_allowed(outside):
        benches, accesses = [], portions(name)
        cases = [new_case() for _ in accesses]
        with ThreadPoolExecutor(len(cases)) as at_once:
            made = at_once.map(
                lambda case, access: outside.upload(case.key, case.config(access=access)),
                cases,
                accesses,
            )
        for case, access, result in zip(cases, accesses, made, strict=True):
            assert result["outcome"] == "created", result["problems"]
            sheet = _sheet(outside, case, bool)
            home = tmp_path_factory.mktemp("partner")
            machine = PartnersMachine(home, outside.box.url, sheet)
            known = {f"YOUR-{what}": answer for what, answer in answers.items()}
            benches.append(Bench(machine, access, known))
        yield benches


@contextmanager
def _all_allowed(outside: Outside) -> Iterator[None]:
    ssm, name = outside.box.client("ssm"), "/latchkey/guardrails"
    before = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    words = list(spec("account").managed)
    rules = json.dumps({"version": 1, "allow_custom": True, "allowed_account_access": words})
    ssm.put_parameter(Name=name, Value=rules, Type="String", Overwrite=True)
    yield
    ssm.put_parameter(Name=name, Value=before, Type="String", Overwrite=True)


@pytest.fixture(scope="module")
def machine(benches: list[Bench]) -> PartnersMachine:
    """One of them."""
    return benches[0].machine


def _sheet(outside: Outside, case: Case, wanted: Callable[[str], bool], ending: str = "md") -> str:
    bucket = outside.box.outputs["ResultsBucketName"]
    key = case.key.replace(".json", f".handoff.{ending}")

    def look() -> str:
        try:
            return str(outside.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
        except outside.s3.exceptions.NoSuchKey:
            return ""

    return str(eventually(look, wanted))


_SILENT = ("--query @", "delete-object", "put-object-tagging")
"""Of commands whose operation may answer nothing, or no version where a bucket keeps none."""


def test_first_commands_of_the_sheet_say_that_it_works(machine: PartnersMachine) -> None:
    first, second, *_ = machine.blocks["sh"].splitlines()
    assert re.match(r'"\d{4}-\d\d-\d\dT', machine.shell(first))
    assert ":assumed-role/partner-e2e-" in machine.shell(second)


@pytest.mark.parametrize("number", range(len(portions("any"))))
def test_every_command_of_every_kind_of_access_works(benches: list[Bench], number: int) -> None:
    """The program takes a second each time, so each form of a command is run once."""
    bench = benches[number]
    assert len(bench.commands) >= len(bench.access)
    for put, line in of_new_form(benches)[number]:
        if "put-object-tagging" in line:  # of what the call before it has put, tried or not
            bench.machine.shell(put)
        answer = bench.machine.shell(line)
        assert answer.strip() not in ("", "null") or any(s in line for s in _SILENT), line


def test_python_of_every_kind_of_access_works_and_asks_for_credentials_once(
    benches: list[Bench], outside: Outside
) -> None:
    for bench in benches:
        before = len(outside.box.calls())
        code = bench.filled(bench.machine.blocks["python"])
        printed = bench.machine.run(sys.executable, "-c", code).splitlines()
        made = [call["action"] for call in outside.box.calls()[before:]]
        assert ":assumed-role/partner-e2e-" in printed[0]
        assert len(printed[1:]) == code.count(' works")')
        assert made.count("AssumeRole") == 1


def test_policy_of_the_sheet_is_what_iam_has(benches: list[Bench], outside: Outside) -> None:
    for bench in benches:
        arn = re.findall(r"role_arn = (\S+)", bench.machine.blocks["ini"])[0]
        role = outside.role(arn.rpartition("/")[2])
        assert role is not None
        assert json.loads(bench.machine.blocks["json"]) == role["InlinePolicies"]["latchkey-access"]


_LATER = """
import time_machine

first = session.get_credentials().access_key
with time_machine.travel("{}"):
    session.client("sts").get_caller_identity()
    assert session.get_credentials().access_key != first
"""


def test_python_of_the_sheet_renews_its_session_before_it_runs_out(
    benches: list[Bench], machine: PartnersMachine, outside: Outside
) -> None:
    later = _LATER.format((outside.box.now() + timedelta(minutes=58)).isoformat())
    machine.run(sys.executable, "-c", benches[0].filled(machine.blocks["python"]) + later)


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
