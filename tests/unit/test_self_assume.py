"""A role that may assume itself: by a second trust statement, and nobody else by it."""

from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.sessions import narrows
from latchkey.history.snapshot import allowed_by, principals_in
from sandbox.iam.authorisation import allowed, may_assume
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, config, resources_of, role_of
from tests.unit.summary_lines import IPS, by, lines

ROLE = f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
DATES = {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}


def _documents(**changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = config(self_assume=True, **changes)
    trust = trust_policy(asked, asked.external_id, AWS_ENVIRONMENT, ROLE)
    return trust, permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT, ROLE)


def test_the_role_itself_is_let_in_through_the_root_of_its_account() -> None:
    trust, permissions = _documents(**IPS)
    partner, itself = trust["Statement"]
    assert partner["Sid"] == "Partner"
    assert itself == {
        "Sid": "SelfAssume",
        "Effect": "Allow",
        "Principal": {"AWS": [ROOT]},
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": ROLE},
            "StringEquals": {"sts:ExternalId": "acme-7f3b2c91"},
            "IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]},
            **DATES,
        },
    }
    assert permissions["Statement"][-1] == {
        "Sid": "SelfAssume",
        "Effect": "Allow",
        "Action": ["sts:AssumeRole"],
        "Resource": [ROLE],
        "Condition": DATES,
    }


def test_without_the_field_there_is_neither() -> None:
    asked = config()
    trust = trust_policy(asked, asked.external_id, AWS_ENVIRONMENT, ROLE)
    permissions = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT, ROLE)
    assert "SelfAssume" not in str(trust) + str(permissions)


def test_what_sessions_bring_may_be_brought_along() -> None:
    """A source identity and transitive tags go on to the next session by themselves."""
    trust, permissions = _documents(session_tags=["team"], source_identity=True)
    along = trust["Statement"][-1]
    assert (along["Sid"], along["Principal"]) == ("SelfSession", {"AWS": [ROOT]})
    assert along["Action"] == ["sts:TagSession", "sts:SetSourceIdentity"]
    assert along["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": ROLE},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
        **DATES,
    }
    assert permissions["Statement"][-1]["Action"] == [
        "sts:AssumeRole",
        "sts:TagSession",
        "sts:SetSourceIdentity",
    ]


CALLERS: list[tuple[str, str, dict[str, str], bool]] = [
    ("itself", ROLE, {}, True),
    ("itself with another external ID", ROLE, {"sts:ExternalId": "acme-00000000"}, False),
    ("itself after the end", ROLE, {"aws:CurrentTime": "2030-01-01T00:00:00Z"}, False),
    ("another role", ROLE.replace("acme", "other"), {}, False),
    ("one whose name begins like it", f"{ROLE}2", {}, False),
    ("the account's root", ROOT, {}, False),
    ("of the same name elsewhere", ROLE.replace(ACCOUNT, "111122223333"), {}, False),
]


@pytest.mark.parametrize(
    ("caller", "changes", "let_in"), [row[1:] for row in CALLERS], ids=[row[0] for row in CALLERS]
)
def test_nobody_else_gets_in_by_it(caller: str, changes: dict[str, str], let_in: bool) -> None:
    trust, permissions = _documents()
    account = caller.split(":")[4]
    context = {
        "aws:PrincipalArn": caller,
        "sts:ExternalId": "acme-7f3b2c91",
        "aws:CurrentTime": "2029-01-01T00:00:00Z",
        **changes,
    }
    known = {caller, account, f"arn:aws:iam::{account}:root"}
    assert may_assume(trust, known, context) == let_in
    asked = {"aws:CurrentTime": "2029-01-01T00:00:00Z"}
    assert allowed([permissions], None, "sts:AssumeRole", ROLE, asked)
    assert not allowed([permissions], None, "sts:AssumeRole", f"{ROLE}2", asked)


def test_when_it_goes_the_trust_narrows() -> None:
    without, with_it = role_of().trust_policy, role_of(self_assume=True).trust_policy
    assert narrows(with_it, without)
    assert not narrows(without, with_it)


def test_the_role_is_named_in_words_and_its_account_never_is() -> None:
    assert lines(by(), by(self_assume=True)) == [
        ("widens", f"a new principal may assume: {ROLE}"),
        ("widens", f"adds sts:AssumeRole on {ROLE}"),
    ]
    assert lines(by(self_assume=True), by()) == [
        ("narrows", f"principal {ROLE} may no longer assume"),
        ("narrows", f"no longer allows sts:AssumeRole on {ROLE}"),
    ]
    new = [text for _, text in lines(None, by(self_assume=True, **IPS))]
    assert f"a new principal may assume: {ROLE}" in new
    assert new.count("needs an external ID") == 1
    assert not [text for text in new if ROOT in text or text.endswith(f": {ACCOUNT}")]


def test_history_lists_neither_our_account_nor_the_role_as_somebody_with_access() -> None:
    trust, permissions = _documents()
    plain = role_of()
    assert principals_in(trust) == principals_in(plain.trust_policy)
    assert allowed_by(permissions) == allowed_by(plain.permissions_policy)
