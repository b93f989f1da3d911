"""What a partner's session may bring with it, as its client sees it."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.connection import connect
from sandbox.demo.people import PARTNER_ACCOUNT
from tests.e2e.conftest import Case
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e


def _assume(outside: Outside, case: Case, key: str = PARTNER_ACCOUNT, **given: Any) -> str:
    """The error of AWS with the action that it names, or an empty text."""
    sts = connect(outside.box.url, "sts", key)
    arn = outside.state(case.partner)["role_arn"]
    named = {"ExternalId": f"external-{case.partner}", **given}
    try:
        sts.assume_role(RoleArn=arn, RoleSessionName="acme", **named)
    except ClientError as error:
        text = error.response["Error"]["Message"]
        return text.partition("not authorized to perform: ")[2].partition(" ")[0]
    return ""


def _tags(*keys: str) -> dict[str, Any]:
    return {"Tags": [{"Key": key, "Value": "x"} for key in keys]}


def test_session_tags_and_source_identity_work_where_granted_and_nowhere_else(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    assert _assume(outside, case) == ""
    assert _assume(outside, case, **_tags("team")) == "sts:TagSession"
    assert _assume(outside, case, SourceIdentity="ada") == "sts:SetSourceIdentity"

    wider = outside.upload(
        case.key, case.config(session_tags=["team", "project"], source_identity=True)
    )
    assert wider["outcome"] == "updated"
    assert wider["issued_before"] is None, "who was let in before may go on"
    assert _assume(outside, case, **_tags("team", "project"), SourceIdentity="ada") == ""
    assert _assume(outside, case, **_tags("team", "admin")) == "sts:TagSession"
    assert _assume(outside, case, **_tags("Team")) == "sts:TagSession"
    assert _assume(outside, case, **_tags("latchkey:grant")) == "sts:TagSession"
    missing = _assume(outside, case, ExternalId="somebody-elses", **_tags("team"))
    assert missing == "sts:AssumeRole", "tags alone give no session"
    assert _assume(outside, case, "111122223333", **_tags("team")) == "sts:AssumeRole"

    narrower = outside.upload(case.key, case.config(session_tags=["team"]))
    assert narrower["issued_before"], "sessions with what may not be brought any more end"
    assert _assume(outside, case, **_tags("project")) == "sts:TagSession"
    assert _assume(outside, case, SourceIdentity="ada") == "sts:SetSourceIdentity"
    assert _assume(outside, case, **_tags("team")) == ""


def test_any_session_tags_are_for_the_guardrails_to_allow(outside: Outside, case: Case) -> None:
    refused = outside.upload(case.key, case.config(session_tags=True))
    assert refused["outcome"] == "rejected"
    assert [problem["path"] for problem in refused["problems"]] == ["/session_tags"]


def test_a_statement_that_was_changed_by_hand_is_put_back(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config(session_tags=["team"]))
    trust = outside.iam.get_role(RoleName=case.role)["Role"]["AssumeRolePolicyDocument"]
    (tags,) = [one for one in trust["Statement"] if one["Sid"] == "SessionTags"]
    tags["Condition"].pop("ForAllValues:StringEquals")
    outside.iam.update_assume_role_policy(RoleName=case.role, PolicyDocument=json.dumps(trust))
    assert _assume(outside, case, **_tags("admin")) == ""

    check = {"action": "check", "partner": case.partner, "grant": "main", "by": "drift"}
    answer = outside.start(check)["output"]
    assert any("SessionTags" in line for line in answer["drift"]), answer
    assert _assume(outside, case, **_tags("admin")) == "sts:TagSession"
    assert _assume(outside, case, **_tags("team")) == ""


def _session(outside: Outside, case: Case, key: str = PARTNER_ACCOUNT, **given: Any) -> Any:
    """An STS client with the credentials of a session of the role."""
    token = given.pop("token", None)
    sts = connect(outside.box.url, "sts", key, token=token)
    arn = outside.state(case.partner)["role_arn"]
    named = {"ExternalId": f"external-{case.partner}", **given}
    return sts.assume_role(RoleArn=arn, RoleSessionName="acme", **named)["Credentials"]


def _again(outside: Outside, case: Case, session: Any, **given: Any) -> Any:
    """A session of the role, by one of its sessions."""
    return _session(outside, case, session["AccessKeyId"], token=session["SessionToken"], **given)


def test_role_assumes_itself_where_granted_and_under_the_name_that_was_demanded(
    outside: Outside, case: Case
) -> None:
    name = f"Data-{case.partner}"
    granted = outside.upload(case.key, case.config(role_name=name, self_assume=True))
    assert granted["role_arn"].endswith(f":role/partners/{name}")
    session = _session(outside, case)
    assert _again(outside, case, _again(outside, case, session))
    with pytest.raises(ClientError, match="sts:AssumeRole"):
        _again(outside, case, session, ExternalId="somebody-elses")
    with pytest.raises(ClientError, match="sts:TagSession"):
        _again(outside, case, session, **_tags("team"))

    without = outside.upload(case.key, case.config(role_name=name))
    assert without["issued_before"], "what the role gave to itself ends, too"
    with pytest.raises(ClientError, match="sts:AssumeRole"):
        _again(outside, case, session)
    renamed = outside.upload(case.key, case.config(role_name=f"{name}2"))
    assert [problem["path"] for problem in renamed["problems"]] == ["/role_name"]
    assert outside.remove(case.key)["outcome"] == "revoked"
    assert outside.role(name) is None


@pytest.mark.parametrize("path", ["/", "/service-role/"])
def test_somebody_elses_role_of_that_name_is_told_as_such(
    outside: Outside, case: Case, path: str
) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": PARTNER_ACCOUNT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    name = f"Theirs-{case.partner}"
    outside.iam.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=document)
    result = outside.upload(case.key, case.config(role_name=name))
    assert (result["outcome"], result["reason"].partition(":")[0]) == ("failed", "RoleNotOwned")
    assert outside.iam.get_role(RoleName=name)["Role"]["Path"] == path
