"""The permissions boundary: wide enough for the catalogue, and for nothing else."""

import json
import re
from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy
from latchkey.grants.role import bounded_by_another
from latchkey.services.boundary import OWNER_ACL, conditional, kinds
from latchkey.services.cloudwatch.spec import KEPT_OUT, OWN_NAMESPACE
from latchkey.services.registry import CUSTOM, KNOWN, specs
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    KEY_ARN,
    SECRET_ARN,
    config,
    resources_of,
    s3_entry,
    secret_entry,
)
from tests.kit.template import listed, properties, resolved, template

MANAGED_POLICY_LIMIT = 6_144
STATEMENTS: list[dict[str, Any]] = properties("PermissionsBoundary")["PolicyDocument"]["Statement"]
(ITSELF,) = [s for s in STATEMENTS if s["Sid"] == "PartnerRolesOnly"]
ALLOWED = {
    a for s in STATEMENTS if s["Effect"] == "Allow" and s != ITSELF for a in listed(s["Action"])
}


OTHERS = sorted(kinds().items())
OF_DATA = [(kind, name) for kind, name in OTHERS if not specs()[kind].managed]


def _only_of(kind: str) -> set[str]:
    """The actions that a kind of access has beyond the usual one."""
    return {f"{kind}:{action}" for action in specs()[kind].boundary}


@pytest.mark.parametrize(("kind", "boundary"), OF_DATA)
def test_boundary_of_another_kind_is_an_allow_list_too(kind: str, boundary: str) -> None:
    statements = properties(boundary)["PolicyDocument"]["Statement"]
    listed_ = {a for s in statements if s["Effect"] == "Allow" for a in listed(s["Action"])}
    assert not [action for action in listed_ if "*" in action or "?" in action]
    assert not [statement for statement in statements if "NotAction" in statement]
    assert _only_of(kind) <= listed_


@pytest.mark.parametrize(("kind", "boundary"), OF_DATA)
def test_boundary_of_another_kind_denies_what_is_latchkeys_own(kind: str, boundary: str) -> None:
    (deny,) = [s for s in STATEMENTS if s["Effect"] == "Deny"]
    assert deny in properties(boundary)["PolicyDocument"]["Statement"], kind


def test_keys_are_used_by_themselves_under_their_own_boundary_only() -> None:
    """Beside that it has what the usual one has, but for the keys that go through services."""
    statements = properties("KmsBoundary")["PolicyDocument"]["Statement"]
    (keys,) = [s for s in statements if s not in STATEMENTS]
    assert {*listed(keys["Action"])} == _only_of("kms")
    (through,) = [s for s in STATEMENTS if s not in statements]
    assert {*listed(through["Action"])} < {*listed(keys["Action"])}


@pytest.mark.parametrize(("kind", "boundary"), OTHERS)
def test_each_boundary_is_an_output_named_after_it_and_its_kind(kind: str, boundary: str) -> None:
    output = template()["Outputs"][f"{boundary}Arn"]
    assert output["Value"] == {"Ref": boundary}
    policy = resolved(properties(boundary)["ManagedPolicyName"], "prod", "eu-west-1")
    assert policy.startswith("latchkey-prod-")
    assert policy.endswith("-boundary-eu-west-1")
    usual = resolved(properties("PermissionsBoundary")["ManagedPolicyName"], "prod", "eu-west-1")
    assert policy != usual, kind
    assert bounded_by_another(f"arn:aws:iam::{ACCOUNT}:policy/{policy}", ())


def test_boundary_is_a_list_of_actions_on_data_of_the_catalogues_services() -> None:
    assert {action.split(":")[0] for action in ALLOWED} == {*KNOWN} - {CUSTOM, "account"}
    assert not [action for action in ALLOWED if "*" in action or "?" in action]
    assert not [statement for statement in STATEMENTS if "NotAction" in statement]


def test_nothing_in_the_boundary_changes_who_may_do_what() -> None:
    words = (
        r":(Create(?!LogStream$)|Attach|Tag|Untag|Add|PutBucket)"
        r"|:.*(Policy|Acl|Permission|Grant)"
    )
    found = {action for action in ALLOWED if re.search(words, action)}
    metadata = {"glue:CreatePartition", "glue:CreateTable"}
    assert found - metadata == conditional() - {"cloudwatch:PutMetricData"}, "metrics are data"


def test_no_acl_but_the_one_for_the_buckets_owner() -> None:
    (statement,) = [s for s in STATEMENTS if "s3:PutObjectAcl" in listed(s["Action"])]
    assert {"s3:PutObjectAcl"} == {*listed(statement["Action"])} < conditional()
    assert statement["Condition"] == {"StringEquals": {"s3:x-amz-acl": OWNER_ACL}}


def test_no_metrics_of_aws_nor_of_latchkey_itself_are_put() -> None:
    (statement,) = [s for s in STATEMENTS if "cloudwatch:PutMetricData" in listed(s["Action"])]
    assert {"cloudwatch:PutMetricData"} == {*listed(statement["Action"])} < conditional()
    assert statement["Condition"] == {"StringNotLike": {"cloudwatch:namespace": [*KEPT_OUT]}}
    published = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert published["POWERTOOLS_METRICS_NAMESPACE"] == OWN_NAMESPACE


def test_sessions_of_partner_roles_only_may_be_had() -> None:
    assert ITSELF["Resource"]["Fn::Sub"].endswith(":role${RolePath}*")
    assert set(ITSELF["Action"]) == {"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"}
    assert not [action for action in ALLOWED if action.startswith(("sts:", "iam:"))]
    asked = config(self_assume=True, session_tags=["team"], source_identity=True)
    arn = f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main"
    document = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT, arn)
    assert set(document["Statement"][-1]["Action"]) == set(ITSELF["Action"])


def test_keys_are_used_through_services_only() -> None:
    (statement,) = [s for s in STATEMENTS if any("kms:" in a for a in listed(s["Action"]))]
    assert statement["Condition"] == {"Null": {"kms:ViaService": "false"}}


@pytest.mark.parametrize("boundary", ["PermissionsBoundary", *kinds().values()])
def test_boundary_fits_into_a_managed_policy_whatever_the_stack_is_called(boundary: str) -> None:
    document = resolved(properties(boundary)["PolicyDocument"], "s" * 18)
    text = json.dumps(document, separators=(",", ":")).replace("arn:aws:", "arn:aws-us-gov:")
    assert len(text) < MANAGED_POLICY_LIMIT


@pytest.mark.parametrize("allow", ["read", "write", "read-write"])
def test_every_action_that_the_catalogue_renders_is_within_the_boundary(allow: str) -> None:
    entries = [s3_entry(allow=allow, prefix="in"), secret_entry()]
    resources = [
        (ResourceInfo("arn:aws:s3:::data-bucket", (KEY_ARN,)),),
        (ResourceInfo(SECRET_ARN, (KEY_ARN,)),),
    ]
    document = permissions_policy(config(access=entries), resources, AWS_ENVIRONMENT)
    rendered = {a for statement in document["Statement"] for a in listed(statement["Action"])}
    assert rendered <= ALLOWED
