"""A CI system assumes the role by its tokens, and is refused with any other, as AWS refuses it."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.connection import connect
from tests.e2e.conftest import Case
from tests.kit.outside import Outside
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT, identity, token

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def provider(outside: Outside) -> Iterator[Outside]:
    """An account that has GitHub's provider, for two audiences."""
    made = outside.iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE, "other"], ThumbprintList=[]
    )
    yield outside
    arn = made["OpenIDConnectProviderArn"]
    outside.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def _config(case: Case, **changes: Any) -> dict[str, Any]:
    found = case.config(**{"principals": [identity()], **changes})
    del found["external_id"]
    return found


def _session(outside: Outside, case: Case, **claims: Any) -> Any:
    sts = connect(outside.box.url, "sts", "nobody")
    found = sts.assume_role_with_web_identity(
        RoleArn=outside.state(case.partner)["role_arn"],
        RoleSessionName="ci",
        WebIdentityToken=token(outside.box.now(), **claims),
    )
    return found["Credentials"]


def _refused(outside: Outside, case: Case, **claims: Any) -> str:
    with pytest.raises(ClientError) as refused:
        _session(outside, case, **claims)
    return str(refused.value.response["Error"]["Code"])


def _reads(outside: Outside, case: Case, session: Any) -> bool:
    """Whether a session may put and get an object in its folder."""
    key, secret = session["AccessKeyId"], session["SessionToken"]
    s3 = connect(outside.box.url, "s3", key, token=secret)
    try:
        s3.put_object(Bucket=case.bucket, Key="in/x", Body=b"x")
        s3.get_object(Bucket=case.bucket, Key="in/x")
    except ClientError:
        return False
    return True


def test_tokens_let_in_where_granted_and_nowhere_else(provider: Outside, case: Case) -> None:
    granted = provider.upload(case.key, _config(case))
    assert granted["outcome"] == "created", granted
    session = _session(provider, case)
    assert _reads(provider, case, session)
    assert _refused(provider, case, sub="repo:acme/app:ref:refs/heads/other") == "AccessDenied"
    assert _refused(provider, case, aud="other") == "AccessDenied"
    assert _refused(provider, case, aud="unlisted") == "InvalidIdentityToken"
    assert _refused(provider, case, iss="https://gitlab.com") == "InvalidIdentityToken"
    assert _refused(provider, case, exp=1) == "ExpiredTokenException"
    tags = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["x"]}}}
    assert _refused(provider, case, **tags) == "AccessDenied"

    other = provider.upload(case.key, _config(case, principals=[identity(subject="repo:acme/b:x")]))
    assert other["issued_before"], "who is trusted no more inherits nothing"
    assert _refused(provider, case) == "AccessDenied"
    assert not _reads(provider, case, session)


def test_suspended_sessions_can_do_nothing_and_after_the_end_nobody_gets_in(
    provider: Outside, case: Case
) -> None:
    case.expires_at = provider.in_(hours=1)
    provider.upload(case.key, _config(case, session_tags=["team"]))
    tags = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["x"]}}}
    session = _session(provider, case, **tags)
    assert _reads(provider, case, session)
    provider.upload(case.key, _config(case, session_tags=["team"], status="suspended"))
    assert not _reads(provider, case, session)
    assert not _reads(provider, case, _session(provider, case))
    resumed = provider.upload(case.key, _config(case, session_tags=["team"]))
    assert resumed["issued_before"]
    provider.box.advance(120)
    assert _reads(provider, case, _session(provider, case))
    provider.box.advance(3600)
    assert provider.state(case.partner)["status"] == "expired"
    assert _refused(provider, case) == "AccessDenied"


def test_providers_that_are_not_there_are_problems(provider: Outside, case: Case) -> None:
    near = identity(oidc_provider="tokens.action.githubusercontent.com")
    result = provider.upload(case.key, _config(case, principals=[near]))
    assert result["outcome"] == "rejected"
    (problem,) = result["problems"]
    assert problem["path"] == "/principals/0/oidc_provider"
    assert f"did you mean '{GITHUB}'?" in problem["message"]
    assert SUBJECT not in problem["message"]
