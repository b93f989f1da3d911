"""The role that pull requests plan with: who gets it, and that it can do nothing else."""

import re
from typing import Any

import pytest

from tests.contract.role_actions import statements_of
from tests.kit.template import properties, resolved, template

ROLE = "PlannerRole"
GITHUB, GITLAB = "token.actions.githubusercontent.com", "gitlab.com"


def _trust(document: dict[str, Any], provider: str) -> None:
    (statement,) = document["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    provided = "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/${PlannerProvider}"
    assert statement["Principal"] == {"Federated": {"Fn::Sub": provided}}
    assert statement["Condition"] == {
        "StringEquals": {f"{provider}:aud": {"Ref": "PlannerAudience"}},
        "StringLike": {f"{provider}:sub": {"Ref": "PlannerSubjects"}},
    }


def test_its_trust_asks_for_an_audience_and_a_subject_of_the_provider() -> None:
    which, gitlab, github = properties(ROLE)["AssumeRolePolicyDocument"]["Fn::If"]
    assert template()["Conditions"][which] == {"Fn::Equals": [{"Ref": "PlannerProvider"}, GITLAB]}
    _trust(gitlab, GITLAB)
    _trust(github, GITHUB)
    allowed = template()["Parameters"]["PlannerProvider"]["AllowedValues"]
    assert allowed == ["", GITHUB, GITLAB], "each has a document"


def test_there_is_none_by_default() -> None:
    assert template()["Parameters"]["PlannerProvider"]["Default"] == ""
    for where in (template()["Resources"][ROLE], template()["Outputs"]["PlannerRoleArn"]):
        assert where["Condition"] == "HasPlanner"
    off = {"Fn::Equals": [{"Ref": "PlannerProvider"}, ""]}
    assert template()["Conditions"]["HasPlanner"] == {"Fn::Not": [off]}


def test_it_starts_the_plan_workflow_and_reads_its_own_results_only() -> None:
    found = {
        action: [resolved(resource, "prod") for resource in statement.resources]
        for statement in statements_of(ROLE)
        for action in statement.actions
    }
    plan = resolved(properties("PlanWorkflow")["Name"], "prod")
    here = "us-east-1:123456789012"
    executions = [f"arn:aws:states:{here}:execution:{plan}:*"]
    plans = ["${ResultsBucket.Arn}/plans/*"]
    assert found == {
        "cloudformation:DescribeStacks": [f"arn:aws:cloudformation:{here}:stack/prod/*"],
        "states:StartExecution": [f"arn:aws:states:{here}:stateMachine:{plan}"],
        "states:DescribeExecution": executions,
        "states:GetExecutionHistory": executions,
        "s3:GetObject": plans,
        "s3:GetObjectVersion": plans,
    }


@pytest.mark.parametrize(
    ("subject", "allowed"),
    [
        ("repo:northwind/partners:pull_request", True),
        ("repo:northwind@123/partners@456:pull_request", True),
        ("repo:northwind/partners:ref:refs/heads/*", True),
        ("project_path:northwind/group/partners:ref_type:branch:ref:*", True),
        ("", True),
        ("*", False),
        ("repo:*", False),
        ("repo:northwind/*", False),
        ("repo:northwind/*:pull_request", False),
        ("repo:northwind/partners", False),
        ("repo:northwind/part*:pull_request", False),
        ("repo:northwind/partners?:pull_request", False),
    ],
)
def test_a_subject_names_one_repository(subject: str, allowed: bool) -> None:
    pattern = template()["Parameters"]["PlannerSubjects"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, subject)) is allowed
