"""spoke.yaml: what the hub's functions may do in their own account, and not an action more."""

import json
from typing import Any

import pytest

from tests.contract.filled_template import (
    BOUNDARIES,
    HUB,
    ORGANIZATION,
    SPOKE,
    hub_template,
    spoke_template,
)
from tests.kit.repository import ROOT
from tests.kit.template import listed, template

ROLES = {
    "PlanGrantRole": "plan",
    "PlanOrderRole": "plan-order",
    "GrantAccessRole": "grant",
    "SuspendAccessRole": "suspend",
    "RevokeAccessRole": "revoke",
    "CheckDriftRole": "check",
}
"""The roles of functions that work in other accounts, and what each is called there."""

MANAGED, INLINE, BODY = 6_144, 10_240, 51_200
"""Characters of a managed policy, of a role's inline ones (IAM quotas), and bytes of a template
that is handed over with the call (CloudFormation user guide, "Quotas")."""


def _logical(name: str) -> str:
    return "".join(part.title() for part in name.split("-")) + "Role"


def _statements(role: Any) -> dict[str, Any]:
    (policy,) = role["Policies"]
    return {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"]}


@pytest.mark.parametrize("stack", ["latchkey", "prod"])
@pytest.mark.parametrize("name", BOUNDARIES)
def test_boundaries_of_a_spoke_are_the_hubs(name: str, stack: str) -> None:
    hub, spoke = hub_template(stack).properties(name), spoke_template(stack).properties(name)
    assert json.loads(json.dumps(hub).replace(HUB, SPOKE)) == spoke
    assert len(json.dumps(spoke["PolicyDocument"], separators=(",", ":"))) <= MANAGED


@pytest.mark.parametrize("stack", ["latchkey", "prod"])
@pytest.mark.parametrize("role", ROLES)
def test_role_of_a_spoke_may_do_what_the_hubs_may_in_its_own_account(role: str, stack: str) -> None:
    """Each statement word for word; what the spoke lacks is about the hub's own resources."""
    hub = _statements(hub_template(stack).properties(role))
    spoke = _statements(spoke_template(stack).properties(_logical(ROLES[role])))
    there = {sid: json.loads(json.dumps(one).replace(HUB, SPOKE)) for sid, one in hub.items()}
    assert spoke == {sid: there[sid] for sid in spoke}
    assert spoke
    assert len(json.dumps(spoke, separators=(",", ":"))) <= INLINE


READS = ("Describe", "Get", "GET", "List")
HUB_ONLY = (
    *("dynamodb:", "logs:", "scheduler:", "states:", "xray:", "sts:", "iam:PassRole"),
    *("events:PutEvents", "sns:Publish", "ssm:GetParameterHistory"),  # of the hub's own guardrails
)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_spoke_leaves_out_reaches_the_hubs_own_resources_only(role: str) -> None:
    hub = _statements(hub_template().properties(role))
    left_out = hub.keys() - _statements(spoke_template().properties(_logical(ROLES[role]))).keys()
    for sid in left_out:
        on_bucket = "ConfigBucket" in json.dumps(hub[sid]["Resource"])
        reaches = {one for one in listed(hub[sid]["Action"]) if not one.startswith(HUB_ONLY)}
        assert on_bucket or not reaches, sid


def test_nothing_of_a_spoke_reaches_table_buckets_or_schedules() -> None:
    for role in ROLES.values():
        actions = {
            action
            for one in _statements(spoke_template().properties(_logical(role))).values()
            for action in listed(one["Action"])
        }
        changing = {one for one in actions if not one.split(":")[1].startswith(READS)}
        assert {one.split(":")[0] for one in changing} <= {"iam", "access-analyzer", "kms"}
        assert changing - {one for one in changing if one.startswith("iam:")} <= {
            "access-analyzer:CheckNoPublicAccess",
            "access-analyzer:ValidatePolicy",
            "kms:Decrypt",
        }
        assert not actions & {"s3:GetObject", "iam:PassRole", "sts:AssumeRole"}


@pytest.mark.parametrize("stack", ["latchkey", "prod"])
@pytest.mark.parametrize("role", ROLES)
def test_role_of_a_spoke_trusts_one_function_of_the_hub_and_nobody_else(
    role: str, stack: str
) -> None:
    spoke = spoke_template(stack).properties(_logical(ROLES[role]))
    (statement,) = spoke["AssumeRolePolicyDocument"]["Statement"]
    name = hub_template(stack).properties(role)["RoleName"]
    assert "*" not in name
    assert "$" not in name
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{HUB}:role/{name}"},
            "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION},
        },
    }


@pytest.mark.parametrize("role", ROLES)
def test_without_an_organization_the_function_still_has_to_be_the_one(role: str) -> None:
    spoke = spoke_template(OrganizationId="").properties(_logical(ROLES[role]))
    (statement,) = spoke["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"].keys() == {"ArnEquals"}


def test_hub_in_another_region_is_another_function() -> None:
    spoke = spoke_template(HubRegion="eu-west-1", **{"AWS::Region": "eu-west-1"}).properties(
        "PlanRole"
    )
    (statement,) = spoke["AssumeRolePolicyDocument"]["Statement"]
    (arn,) = statement["Condition"]["ArnEquals"].values()
    assert arn == f"arn:aws:iam::{HUB}:role/latchkey-plan-grant-eu-west-1"


@pytest.mark.parametrize("role", ROLES)
def test_function_may_assume_its_own_role_of_any_spoke_and_no_other(role: str) -> None:
    statement = _statements(hub_template("prod").properties(role))["WorkInSpokes"]
    spoke = spoke_template("prod").properties(_logical(ROLES[role]))["RoleName"]
    assert statement == {
        "Sid": "WorkInSpokes",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": f"arn:aws:iam::*:role/{spoke}",
    }
    assert spoke == f"prod-spoke-{ROLES[role]}"


@pytest.mark.parametrize("role", ROLES)
def test_function_that_is_told_its_role_in_spokes_is_told_the_one_that_it_may_assume(
    role: str,
) -> None:
    properties = template()["Resources"][f"{role.removesuffix('Role')}Function"]["Properties"]
    told = properties["Environment"]["Variables"].get("SPOKE_ROLE")
    assert told in (ROLES[role], None if role in UNTOLD else ROLES[role])


UNTOLD = ("CheckDriftRole",)
"""Those whose functions do not work in spokes yet."""


def test_functions_without_a_role_in_spokes_assume_none() -> None:
    for name, one in template()["Resources"].items():
        if one["Type"] == "AWS::IAM::Role" and name not in ROLES:
            assert "sts:AssumeRole" not in json.dumps(one["Properties"].get("Policies", [])), name


IAM_RESOURCES = (*BOUNDARIES, *map(_logical, ROLES.values()))
FORWARDING = ("ForwardRole", "ForwardRule")


@pytest.mark.parametrize(
    ("region", "made"),
    [
        ("eu-west-1", {*IAM_RESOURCES, "Guardrails"}),
        ("us-east-1", {*FORWARDING}),
        ("eu-central-1", set()),
    ],
)
def test_each_region_of_a_stack_set_makes_its_part(region: str, made: set[str]) -> None:
    """IAM is global: two stacks of an account would make the same roles twice."""
    spoke = spoke_template(HubRegion="eu-west-1", **{"AWS::Region": region})
    spoke.names["AWS::Region"] = region
    spoke.template = {**spoke.template, "Conditions": _with_home(spoke.template, "us-east-1")}
    assert {name for name in spoke.template["Resources"] if spoke.made(name)} == made


def _with_home(found: dict[str, Any], home: str) -> Any:
    """The conditions with the home Region looked up."""
    looked_up = {"Fn::FindInMap": ["Partitions", {"Ref": "AWS::Partition"}, "HomeRegion"]}
    assert found["Mappings"]["Partitions"]["aws"] == {"HomeRegion": home}
    text = json.dumps(found["Conditions"])
    assert json.dumps(looked_up) in text
    return json.loads(text.replace(json.dumps(looked_up), json.dumps(home)))


def test_guardrails_of_a_spoke_are_read_where_the_hub_looks_and_are_never_written_back() -> None:
    for stack in ("latchkey", "prod"):
        spoke, hub = spoke_template(stack), hub_template(stack)
        made = spoke.properties("Guardrails")
        assert made["Name"] == hub.properties("Guardrails")["Name"]
        read = _statements(spoke.properties("PlanRole"))["ReadGuardrails"]
        assert read["Resource"] == f"arn:aws:ssm:us-east-1:{SPOKE}:parameter{made['Name']}"
    kept = template("spoke.yaml")["Resources"]["Guardrails"]
    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == (
        "RetainExceptOnCreate",
        "Retain",
    )
    assert made["Value"] == '{"version": 1, "allow_custom": false}'


def test_template_goes_through_a_stack_set_and_fits_into_the_call() -> None:
    """Stack sets with permissions by AWS Organizations take no macros, which SAM is one of."""
    assert "Transform" not in template("spoke.yaml")
    assert len((ROOT / "spoke.yaml").read_bytes()) <= BODY
    kinds = {one["Type"] for one in template("spoke.yaml")["Resources"].values()}
    assert kinds == {
        "AWS::Events::Rule",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::SSM::Parameter",
    }
    assert not kinds & {"AWS::CloudFormation::Stack"}
