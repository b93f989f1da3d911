"""`latchkey audit`: what hides an open role, and must not."""

from typing import Any

import pytest

from latchkey_cli.auditing.trust import ways_in
from latchkey_cli.aws.iam_roles import RolePolicies
from tests.cli.audited_roles import ASKED, UNTIL, USED, rules_of, trust_of
from tests.kit.examples import ACCOUNT

PARTNER = {"AWS": "444455556666"}
ROLE = "arn:role"
BY_TOKEN, BY_SAML = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
GITHUB = "token.actions.githubusercontent.com"
OIDC = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"}
SAML = {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"}


def _both(allow: Any, principal: Any, condition: Any = None, **fields: Any) -> dict[str, Any]:
    denied = trust_of(principal, condition, **{"Effect": "Deny", **fields})
    return {"Statement": [*allow["Statement"], *denied["Statement"]]}


@pytest.mark.parametrize(
    "trust",
    [
        _both(trust_of(PARTNER), "*", Action=BY_TOKEN),
        _both(trust_of(PARTNER), "*", Action=[BY_TOKEN, BY_SAML, "sts:TagSession"]),
        _both(trust_of(PARTNER), {"Service": "*"}),
        _both(trust_of(PARTNER), {"Federated": "*"}, Action="sts:*"),
        _both(trust_of(OIDC, Action=BY_TOKEN), "*"),
        _both(trust_of(SAML, Action=BY_SAML), "*", Action=[BY_TOKEN, "sts:AssumeRole"]),
        _both(trust_of(PARTNER), "*", None, Action=None, NotAction="sts:AssumeRole"),
    ],
    ids=str,
)
def test_a_denial_of_something_else_shuts_nobody_out(trust: Any) -> None:
    assert ways_in(trust, ACCOUNT)


@pytest.mark.parametrize("action", [BY_TOKEN, BY_SAML, "sts:TagSession"])
def test_a_denial_of_something_else_asks_for_no_external_id(action: str) -> None:
    asks = {"StringNotEquals": {"sts:ExternalId": "partner-1234"}}
    trust = _both(trust_of(PARTNER, UNTIL), "*", asks, Action=action)
    assert rules_of(trust) == ["no-external-id"]
    service = _both(trust_of(PARTNER, UNTIL), {"Service": "*"}, asks)
    assert rules_of(service) == ["no-external-id"]


def _allow(action: Any, resource: Any = "*", **fields: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **fields}


def _may(*allowed: Any, boundary: Any = None) -> list[str]:
    policies = RolePolicies({"one": {"Statement": list(allowed)}}, boundary)
    return rules_of(trust_of(PARTNER, ASKED | UNTIL), {}, USED, policies)[:-1]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:ResourceAccount": ACCOUNT}},
        {"StringEquals": {"aws:ResourceOrgID": "o-abcdefghij"}},
        {"StringEquals": {"aws:PrincipalTag/team": "vendor"}},
        {"StringNotEquals": {"aws:ResourceTag/secret": "yes"}},
        {"StringEqualsIfExists": {"aws:ResourceTag/team": "vendor"}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}},
        {"StringLike": {"aws:ResourceTag/team": "*"}},
        {"Null": {"aws:ResourceTag/secret": "true"}},
        {"StringEquals": {"aws:ResourceTag/team": []}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ],
    ids=str,
)
def test_conditions_that_leave_everything_narrow_nothing(condition: Any) -> None:
    assert _may(_allow("*", Condition=condition)) == ["administrator"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:ResourceTag/team": "vendor"}},
        {"StringLike": {"s3:prefix": "in/*"}},
        {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
        {"ArnLike": {"secretsmanager:SecretId": f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:a-*"}},
    ],
    ids=str,
)
def test_conditions_that_name_resources_narrow(condition: Any) -> None:
    assert _may(_allow("*", Condition=condition)) == []


ITSELF = [
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:UpdateAssumeRolePolicy",
    "IAM:put*",
    "iam:*",
]


@pytest.mark.parametrize("action", ITSELF)
@pytest.mark.parametrize("resource", [ROLE, "arn:rol*", ["arn:aws:s3:::x", ROLE]], ids=str)
def test_a_role_that_may_change_itself_is_an_administrator(action: str, resource: Any) -> None:
    assert "privilege-escalation" in _may(_allow(action, resource))


def test_a_role_that_may_change_a_policy_of_its_own_is_an_administrator() -> None:
    mine = f"arn:aws:iam::{ACCOUNT}:policy/vendor"
    changing = {"Statement": [_allow("iam:CreatePolicyVersion", mine)]}
    policies = RolePolicies({mine: changing}, None)
    found = rules_of(trust_of(PARTNER, ASKED | UNTIL), {}, USED, policies)
    assert "privilege-escalation" in found
    other = RolePolicies({"one": changing}, None)
    assert "privilege-escalation" not in rules_of(trust_of(PARTNER, ASKED | UNTIL), {}, USED, other)


def test_a_boundary_or_a_denial_keeps_a_role_from_changing_itself() -> None:
    change = _allow("iam:PutRolePolicy", ROLE)
    assert _may(change, boundary={"Statement": [_allow("s3:*")]}) == []
    assert _may(change, {**_allow("iam:*"), "Effect": "Deny"}) == []
    assert "privilege-escalation" in _may(change, boundary={"Statement": [_allow("*")]})


@pytest.mark.parametrize(
    "policy",
    [
        _allow("sts:AssumeRole"),
        _allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
        _allow("sts:*", "arn:aws:iam::*:role/*"),
    ],
    ids=str,
)
def test_a_role_that_may_assume_any_role_is_an_escalation(policy: Any) -> None:
    assert "privilege-escalation" in _may(policy)


def test_power_users_are_found() -> None:
    power = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}
    assert {"privilege-escalation", "all-data", "changes-everything"} <= {*_may(power)}
