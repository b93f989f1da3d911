"""The planner's role, as the template has it: enough to plan, and for nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.connection import connect
from tests.e2e.conftest import Case
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside
from tests.kit.template import properties, resolved
from tests.kit.tokens import AUDIENCE, GITHUB, token

pytestmark = pytest.mark.e2e

PULLS = "repo:northwind/partners:pull_request"


@pytest.fixture
def planner(outside: Outside) -> Iterator[str]:
    """The role as the template makes it for GitHub: its trust and its policy, with values."""
    role = properties("PlannerRole")
    _, _, github = role["AssumeRolePolicyDocument"]["Fn::If"]
    trust, policy = (
        json.dumps(resolved(document, "latchkey"))
        .replace('{"Ref": "PlannerAudience"}', json.dumps(AUDIENCE))
        .replace('{"Ref": "PlannerSubjects"}', json.dumps([PULLS]))
        .replace("${PlannerProvider}", GITHUB)
        .replace("${ResultsBucket.Arn}", f"arn:aws:s3:::{outside.box.outputs['ResultsBucketName']}")
        for document in (github, role["Policies"][0]["PolicyDocument"])
    )
    name = "planner-of-pull-requests"
    provider = outside.iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE], ThumbprintList=[]
    )
    made = outside.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    outside.iam.put_role_policy(RoleName=name, PolicyName="planner", PolicyDocument=policy)
    yield str(made["Role"]["Arn"])
    arn = provider["OpenIDConnectProviderArn"]
    outside.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_the_planner_role_is_enough_to_plan_and_for_nothing_else(
    outside: Outside, case: Case, planner: str, tmp_path: Path
) -> None:
    sts = connect(outside.box.url, "sts", "nobody")

    def session(subject: str) -> Any:
        web = token(outside.box.now(), sub=subject)
        named = {"RoleArn": planner, "RoleSessionName": "ci", "WebIdentityToken": web}
        return sts.assume_role_with_web_identity(**named)["Credentials"]

    for other in ("repo:northwind/partners:ref:refs/heads/main", "repo:mallory/x:pull_request"):
        with pytest.raises(ClientError, match="AccessDenied"):
            session(other)
    key = session(PULLS)
    terminal = Terminal(outside.box, tmp_path)
    terminal.write("a.json", case.config())
    keys = f"AWS_ACCESS_KEY_ID={key['AccessKeyId']} AWS_SECRET_ACCESS_KEY=x "
    keys += f"AWS_SESSION_TOKEN={key['SessionToken']} AWS_REGION=us-east-1"
    planned = terminal(f"{keys} latchkey plan a.json --key {case.key} --output markdown")
    assert (planned.status, "**widen access**" in planned.out) == (0, True), planned
    for line in ("apply a.json --yes --key " + case.key, "grants", "handoff acme.main", "doctor"):
        refused = terminal(f"{keys} latchkey {line}")
        assert refused.status == 1, line
    assert outside.role(case.role) is None
