"""`latchkey teardown`: a stack with live grants is taken out of service, and nothing is left."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.deployment.deploy import PARAMETERS, UNKNOWN
from sandbox.deployment.template import load
from tests.e2e.conftest import Case, new_partner
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e
TEARDOWN = "latchkey teardown --reason 'we leave'"


@pytest.fixture(scope="module")
def leaving() -> Iterator[Sandbox]:
    """A sandbox of this module's own: afterwards it grants nothing any more."""
    with Sandbox() as running:
        yield running


def _granted(outside: Outside, count: int) -> list[Case]:
    cases = [new_partner(outside) for _ in range(count)]
    for case in cases:
        outside.upload(case.key, case.config())
        outside.result(case.key, lambda found: found["outcome"] == "created")
    return cases


def test_teardown_ends_everything_and_says_what_stays(leaving: Sandbox, tmp_path: Path) -> None:
    box = leaving
    outside, terminal = Outside(box), Terminal(box, tmp_path)
    cases = _granted(outside, 3)
    boundary = box.outputs["PermissionsBoundaryArn"]
    outside.iam.create_role(
        RoleName="by-hand", AssumeRolePolicyDocument="{}", PermissionsBoundary=boundary
    )

    assert terminal(TEARDOWN).status == 2  # nobody confirmed it
    assert terminal(f"{TEARDOWN} --confirm other").status == 2
    assert outside.state(cases[0].partner)["status"] == "active"

    refused = terminal(f"{TEARDOWN} --confirm latchkey")
    assert refused.status == 1
    assert "role by-hand has the stack's permissions boundary" in refused.out
    outside.iam.delete_role(RoleName="by-hand")

    said = terminal.ok(f"{TEARDOWN} --confirm latchkey --takeover kept")
    assert "sam delete --stack-name latchkey" in said
    assert [
        one["RoleName"] for one in outside.iam.list_roles(PathPrefix="/partners/")["Roles"]
    ] == []
    assert outside.scheduler.list_schedules(GroupName="latchkey-grants")["Schedules"] == []
    for case in cases:
        assert outside.state(case.partner)["status"] == "revoked"
        assert outside.state(case.partner)["reason"] == "we leave"

    template = json.loads((tmp_path / "kept/template.json").read_text())
    resources = json.loads((tmp_path / "kept/resources.json").read_text())
    named = {each["LogicalResourceId"]: each["ResourceIdentifier"] for each in resources}
    assert named.keys() == template["Resources"].keys() >= {"ConfigBucket", "ResultsBucket"}
    assert named["ConfigBucket"] == {"BucketName": box.outputs["ConfigBucketName"]}
    assert "Ref" not in json.dumps(template)

    configs = box.outputs["ConfigBucketName"]  # an upload waits in the queue
    outside.s3.put_object(Bucket=configs, Key=cases[0].key, Body=json.dumps(cases[0].config()))
    box.advance(seconds=60)
    assert outside.state(cases[0].partner)["status"] == "revoked"

    deleted = terminal.ok(f"{TEARDOWN} --confirm latchkey --delete-data")
    assert f"deleted S3 bucket {configs}" in deleted
    buckets = {one["Name"] for one in outside.s3.list_buckets()["Buckets"]}
    assert not buckets & {configs, box.outputs["ResultsBucketName"]}

    cloudformation = box.client("cloudformation")  # every name that outlived the stack is free
    cloudformation.create_stack(StackName="again", TemplateBody=json.dumps(template))
    (made,) = cloudformation.describe_stacks(StackName="again")["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert "deleted" in terminal.ok(f"{TEARDOWN} --confirm latchkey --delete-data")

    cloudformation.delete_stack(StackName="latchkey")
    lambdas = box.client("lambda")
    assert lambdas.list_functions()["Functions"] == []
    assert lambdas.list_event_source_mappings()["EventSourceMappings"] == []
    assert outside.iam.list_roles()["Roles"] == []
    assert outside.iam.list_policies(Scope="Local")["Policies"] == []
    _deploy(cloudformation)
    assert box.outputs_of("latchkey") == box.outputs  # every name is the one from before
    again = _granted(outside, 1)[0]
    box.advance(seconds=60)
    assert outside.state(again.partner)["status"] == "active"


def _deploy(cloudformation: Any) -> None:
    """The project's template, as the sandbox has deployed it at its start."""
    loaded = load(ROOT / "template.yaml")
    known = {name: one for name, one in loaded["Resources"].items() if one["Type"] not in UNKNOWN}
    cloudformation.create_stack(
        StackName="latchkey",
        TemplateBody=json.dumps({**loaded, "Resources": known}),
        Parameters=[{"ParameterKey": key, "ParameterValue": PARAMETERS[key]} for key in PARAMETERS],
    )
    (made,) = cloudformation.describe_stacks(StackName="latchkey")["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
