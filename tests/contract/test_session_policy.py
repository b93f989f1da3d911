"""Session policies against spoke.yaml: all that a step needs for its grant, for no other grant."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from latchkey.iam.spoke import LONGEST, SpokeRole, session_policy
from sandbox.iam.authorisation import allowed
from tests.contract.filled_template import SPOKE, spoke_template
from tests.kit.examples import AWS_ENVIRONMENT
from tests.kit.template import listed

THERE = AWS_ENVIRONMENT.of_account(SPOKE)
ROLE = "partner-acme.main"
ROLES = f"arn:aws:iam::{SPOKE}:role/"
OTHERS = (
    f"{ROLES}partners/partner-acme.mail",
    f"{ROLES}partners/partner-acme.main2",
    f"{ROLES}partners/x-partner-acme.main",
    f"{ROLES}partner-globex.main",
    f"{ROLES}admin",
    f"{ROLES}latchkey-spoke-grant",
    f"{ROLES}partners/partner-acme.main/x",
    "arn:aws:iam::123456789012:role/partners/partner-acme.main",
)
NARROWED = [role for role in SpokeRole if role is not SpokeRole.CHECK]


def _policy(role: SpokeRole, name: str = ROLE) -> dict[str, Any]:
    return session_policy(role, THERE, name)


def _statements(role: SpokeRole) -> list[dict[str, Any]]:
    logical = "".join(part.title() for part in role.split("-")) + "Role"
    (policy,) = spoke_template().properties(logical)["Policies"]
    return list(policy["PolicyDocument"]["Statement"])


def _about_roles(role: SpokeRole) -> Iterator[str]:
    """The actions of a spoke's role that are about partner roles."""
    for statement in _statements(role):
        if any(f"{ROLES}partner" in str(one) for one in listed(statement["Resource"])):
            yield from listed(statement["Action"])


def _lets(role: SpokeRole, action: str, resource: str) -> bool:
    return allowed([_policy(role)], None, action, resource, {})


def test_there_is_a_role_for_each_that_spoke_yaml_makes() -> None:
    made = spoke_template().template["Resources"]
    names = {spoke_template().properties(name).get("RoleName") for name in made} - {None}
    assert names - {"latchkey-spoke-forward"} == {one.name_for("latchkey") for one in SpokeRole}


@pytest.mark.parametrize("role", NARROWED)
def test_a_session_does_all_to_its_own_role_that_the_spokes_role_may(role: SpokeRole) -> None:
    actions = {*_about_roles(role)}
    assert actions
    for action in actions - {"iam:GetRole"}:
        assert _lets(role, action, f"{ROLES}partners/{ROLE}"), action
    for place in ("", "partners/", "elsewhere/deep/"):
        assert _lets(role, "iam:GetRole", f"{ROLES}{place}{ROLE}")


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("role", NARROWED)
def test_a_session_does_nothing_to_the_role_of_another_grant(role: SpokeRole, other: str) -> None:
    for action in {*_about_roles(role), "iam:DeleteRole", "iam:CreateRole", "iam:PassRole"}:
        assert not _lets(role, action, other), action


@pytest.mark.parametrize("role", NARROWED)
def test_what_else_a_step_does_is_let_through_and_writes_to_no_role(role: SpokeRole) -> None:
    about_roles = {*_about_roles(role)}
    for statement in _statements(role):
        for action in listed(statement["Action"]):
            if action in about_roles:
                continue
            for resource in listed(statement["Resource"]):
                assert _lets(role, action, resource.replace("*", "x")), (action, resource)


@pytest.mark.parametrize("role", [one for one in NARROWED if one is not SpokeRole.PLAN])
def test_only_planning_reaches_what_configs_name(role: SpokeRole) -> None:
    assert not _lets(role, "s3:GetEncryptionConfiguration", "arn:aws:s3:::data-bucket")
    assert not _lets(role, "ssm:GetParameter", f"arn:aws:ssm:us-east-1:{SPOKE}:parameter/x")


@pytest.mark.parametrize("role", NARROWED)
def test_no_session_becomes_another(role: SpokeRole) -> None:
    assert not _lets(role, "sts:AssumeRole", f"{ROLES}admin")


@pytest.mark.parametrize("role", NARROWED)
def test_the_longest_name_fits(role: SpokeRole) -> None:
    assert len(json.dumps(_policy(role, "x" * 64), separators=(",", ":"))) <= LONGEST


def test_a_session_for_all_roles_has_no_policy_that_narrows_it_to_one() -> None:
    with pytest.raises(ValueError, match="no single partner role"):
        _policy(SpokeRole.CHECK)
