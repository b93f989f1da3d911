"""`latchkey audit`: what roles may do, and the command."""

import json
from typing import Any

import pytest

from latchkey_cli.auditing.findings import audit_findings
from latchkey_cli.auditing.trust import ways_in
from latchkey_cli.aws.iam_roles import RolePolicies, RoleSummary
from tests.cli.audited_roles import ASKED, OURS, RULES, UNTIL, USED, rules_of, trust_of
from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import aws


def _may(*allowed: Any, boundary: Any = None) -> list[str]:
    policies = RolePolicies({"one": {"Statement": list(allowed)}}, boundary)
    return rules_of(trust_of({"AWS": "444455556666"}, ASKED | UNTIL), {}, USED, policies)[:-1]


def _allow(action: Any, resource: Any = "*", **fields: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **fields}


@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        ([_allow("*")], ["administrator"]),
        ([_allow("*", Condition=UNTIL)], ["administrator"]),
        ([_allow("*:*", "arn:*")], ["administrator"]),
        ([_allow("iam:PutRolePolicy")], ["privilege-escalation", "changes-everything"]),
        (
            [_allow("iam:PassRole"), _allow(["lambda:CreateFunction", "lambda:InvokeFunction"])],
            ["privilege-escalation", "changes-everything"],
        ),
        ([_allow("s3:GetObject", "arn:aws:s3:::*/*")], ["all-data"]),
        ([_allow("S3:getobject", "arn:aws:s3:::*")], ["all-data"]),
        ([_allow("secretsmanager:Get*", "arn:aws:secretsmanager:*:*:secret:*")], ["all-data"]),
        ([_allow("dynamodb:Scan", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/*")], ["all-data"]),
        (
            [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::x/*"}],
            ["all-data"],
        ),
        ([_allow("s3:*")], ["all-data", "changes-everything", "service-wildcard"]),
        ([_allow("s3:GetObject", "arn:aws:s3:::reports/*")], []),
        ([_allow("s3:*", ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"])], []),
        ([_allow("ec2:Describe*")], []),
        ([_allow("s3:GetObject"), {**_allow("s3:*"), "Effect": "Deny"}], []),
        ([_allow("ec2:StopInstances", Condition={"StringEquals": {"aws:ResourceTag/a": "b"}})], []),
    ],
    ids=str,
)
def test_permissions_are_read(statements: Any, rules: list[str]) -> None:
    assert _may(*statements) == rules


def test_a_boundary_limits_what_a_role_may_do() -> None:
    reading = {"Statement": [_allow(["ec2:Describe*", "s3:GetObject"])]}
    assert _may(_allow("*"), boundary=reading) == ["all-data"]
    assert _may(_allow("s3:*"), boundary=reading) == ["all-data"]


def test_every_finding_says_what_to_do() -> None:
    open_role = RoleSummary(
        "a role", "arn:role", "/", trust_of("*"), {}, "2020-01-01T00:00:00Z", None
    )
    policies = RolePolicies({"one": {"Statement": [_allow("*")]}}, None, ("arn:policy",))
    ways = ways_in(open_role.trust_policy, ACCOUNT)
    found = list(audit_findings(open_role, policies, ways, RULES))
    assert {one.rule for one in found} == {
        "wildcard-principal",
        "no-external-id",
        "administrator",
        "policy-unread",
        "never-expires",
        "unused",
        "not-ours",
    }
    assert all(one.remedy for one in found)
    assert found[-1].remedy == "latchkey import 'a role' -o 'a role'.json"


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
    assert rules_of(trust_of({"AWS": "444455556666"}, ASKED | UNTIL), tags, used) == rules


def test_command_lists_the_gravest_first_and_leaves_out_the_rest(desk: Desk) -> None:
    desk.stack.granted()
    for name, principal in {"by-hand": "444455556666", "own": ACCOUNT}.items():
        document = json.dumps(trust_of({"AWS": f"arn:aws:iam::{principal}:root"}))
        aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    found = desk.json("audit")
    assert {role["role"] for role in found} == {"by-hand", "partner-acme.main"}
    by_name = {role["role"]: [f["rule"] for f in role["findings"]] for role in found}
    assert by_name["partner-acme.main"] == []
    assert by_name["by-hand"] == ["no-external-id", "never-expires", "not-ours"]
    lines = desk.ok("audit").splitlines()
    assert lines[0] == "by-hand"
    assert "latchkey import by-hand -o by-hand.json" in "\n".join(lines)
    assert "nothing found" in lines[-1]
    assert found[0]["findings"][0]["severity"] == "high"
    assert desk("audit", "--strict").exit_code == 1
    relaxed = desk.json("audit", "--first-party", "444455556666")
    assert "no-external-id" not in str(relaxed)


def test_strict_is_content_when_nothing_is_found(desk: Desk) -> None:
    assert desk("audit", "--strict").exit_code == 0
    desk.stack.granted()
    assert desk("audit", "--strict").exit_code == 0
