"""Other accounts, enrolled from spoke.yaml: whom their roles let in, and what sessions may do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.aws.spoke_sessions import SpokeCredentials, SpokeSessions
from latchkey.errors import SpokeNotEnrolled
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.spoke import SpokeRole, session_policy
from sandbox import Sandbox
from sandbox.account import ACCOUNT, ORGANIZATION
from sandbox.connection import connect
from tests.kit.repository import ROOT
from tests.kit.spoke_account import enrolled

pytestmark = pytest.mark.e2e

SPOKES = ("111122223333", "222233334444")
STRANGER = "999988887777"
FUNCTIONS = {
    SpokeRole.PLAN: "latchkey-plan-grant",
    SpokeRole.PLAN_ORDER: "latchkey-plan-order",
    SpokeRole.GRANT: "latchkey-grant-access",
    SpokeRole.SUSPEND: "latchkey-suspend-access",
    SpokeRole.REVOKE: "latchkey-revoke-access",
    SpokeRole.CHECK: "latchkey-check-drift",
}
NAME, OTHER = "partner-acme.main", "partner-globex.main"
BOUNDARY = "latchkey-partner-boundary-us-east-1"
_DENIED = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [_DENIED]})
_NOTHING = {"Effect": "Deny", "Action": "*", "Resource": "*"}
NOTHING = json.dumps({"Version": "2012-10-17", "Statement": [_NOTHING]})


@pytest.fixture(scope="module")
def spokes(box: Sandbox) -> Iterator[Sandbox]:
    """Two accounts that trust this hub, and one that trusts another."""
    with enrolled(box, *SPOKES, strangers=[STRANGER]):
        yield box


def _there(account: str) -> AwsEnvironment:
    return AwsEnvironment("aws", "us-east-1", account)


def _assume(
    box: Sandbox,
    role: SpokeRole,
    account: str,
    by: SpokeRole | None = None,
    name: str | None = NAME,
) -> SpokeCredentials:
    """A session of a spoke's role, as the function of `by` (or its own) gets it."""
    sts = box.function_client(FUNCTIONS[by or role], "sts")
    policy = session_policy(role, _there(account), name) if name and role != "check" else None
    return SpokeSessions(sts, "latchkey", role).assume(_there(account), "run-1", policy)


def _iam(box: Sandbox, held: SpokeCredentials) -> Any:
    return connect(box.url, "iam", held.access_key_id, token=held.session_token)


def _create(iam: Any, account: str, name: str = NAME, **more: Any) -> None:
    iam.create_role(
        RoleName=name,
        Path="/partners/",
        AssumeRolePolicyDocument=TRUST,
        Tags=[
            {"Key": "latchkey:stack", "Value": "latchkey"},
            {"Key": "latchkey:grant", "Value": "acme.main"},
        ],
        **{
            "PermissionsBoundary": f"arn:aws:iam::{account}:policy/{BOUNDARY}",
            **more,
        },
    )


def _refused(call: Any, *given: Any, **named: Any) -> None:
    with pytest.raises(ClientError, match="is not authorized to perform"):
        call(*given, **named)


@pytest.mark.parametrize("account", SPOKES)
@pytest.mark.parametrize("role", SpokeRole)
def test_each_function_has_its_session_in_each_spoke_and_is_named_there(
    spokes: Sandbox, role: SpokeRole, account: str
) -> None:
    held = _assume(spokes, role, account)
    sts = connect(spokes.url, "sts", held.access_key_id, token=held.session_token)
    who = sts.get_caller_identity()
    assert who["Account"] == account
    assert who["Arn"].endswith(f":assumed-role/latchkey-spoke-{role}/run-1")


@pytest.mark.parametrize("by", SpokeRole)
@pytest.mark.parametrize("role", SpokeRole)
def test_a_spokes_role_lets_no_other_function_in(
    spokes: Sandbox, role: SpokeRole, by: SpokeRole
) -> None:
    if by is role:
        return
    with pytest.raises(SpokeNotEnrolled):
        _assume(spokes, role, SPOKES[0], by)


def test_nobody_else_of_the_hub_gets_in_and_no_account_beside_it(spokes: Sandbox) -> None:
    arn = f"arn:aws:iam::{SPOKES[0]}:role/latchkey-spoke-grant"
    for key in ("outside", ACCOUNT, STRANGER, SPOKES[1], "444455556666"):
        sts = connect(spokes.url, "sts", key)
        _refused(sts.assume_role, RoleArn=arn, RoleSessionName="any")


@pytest.mark.parametrize("account", [STRANGER, "555566667777"])
@pytest.mark.parametrize("role", SpokeRole)
def test_an_account_that_trusts_another_hub_or_none_is_not_enrolled(
    spokes: Sandbox, role: SpokeRole, account: str
) -> None:
    with pytest.raises(SpokeNotEnrolled, match=account):
        _assume(spokes, role, account)


def test_granting_makes_the_role_in_the_spoke_within_that_accounts_boundary_only(
    spokes: Sandbox,
) -> None:
    account = SPOKES[0]
    iam = _iam(spokes, _assume(spokes, SpokeRole.GRANT, account))
    hubs = f"arn:aws:iam::{ACCOUNT}:policy/{BOUNDARY}"
    _refused(_create, iam, account, PermissionsBoundary=hubs)
    _refused(_create, iam, account, OTHER)
    _create(iam, account)
    iam.put_role_policy(RoleName=NAME, PolicyName="latchkey-access", PolicyDocument=NOTHING)
    made = connect(spokes.url, "iam", account).get_role(RoleName=NAME)["Role"]
    assert made["Arn"] == f"arn:aws:iam::{account}:role/partners/{NAME}"
    for elsewhere in (ACCOUNT, SPOKES[1]):
        roles = connect(spokes.url, "iam", elsewhere).list_roles(PathPrefix="/partners/")["Roles"]
        assert NAME not in {role["RoleName"] for role in roles}
    _refused(iam.delete_role, RoleName=NAME)
    other = _iam(spokes, _assume(spokes, SpokeRole.REVOKE, account, name=OTHER))
    _refused(other.delete_role_policy, RoleName=NAME, PolicyName="latchkey-access")
    revoking = _iam(spokes, _assume(spokes, SpokeRole.REVOKE, account))
    revoking.delete_role_policy(RoleName=NAME, PolicyName="latchkey-access")
    revoking.delete_role(RoleName=NAME)


def test_a_session_without_its_policy_still_is_held_to_the_spokes_role(spokes: Sandbox) -> None:
    """IAM cannot ask for a session policy: path, tags, boundary and account hold without one."""
    account = SPOKES[0]
    iam = _iam(spokes, _assume(spokes, SpokeRole.GRANT, account, name=None))
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    _refused(iam.create_role, RoleName="x", AssumeRolePolicyDocument=TRUST)
    _refused(_create, iam, account, PermissionsBoundary=admin)
    own = {"RoleName": "latchkey-spoke-grant", "PolicyName": "x", "PolicyDocument": NOTHING}
    _refused(iam.put_role_policy, **own)
    _refused(iam.delete_role, RoleName="latchkey-spoke-plan")
    sts = connect(
        spokes.url, "sts", _assume(spokes, SpokeRole.GRANT, account, name=None).access_key_id
    )
    there = f"arn:aws:iam::{SPOKES[1]}:role/latchkey-spoke-grant"
    _refused(sts.assume_role, RoleArn=there, RoleSessionName="any")


def _organization(box: Sandbox) -> tuple[str, str]:
    """An organizational unit of an organization, and an account in it."""
    organizations = box.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    (root,) = organizations.list_roots()["Roots"]
    made = organizations.create_organizational_unit(ParentId=root["Id"], Name="workloads")
    unit = str(made["OrganizationalUnit"]["Id"])
    status = organizations.create_account(Email="a@example.com", AccountName="a")
    account = str(status["CreateAccountStatus"]["AccountId"])
    organizations.move_account(
        AccountId=account, SourceParentId=root["Id"], DestinationParentId=unit
    )
    return unit, account


def test_a_stack_set_enrols_the_accounts_of_an_organization(spokes: Sandbox) -> None:
    """As docs/spokes.md has it; the stack set says the parameters, once for all accounts.

    moto plays the instances of accounts that are in the unit by then: no later ones, nor what
    becomes of the stack when an account leaves.
    """
    unit, account = _organization(spokes)
    given = {"HubAccount": ACCOUNT, "HubRegion": "us-east-1", "OrganizationId": ORGANIZATION}
    sets = spokes.client("cloudformation")
    sets.create_stack_set(
        StackSetName="latchkey-spoke",
        TemplateBody=(ROOT / "spoke.yaml").read_text(encoding="utf-8"),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": True},
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()],
    )
    sets.create_stack_instances(
        StackSetName="latchkey-spoke",
        DeploymentTargets={"OrganizationalUnitIds": [unit]},
        Regions=["us-east-1"],
    )
    for role in SpokeRole:
        assert _assume(spokes, role, account).account == account
    _organization_denies(spokes, account)


def _organization_denies(box: Sandbox, account: str) -> None:
    """What a policy of the organization denies, a session does not get: the role is not made."""
    organizations = box.client("organizations")
    organizations.enable_policy_type(
        RootId=organizations.list_roots()["Roots"][0]["Id"], PolicyType="SERVICE_CONTROL_POLICY"
    )
    statement = {"Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*"}
    made = organizations.create_policy(
        Content=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        Description="no roles",
        Name="no-roles",
        Type="SERVICE_CONTROL_POLICY",
    )
    policy = {"PolicyId": made["Policy"]["PolicySummary"]["Id"], "TargetId": account}
    iam = _iam(box, _assume(box, SpokeRole.GRANT, account))
    organizations.attach_policy(**policy)
    _refused(_create, iam, account)
    organizations.detach_policy(**policy)
    _create(iam, account)


def test_one_spoke_that_is_gone_is_gone_alone(spokes: Sandbox) -> None:
    gone, there = SPOKES
    iam = connect(spokes.url, "iam", gone)
    (policy,) = iam.list_role_policies(RoleName="latchkey-spoke-grant")["PolicyNames"]
    before = iam.get_role(RoleName="latchkey-spoke-grant")["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName="latchkey-spoke-grant", PolicyDocument=TRUST)
    with pytest.raises(SpokeNotEnrolled, match=gone):
        _assume(spokes, SpokeRole.GRANT, gone)
    assert _assume(spokes, SpokeRole.GRANT, there).account == there
    assert _assume(spokes, SpokeRole.REVOKE, gone).account == gone
    again = {"RoleName": "latchkey-spoke-grant", "PolicyDocument": json.dumps(before)}
    iam.update_assume_role_policy(**again)
    assert _assume(spokes, SpokeRole.GRANT, gone).account == gone
    assert policy == "grant"
