"""The sandbox takes tokens as STS does: of whom, for whom, until when, and as the role trusts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from tests.kit.local_aws import US, Local, refusal
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT, token

ARN = f"arn:aws:iam::{US}:oidc-provider/{GITHUB}"
NOW = datetime.now(UTC)
_ASSUME = "sts:AssumeRoleWithWebIdentity"
_DENIED = ("AccessDenied", 403, f"Not authorized to perform {_ASSUME}")


@pytest.fixture
def local() -> Iterator[Local]:
    """An AWS with GitHub's provider."""
    with mock_aws():
        made = Local()
        made.client("iam", US).create_open_id_connect_provider(
            Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE, "other"], ThumbprintList=[]
        )
        yield made


def _trust(provider: str = ARN, keys: str = GITHUB, **more: Any) -> dict[str, Any]:
    asked = {f"{keys}:aud": AUDIENCE, f"{keys}:sub": SUBJECT}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": _ASSUME,
        "Condition": {"StringEquals": asked},
        **more,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _refused(local: Local, role: str, given: str, **more: Any) -> tuple[str, int, str]:
    sts = local.client("sts")
    asked = {"RoleArn": role, "RoleSessionName": "ci", "WebIdentityToken": given, **more}
    return refusal(lambda: sts.assume_role_with_web_identity(**asked))


def _assume(local: Local, role: str, given: str) -> Any:
    asked = {"RoleArn": role, "RoleSessionName": "ci", "WebIdentityToken": given}
    return local.client("sts").assume_role_with_web_identity(**asked)["Credentials"]


def test_session_of_a_token_may_do_what_the_role_may(local: Local) -> None:
    reads = {"Action": "sts:GetCallerIdentity", "Resource": "*"}
    role = local.role("ci", _trust(), reads)
    found = _assume(local, role, token(NOW))
    who = local.client("sts", found["AccessKeyId"], found["SessionToken"]).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{US}:assumed-role/ci/ci"
    s3 = local.client("s3", found["AccessKeyId"], found["SessionToken"])
    assert refusal(s3.list_buckets)[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sub": "repo:acme/app:ref:refs/heads/other"}, "AccessDenied"),
        ({"sub": "repo:acme/app"}, "AccessDenied"),
        ({"aud": "other"}, "AccessDenied"),
        ({"aud": "unlisted"}, "InvalidIdentityToken"),
        ({"iss": "https://gitlab.com"}, "InvalidIdentityToken"),
        ({"iss": "https://accounts.google.com"}, "AccessDenied"),
        ({"exp": int((NOW - timedelta(seconds=1)).timestamp())}, "ExpiredTokenException"),
        ({"https://aws.amazon.com/tags": {"principal_tags": {"a": ["b"]}}}, "AccessDenied"),
        ({"https://aws.amazon.com/source_identity": "ada"}, "AccessDenied"),
    ],
)
def test_other_tokens_are_refused(local: Local, changes: dict[str, Any], code: str) -> None:
    role = local.role("ci", _trust())
    assert _refused(local, role, token(NOW, **changes))[0] == code


def test_what_is_no_token_is_refused(local: Local) -> None:
    role = local.role("ci", _trust())
    for text in ("nonsense", "a.b.c", "a.W10.c"):
        assert _refused(local, role, text)[0] == "InvalidIdentityToken"


def test_only_the_federated_principal_gets_in_by_a_token(local: Local) -> None:
    """Neither the account of the provider nor a role, and no other action."""
    others: list[dict[str, Any]] = [
        {"Principal": {"AWS": f"arn:aws:iam::{US}:root"}},
        {"Action": "sts:AssumeRole"},
        {"Effect": "Deny"},
        {"Condition": {"StringEquals": {f"{GITHUB}:sub": SUBJECT, "sts:ExternalId": "x"}}},
        {"Condition": {"StringEquals": {f"{GITHUB}:sub": SUBJECT, "aws:PrincipalOrgID": "o"}}},
    ]
    for number, more in enumerate(others):
        role = local.role(f"ci{number}", _trust(**more))
        assert _refused(local, role, token(NOW)) == _DENIED, more
    missing = f"arn:aws:iam::{US}:role/nobody"
    assert _refused(local, missing, token(NOW)) == _DENIED


def test_googles_keys_are_the_claims_that_aws_says(local: Local) -> None:
    google = "accounts.google.com"
    by = {"StringEquals": {f"{google}:oaud": "acme", f"{google}:aud": "17", f"{google}:sub": "17"}}
    role = local.role("ci", _trust(google, Condition=by))
    claims = {"iss": f"https://{google}", "aud": "acme", "azp": "17", "sub": "17"}
    assert _assume(local, role, token(NOW, **claims))
    assert _refused(local, role, token(NOW, **claims | {"aud": "17"})) == _DENIED
    assert _refused(local, role, token(NOW, **claims | {"azp": "18"})) == _DENIED


def test_session_is_no_longer_than_the_role_says(local: Local) -> None:
    role = local.role("ci", _trust())
    assert _refused(local, role, token(NOW), DurationSeconds=7200)[0] == "ValidationError"


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringEquals": {f"{GITHUB}:aud": AUDIENCE}},
        {"StringLike": {f"{GITHUB}:sub": "*"}},
        {"StringNotEquals": {f"{GITHUB}:sub": "repo:acme/app:x"}},
    ],
)
def test_trust_that_leaves_the_subject_open_is_refused(local: Local, condition: Any) -> None:
    with pytest.raises(Exception, match=f"{GITHUB}:sub"):
        local.role("ci", _trust(Condition=condition))
