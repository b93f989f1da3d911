"""`latchkey audit`: roles that other accounts may assume, and the known ways it goes wrong."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey_cli.auditing.findings import AuditRules, audit_findings
from latchkey_cli.auditing.trust import cross_account_trust
from latchkey_cli.aws.iam_roles import RoleSummary
from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import aws

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RULES = AuditRules(ACCOUNT, frozenset({"111122223333"}), "latchkey", timedelta(days=90), NOW)
OURS = {"latchkey:stack": "latchkey", "latchkey:grant": "acme.main"}
USED = ("2026-01-01T00:00:00Z", "2026-05-30T00:00:00Z")
UNTIL = {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}
ASKED = {"StringEquals": {"sts:ExternalId": "partner-1234"}}


def _trust(principal: Any, condition: Any = None, **fields: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **fields}
    return {"Statement": [{**statement, "Condition": condition or {}}]}


def _rules(trust: Any, tags: Any = OURS, used: Any = USED) -> list[str]:
    found = cross_account_trust(trust, ACCOUNT)
    assert found
    role = RoleSummary("by-hand", "arn:role", "/", trust, tags, *used)
    return [finding.rule for finding in audit_findings(role, found, RULES)]


@pytest.mark.parametrize(
    "trust",
    [
        _trust({"Service": "lambda.amazonaws.com"}),
        _trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        _trust({"AWS": ACCOUNT}),
        _trust({"Federated": "accounts.google.com"}, Action="sts:AssumeRoleWithWebIdentity"),
        _trust({"AWS": "*"}, {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
        _trust({"AWS": "444455556666"}, Action="sts:TagSession"),
        _trust({"AWS": "444455556666"}, Effect="Deny"),
    ],
)
def test_roles_that_let_no_other_account_in_are_none_of_it(trust: Any) -> None:
    assert cross_account_trust(trust, ACCOUNT) is None


@pytest.mark.parametrize(
    ("trust", "rules"),
    [
        (_trust({"AWS": "444455556666"}, ASKED | UNTIL), []),
        (_trust({"AWS": "444455556666"}, UNTIL), ["no-external-id"]),
        (_trust({"AWS": "111122223333"}, UNTIL), []),
        (_trust({"AWS": "444455556666"}, ASKED), ["never-expires"]),
        (_trust("*", ASKED | UNTIL), ["wildcard-principal"]),
        (_trust({"AWS": ["*"]}, UNTIL), ["wildcard-principal", "no-external-id"]),
        (
            _trust({"AWS": "444455556666"}, {"StringLike": {"sts:ExternalId": "*"}} | UNTIL),
            ["no-external-id"],
        ),
        (
            _trust(
                {"AWS": "444455556666"},
                {"StringEqualsIfExists": {"sts:ExternalId": "partner-1234"}} | UNTIL,
            ),
            ["no-external-id"],
        ),
        (
            _trust({"AWS": ["444455556666", "AROAEXAMPLEEXAMPLE123"]}, ASKED | UNTIL),
            ["principal-gone"],
        ),
        (
            {"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "sts:*"}},
            ["wildcard-principal", "no-external-id", "never-expires"],
        ),
    ],
)
def test_known_ways_to_go_wrong_are_found(trust: Any, rules: list[str]) -> None:
    assert _rules(trust) == rules


@pytest.mark.parametrize(
    ("tags", "used", "rules"),
    [
        ({}, USED, ["not-ours"]),
        ({**OURS, "latchkey:stack": "other"}, USED, ["not-ours"]),
        (OURS, ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"), ["unused"]),
        (OURS, ("2026-01-01T00:00:00Z", None), ["unused"]),
        (OURS, ("2026-05-01T00:00:00Z", None), []),
    ],
)
def test_roles_that_are_unused_or_not_ours_are_found(tags: Any, used: Any, rules: Any) -> None:
    assert _rules(_trust({"AWS": "444455556666"}, ASKED | UNTIL), tags, used) == rules


def test_command_lists_the_gravest_first_and_leaves_out_the_rest(desk: Desk) -> None:
    desk.stack.granted()
    for name, principal in {"by-hand": "444455556666", "own": ACCOUNT}.items():
        document = json.dumps(_trust({"AWS": f"arn:aws:iam::{principal}:root"}))
        aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    found = desk.json("audit")
    assert {role["role"] for role in found} == {"by-hand", "partner-acme.main"}
    by_name = {role["role"]: [f["rule"] for f in role["findings"]] for role in found}
    assert by_name["partner-acme.main"] == []
    assert by_name["by-hand"] == ["no-external-id", "never-expires", "not-ours"]
    lines = desk.ok("audit").splitlines()
    assert lines[1].split()[0] == "by-hand"
    assert "nothing found" in lines[-1]
    assert desk("audit", "--strict").exit_code == 1
    relaxed = desk.json("audit", "--first-party", "444455556666")
    assert "no-external-id" not in str(relaxed)


def test_strict_is_content_when_nothing_is_found(desk: Desk) -> None:
    assert desk("audit", "--strict").exit_code == 0
    desk.stack.granted()
    assert desk("audit", "--strict").exit_code == 0
