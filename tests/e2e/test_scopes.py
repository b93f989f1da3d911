"""Two teams in the sandbox, each with the role that the guardrails' page gives to a team."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import Sandbox
from sandbox.connection import connect
from tests.e2e.conftest import Case
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

PAGE = ROOT / "docs/guardrails.md"
TEAMS = ("team-a", "team-b")


def _policy() -> str:
    """The policy of a team's role, as the page has it, for a sandbox's account and Region."""
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (found,) = (block for block in blocks if "OwnConfigs" in block)
    return str(found)


@pytest.fixture(scope="module")
def teams(box: Sandbox) -> dict[str, tuple[str, Any]]:
    """The unique ID of each team's role, and S3 as somebody of the team sees it."""
    iam, found = box.client("iam"), {}
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    for team in TEAMS:
        made = iam.create_role(RoleName=team, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        policy = _policy().replace("team-a", team)
        iam.put_role_policy(RoleName=team, PolicyName="folder", PolicyDocument=policy)
        keys = box.client("sts").assume_role(RoleArn=made["Arn"], RoleSessionName="somebody")
        given = keys["Credentials"]
        s3 = connect(box.url, "s3", given["AccessKeyId"], token=given["SessionToken"])
        found[team] = (made["RoleId"], s3)
    return found


def test_team_has_its_folder_and_its_partner_and_no_other_teams(
    box: Sandbox,
    outside: Outside,
    case: Case,
    security: Any,
    teams: dict[str, tuple[str, Any]],
    tmp_path: Path,
) -> None:
    scopes = [{"name": team, "prefixes": [f"partners/{team}/"]} for team in TEAMS]
    security(scopes=[*scopes, {"name": "rest", "prefixes": ["partners/", "inline/"]}])
    configs, results = (box.outputs[f"{one}BucketName"] for one in ("Config", "Results"))
    (id_of_a, of_a), (_, of_b) = teams["team-a"], teams["team-b"]
    file = f"partners/team-a/{case.partner}.json"

    of_a.put_object(Bucket=configs, Key=file, Body=json.dumps(case.config()).encode())
    first = outside.result(file, lambda found: found["outcome"] == "created")
    assert first["author"] == {"user_id": id_of_a, "session": "somebody"}
    own = file.replace(".json", ".result.json")
    assert of_a.get_object(Bucket=results, Key=own)["ContentLength"] > 0

    for call, key in (("put_object", file), ("delete_object", file), ("get_object", file)):
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(of_b, call)(Bucket=configs, Key=key)
    with pytest.raises(ClientError, match="AccessDenied"):
        of_b.get_object(Bucket=results, Key=own)

    theirs = f"partners/team-b/{case.partner}.json"
    asked = json.dumps(case.config(grant="second")).encode()
    of_b.put_object(Bucket=configs, Key=theirs, Body=asked)
    found = outside.result(theirs, lambda found: found["outcome"] == "rejected")
    assert [problem["path"] for problem in found["problems"]] == ["/external_id", "/partner"]

    shown = Terminal(box, tmp_path).ok(f"latchkey show {case.partner}")
    assert re.search(r"^ +scope +team-a$", shown, re.MULTILINE)
    assert re.search(rf"^ +author +{id_of_a}:somebody$", shown, re.MULTILINE)
    of_a.delete_object(Bucket=configs, Key=file)
    outside.result(file, lambda found: found["outcome"] == "revoked")
