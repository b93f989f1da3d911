"""`latchkey spokes enrol`: what is deployed in an account, and what is in the way there."""

import json
import re
from itertools import pairwise
from pathlib import Path
from shlex import split
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click import ClickException

from latchkey.iam.environment import AwsEnvironment
from latchkey_cli.aws.stack import Stack
from latchkey_cli.spokes.enrolment import regions
from latchkey_cli.spokes.place import Place
from latchkey_cli.spokes.template import template
from tests.cli.desk import PARAMETERS, Desk, make_stack
from tests.cli.other_accounts import OTHER, SPOKE, client, profile
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import GUARDRAILS, aws

THIRD = "999988887777"


@pytest.fixture
def of_spoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return profile(tmp_path, monkeypatch)


def test_enrolling_deploys_the_template_and_says_what_comes_next(desk: Desk, of_spoke: str) -> None:
    words = ("spokes", "enrol", SPOKE, "--profile-of-spoke", of_spoke)
    asked = desk(*words)
    assert (asked.exit_code, "give --yes" in asked.stderr) == (2, True)
    assert f"HubAccount = {ACCOUNT}" in asked.stderr
    assert f"account  {SPOKE}, as arn:aws:sts::{SPOKE}:assumed-role/admin/me" in asked.stderr
    cloudformation = client(of_spoke, "cloudformation")
    assert cloudformation.describe_stacks()["Stacks"] == []

    said = desk.ok(*words, "--yes")
    assert "latchkey-spoke in us-east-1: created" in said
    assert f"account {SPOKE} has no guardrails in {GUARDRAILS}" in said, "the hub's name is given"
    assert f"latchkey spokes allow {SPOKE}" in said
    (made,) = cloudformation.describe_stacks()["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in made["Parameters"]}
    assert (given["HubAccount"], given["HubRegion"], given["HubStackName"]) == (
        ACCOUNT,
        "us-east-1",
        "latchkey",
    )
    assert client(of_spoke, "iam").get_role(RoleName="latchkey-spoke-grant")
    again = desk(*words, "--yes")
    assert "update" in again.stderr
    assert re.search("latchkey-spoke in us-east-1: (updated|up to date already)", again.stdout)


def test_rules_that_were_deleted_are_not_made_anew_and_the_owner_is_told_how(
    desk: Desk, of_spoke: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARAMETERS, "GuardrailsParameterName", "")
    make_stack("two")
    name = "/latchkey/two/guardrails"
    aws("ssm").put_parameter(Name=name, Value='{"version": 1}', Type="String")
    words = ("spokes", "enrol", SPOKE, "--profile-of-spoke", of_spoke, "--yes", "--stack", "two")
    assert "put-parameter" not in desk.ok(*words)
    client(of_spoke, "ssm").delete_parameter(Name=name)
    said = desk.ok(*words)
    assert "two-spoke in us-east-1: up" in said
    assert f"account {SPOKE} has no guardrails in {name}" in said
    (line,) = (line for line in said.splitlines() if "put-parameter" in line)
    told = dict(pairwise(split(line)))
    assert (told["--profile"], told["--region"]) == (of_spoke, "us-east-1")
    client(of_spoke, "ssm").put_parameter(
        Name=told["--name"], Type=told["--type"], Value=told["--value"]
    )
    assert "put-parameter" not in desk.ok(*words)


def test_rules_that_an_earlier_stack_left_are_kept(desk: Desk, of_spoke: str) -> None:
    ssm, rules = client(of_spoke, "ssm"), '{"version": 1, "max_grant_days": 7}'
    ssm.put_parameter(Name=GUARDRAILS, Value=rules, Type="String")
    said = desk("spokes", "enrol", SPOKE, "--profile-of-spoke", of_spoke, "--yes")
    assert said.exit_code == 0, said.stderr
    assert f"GuardrailsParameterName = {GUARDRAILS}" in said.stderr
    assert ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"] == rules


def test_rules_of_a_stacks_own_name_are_made_once_and_found_again(
    desk: Desk, of_spoke: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's parameter is empty, as usual; CloudFormation keeps the rules of a deleted stack."""
    monkeypatch.setitem(PARAMETERS, "GuardrailsParameterName", "")
    make_stack("two")
    name, rules = "/latchkey/two/guardrails", '{"version": 1}'
    aws("ssm").put_parameter(Name=name, Value=rules, Type="String")
    words = ("spokes", "enrol", SPOKE, "--profile-of-spoke", of_spoke, "--yes", "--stack", "two")
    assert "GuardrailsParameterName = (empty)" in desk(*words).stderr
    ssm, cloudformation = client(of_spoke, "ssm"), client(of_spoke, "cloudformation")
    assert ssm.get_parameter(Name=name)["Parameter"]["Value"] != rules
    cloudformation.delete_stack(StackName="two-spoke")
    ssm.put_parameter(Name=name, Value=rules, Type="String", Overwrite=True)
    found = desk(*words)
    assert f"GuardrailsParameterName = {name}" in found.stderr, found.stderr
    assert ssm.get_parameter(Name=name)["Parameter"]["Value"] == rules


@pytest.mark.parametrize(
    ("region", "organization", "expected"),
    [
        ("us-east-1", "o-exampleorgid", ("us-east-1",)),
        ("eu-west-1", "", ("eu-west-1",)),
        ("eu-west-1", "o-exampleorgid", ("eu-west-1", "us-east-1")),
    ],
)
def test_where_iams_events_are_the_rule_is_deployed_too(
    region: str, organization: str, expected: tuple[str, ...]
) -> None:
    hub = SimpleNamespace(
        environment=AwsEnvironment("aws", region, ACCOUNT),
        parameters={"OrganizationId": organization},
    )
    assert regions(cast("Stack", hub)) == expected


def test_what_cannot_be_enrolled_is_refused_before_anything_is_done(
    desk: Desk, of_spoke: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = ("--profile-of-spoke", of_spoke, "--yes")
    for words, status, text in (
        ((ACCOUNT, *by), 2, "the stack's own account"),
        (("2222", *by), 2, "no account ID"),
        ((SPOKE, "--yes"), 2, "--profile-of-spoke"),
        ((OTHER, *by), 1, f"the profile '{of_spoke}' is for account {SPOKE}, not {OTHER}"),
        ((SPOKE, "--profile-of-spoke", "nobody", "--yes"), 1, "could not be found"),
    ):
        found = desk("spokes", "enrol", *words)
        assert (found.exit_code, text in found.stderr) == (status, True), found.stderr
    assert client(of_spoke, "cloudformation").describe_stacks()["Stacks"] == []


def _another_hub(name: str) -> None:
    client(name, "cloudformation").create_stack(
        StackName="latchkey-spoke",
        TemplateBody=template(),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": "HubAccount", "ParameterValue": THIRD},
            {"ParameterKey": "HubRegion", "ParameterValue": "us-east-1"},
        ],
    )


def _stack_set(name: str) -> None:
    client(name, "iam").create_role(RoleName="latchkey-spoke-check", AssumeRolePolicyDocument="{}")


def _own_stack(name: str) -> None:
    parts = {"Type": "AWS::SNS::Topic"}
    body = {"Resources": {"Topic": parts}, "Outputs": {"GrantWorkflowArn": {"Value": "arn"}}}
    client(name, "cloudformation").create_stack(StackName="latchkey", TemplateBody=json.dumps(body))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (_another_hub, f"for another hub: {THIRD}"),
        (_stack_set, "a stack set or a stack of another name made it"),
        (_own_stack, "has a Latchkey stack latchkey of its own"),
    ],
)
def test_what_is_in_the_way_there_is_said(desk: Desk, of_spoke: str, made: Any, text: str) -> None:
    made(of_spoke)
    found = desk("spokes", "enrol", SPOKE, "--profile-of-spoke", of_spoke, "--yes")
    assert (found.exit_code, text in found.stderr) == (1, True), found.stderr


class _Failing:
    """CloudFormation, where a stack takes a while and then fails."""

    def __init__(self) -> None:
        self.statuses = ["CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
        self.created: dict[str, Any] = {}

    def client_in(self, _: str, __: str) -> "_Failing":
        return self

    def create_stack(self, **given: Any) -> dict[str, str]:
        self.created = given
        return {"StackId": "id"}

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        status = self.statuses[0] if len(self.statuses) == 1 else self.statuses.pop(0)
        return {"Stacks": [{"StackStatus": status}]}

    def describe_stack_events(self, **_: Any) -> dict[str, Any]:
        failed = {"ResourceStatus": "CREATE_FAILED", "LogicalResourceId": "PlanRole"}
        return {
            "StackEvents": [
                {**failed, "ResourceStatusReason": "Resource creation cancelled"},
                {**failed, "ResourceStatusReason": "an SCP denies it"},
            ]
        }


def test_a_stack_that_fails_goes_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latchkey_cli.spokes.place._INTERVAL", 0.0)
    there, said = _Failing(), list[str]()
    place = Place(
        cast("Stack", there), "latchkey-spoke", "us-east-1", {"HubAccount": ACCOUNT}, None
    )
    with pytest.raises(ClickException, match="DELETE_COMPLETE; PlanRole: an SCP denies it"):
        place.deploy(said.append, 60)
    assert there.created["OnFailure"] == "DELETE"
    assert said == ["create in progress", "delete in progress"]
    there.statuses = ["CREATE_IN_PROGRESS"]
    with pytest.raises(ClickException, match="it goes on, and --timeout waits longer"):
        place.deploy(said.append, 0)


def test_a_stack_that_is_busy_or_broken_is_left_alone() -> None:
    hub = [{"ParameterKey": "HubAccount", "ParameterValue": ACCOUNT}]
    for status in ("UPDATE_IN_PROGRESS", "DELETE_FAILED", "ROLLBACK_COMPLETE"):
        found = {"StackStatus": status, "Parameters": hub}
        place = Place(cast("Stack", None), "s", "us-east-1", {"HubAccount": ACCOUNT}, found)
        with pytest.raises(ClickException, match=f"is {status}"):
            place.check()
