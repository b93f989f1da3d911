"""The words for what was done to a role by hand, and for policies of other forms."""

from copy import replace
from typing import Any

import pytest

from latchkey.grants.role import DesiredRole
from tests.kit.examples import observed
from tests.unit.summary_lines import by, custom, lines


def test_what_was_done_by_hand_is_taken_back() -> None:
    role = by()
    drifted = observed(
        role,
        attached_policies=("arn:aws:iam::aws:policy/AdministratorAccess",),
        inline_policies=("latchkey-access", "extra"),
        boundary_arn=None,
    )
    again = "what it allowed ends; what it denied, if anything, is denied no longer"
    assert lines(drifted, role) == [
        (
            "widens",
            f"takes off the managed policy arn:aws:iam::aws:policy/AdministratorAccess: {again}",
        ),
        ("widens", f"takes off the inline policy extra: {again}"),
        ("narrows", "puts the permissions boundary back on"),
    ]
    other = observed(role, boundary_arn="arn:aws:iam::aws:policy/Other")
    text = "replaces the permissions boundary arn:aws:iam::aws:policy/Other, whatever that was"
    assert lines(other, role) == [("widens", text)]


def test_denials_written_by_hand_are_described_when_they_go() -> None:
    role = by()
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    trust = {**role.trust_policy, "Statement": [*role.trust_policy["Statement"], deny]}
    denying = replace(role, trust_policy=trust)
    told = "its trust policy no longer denies sts:AssumeRole"
    assert lines(denying, role) == [("widens", told)]
    assert lines(role, denying) == [("narrows", "its trust policy denies sts:AssumeRole")]


def test_anybody_and_a_deleted_principal_are_called_what_they_are() -> None:
    role = by()
    text = repr(role.trust_policy)
    open_, gone = (
        replace(role, trust_policy=eval(text.replace("arn:aws:iam::444455556666:root", name)))  # noqa: S307
        for name in ("*", "AROAEXAMPLEEXAMPLE")
    )
    assert lines(role, open_) == [("widens", "a new principal may assume: anybody at all (*)")]
    went = "principal AROAEXAMPLEEXAMPLE (a principal that was deleted) may no longer assume"
    assert ("narrows", went) in lines(gone, role)


def test_policies_that_only_look_different_change_nothing() -> None:
    role = by()
    renamed = {"Statement": [{**s, "Sid": "Other"} for s in role.trust_policy["Statement"]]}
    found = lines(role, replace(role, trust_policy=renamed))
    assert found == [("none", "writes its policies anew, without changing what they allow")]


def _rewritten(role: DesiredRole, **documents: Any) -> DesiredRole:
    """The role with statements of its policies replaced."""
    named: dict[str, Any] = {
        name: {"Statement": statements} for name, statements in documents.items()
    }
    return replace(role, **named)


def _without_end(statement: dict[str, Any]) -> dict[str, Any]:
    conditions = {k: v for k, v in statement["Condition"].items() if k != "DateLessThan"}
    return {**statement, "Condition": conditions}


def test_end_that_one_statement_lost_is_put_back() -> None:
    role = by()
    first, *rest = role.permissions_policy["Statement"]
    endless = _rewritten(role, permissions_policy=[_without_end(first), *rest])
    what = "READ on bucket data-bucket, folder acme/"
    assert lines(endless, role) == [("narrows", f"{what}: only before 2030-01-01 00:00 UTC")]
    gone = ("widens", f"{what}: no longer only before 2030-01-01 00:00 UTC")
    assert lines(role, endless) == [gone]


def test_role_that_lost_its_end_altogether_is_described_as_endless() -> None:
    role = by()
    endless = _rewritten(
        role,
        trust_policy=[_without_end(s) for s in role.trust_policy["Statement"]],
        permissions_policy=[_without_end(s) for s in role.permissions_policy["Statement"]],
    )
    assert lines(endless, role) == [("narrows", "ends at 2030-01-01 00:00 UTC, instead of never")]
    assert lines(role, endless) == [("widens", "never ends, instead of at 2030-01-01 00:00 UTC")]
    assert ("widens", "never ends") in lines(None, endless)


def test_second_statement_for_a_principal_is_described_by_what_it_leaves_out() -> None:
    role = by(require_mfa=True)
    (own,) = role.trust_policy["Statement"]
    loose = {**own, "Condition": {k: v for k, v in own["Condition"].items() if k != "Bool"}}
    both = _rewritten(role, trust_policy=[own, loose])
    assert lines(role, both) == [("widens", "no longer needs MFA")]
    assert lines(both, role) == [("narrows", "needs MFA")]


def test_second_set_of_conditions_is_described_beside_the_first() -> None:
    tags = custom("s3:GetObjectTagging", "arn:aws:s3:::data-bucket/in/*", **_TEAM)
    free = custom("s3:GetObjectTagging", "arn:aws:s3:::data-bucket/in/*", **_OFFICE)
    both: dict[str, Any] = {"access": [*tags["access"], *free["access"]]}
    what = "READ TAGS on bucket data-bucket, folder in/"
    under = (
        "only from source IPs 203.0.113.0/24 and only on resources of account 123456789012 "
        "and only over HTTPS"
    )
    assert lines(by(**tags), by(**both)) == [("widens", f"{what}: also {under}")]
    assert lines(by(**both), by(**tags)) == [("narrows", f"{what}: no longer {under}")]


_TEAM = {"StringEquals": {"aws:PrincipalTag/team": "red"}}


_OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        (
            "aws:PrincipalTag/team",
            "nobody, only with MFA",
            'if aws:PrincipalTag/team StringNotEquals "nobody, only with MFA"',
        ),
        ("aws:PrincipalTag/team", 'a", "b', r'StringNotEquals "a\", \"b"'),
        ("aws:PrincipalTag/team", ["a, b", "c"], 'StringNotEquals "a, b", c'),
        (
            "aws:PrincipalTag/team with MFA",
            "a",
            'if "aws:PrincipalTag/team with MFA" StringNotEquals a',
        ),
        ("aws:PrincipalTag/team", "${aws:username}", "StringNotEquals ${aws:username}"),
    ],
)
def test_no_value_passes_for_words_of_the_summary(key: str, value: Any, told: str) -> None:
    """Who approves would read that more is asked for than is."""
    condition = {"StringNotEquals": {key: value}}
    asked = custom("s3:GetObject", "arn:aws:s3:::data-bucket/in/*", **condition)
    (added,) = [text for effect, text in lines(by(), by(**asked)) if effect == "widens"]
    assert added.endswith(told)
