"""`latchkey spokes`: what is listed, and how an account is enrolled, allowed and taken off."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from click import ClickException

from latchkey.iam.environment import AwsEnvironment
from latchkey_cli.aws.stack import Stack
from latchkey_cli.spokes.enrolment import regions
from latchkey_cli.spokes.place import Place
from latchkey_cli.spokes.template import current_version, home_region, template
from tests.cli.desk import PARAMETERS, Desk, make_stack
from tests.cli.other_accounts import OTHER, SPOKE, allow, checked, client, failed, move, profile
from tests.kit.examples import ACCOUNT
from tests.kit.repository import ROOT
from tests.kit.stack.aws import GUARDRAILS, aws

THIRD = "999988887777"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags, whatever they say."""


_Loader.add_multi_constructor("!", lambda *_: None)


@pytest.fixture
def of_spoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return profile(tmp_path, monkeypatch)


def _rules() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        aws("ssm").get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]
    )
    return found


def test_the_template_that_is_shipped_is_the_one_that_is_made() -> None:
    assert template() == (ROOT / "spoke.yaml").read_text(encoding="utf-8")
    found = yaml.load(template(), _Loader)  # noqa: S506 (it is a safe loader)
    assert str(current_version()) == found["Outputs"]["SpokeVersion"]["Value"]
    homes = found["Mappings"]["Partitions"]
    assert {name: home_region(name) for name in homes} == {
        name: one["HomeRegion"] for name, one in homes.items()
    }


def test_without_any_it_says_so(desk: Desk) -> None:
    found = desk("spokes")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "none: the guardrails' allowed_accounts names no other account" in found.stderr
    assert desk.json("spokes") == []


def test_accounts_are_listed_with_what_is_known_of_them(desk: Desk) -> None:
    allow(SPOKE, OTHER)
    desk.stack.granted()
    move()
    checked(SPOKE, datetime(2026, 5, 1, tzinfo=UTC), "0")
    checked(THIRD, datetime(2026, 5, 1, tzinfo=UTC))
    rows = [re.split(r"  +", line.strip()) for line in desk.ok("spokes", "--wide").splitlines()]
    assert rows == [
        ["ACCOUNT", "STATUS", "GRANTS", "SINCE", "CHECKED", "VERSION"],
        [SPOKE, "ok", "1", *["2026-05-01T00:00:00Z"] * 2, "0 (newest 1)"],
        [OTHER, "never checked", "0"],
        [THIRD, "not allowed", "0", *["2026-05-01T00:00:00Z"] * 2, "1"],
    ]
    first, second, _ = desk.json("spokes")
    assert (first["grants"], first["outdated"], first["allowed"]) == (["acme.main"], True, True)
    assert (second["status"], second["checked_at"], second["grants"]) == ("never checked", None, [])
    assert desk.ok("spokes", "--output", "csv").splitlines()[1].startswith(f"{SPOKE},ok,1,")


def test_an_account_that_could_not_be_checked_fails_the_command_until_it_can(desk: Desk) -> None:
    checked(SPOKE, datetime(2026, 5, 1, tzinfo=UTC))
    failed(SPOKE, "no session of latchkey-spoke-check: AccessDenied")
    found = desk("spokes", "--wide")
    assert found.exit_code == 1
    assert re.search(rf"{SPOKE} +failed .*AccessDenied", found.stdout)
    assert (desk("spokes", "--json").exit_code) == 1
    checked(SPOKE)
    assert desk("spokes").exit_code == 0


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
    assert re.search("latchkey-spoke in us-east-1: (updated|is up to date)", again.stdout)


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


def test_print_gives_commands_and_runs_none(desk: Desk) -> None:
    found = desk.ok("spokes", "enrol", SPOKE, "--print")
    assert "aws cloudformation deploy --region us-east-1 --stack-name latchkey-spoke" in found
    assert f"HubAccount={ACCOUNT} HubRegion=us-east-1 HubStackName=latchkey" in found
    assert f"Accounts={SPOKE},AccountFilterType=INTERSECTION" in found
    assert found.splitlines()[-1].startswith(f"latchkey spokes allow {SPOKE}")


def test_the_template_is_printed_or_written(desk: Desk) -> None:
    path = desk.folder / "spoke.yaml"
    desk.ok("spokes", "template", "-o", str(path))
    assert path.read_text(encoding="utf-8") == template() == desk.ok("spokes", "template")


def test_an_account_is_put_on_the_list_and_taken_off_and_nothing_else_changes(desk: Desk) -> None:
    allow(OTHER, max_grant_days=30)
    asked = desk("spokes", "allow", SPOKE)
    assert (asked.exit_code, "give --yes" in asked.stderr) == (2, True)
    assert f'+    "{SPOKE}"' in asked.stdout
    assert desk.ok("spokes", "allow", SPOKE, "--dry-run") == asked.stdout
    assert _rules()["allowed_accounts"] == [OTHER]
    assert f"written: {GUARDRAILS}, version " in desk.ok("spokes", "allow", SPOKE, "--yes")
    assert _rules() == {"version": 1, "allowed_accounts": [OTHER, SPOKE], "max_grant_days": 30}
    assert "already" in desk.ok("spokes", "allow", SPOKE)
    desk.ok("spokes", "allow", OTHER, "--remove", "--yes")
    assert _rules()["allowed_accounts"] == [SPOKE]
    assert desk("spokes", "allow", ACCOUNT, "--yes").exit_code == 2


def test_an_account_with_live_grants_stays_on_the_list(desk: Desk) -> None:
    allow(SPOKE)
    desk.stack.granted()
    move()
    found = desk("spokes", "allow", SPOKE, "--remove", "--yes")
    assert (found.exit_code, "has live grants: acme.main" in found.stderr) == (1, True)
    assert _rules()["allowed_accounts"] == [SPOKE]


def test_nobody_elses_version_of_the_guardrails_is_written_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchkey_cli.spokes import allowed

    allow(OTHER)
    real = allowed.Change.write

    def meanwhile(change: allowed.Change) -> int:
        allow(OTHER, max_grant_days=5)
        return real(change)

    monkeypatch.setattr(allowed.Change, "write", meanwhile)
    found = desk("spokes", "allow", SPOKE, "--yes")
    assert (found.exit_code, "was changed meanwhile" in found.stderr) == (1, True)
    assert _rules()["max_grant_days"] == 5


def test_two_who_write_at_the_same_moment_are_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.healthy import answers

    allow(OTHER)
    answers(monkeypatch, "ssm", "put_parameter", {"Version": 40})
    found = desk("spokes", "allow", SPOKE, "--yes")
    assert found.exit_code == 1
    assert "version 40 is this one, and has nothing of version 39" in found.stderr


def test_invalid_guardrails_are_not_touched(desk: Desk) -> None:
    allow(SPOKE, max_grant_days="many")
    found = desk("spokes", "allow", OTHER, "--yes")
    assert (found.exit_code, "not valid" in found.stderr) == (1, True)
