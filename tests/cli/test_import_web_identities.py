"""`latchkey import` of roles for identity providers (OIDC): never more than the role lets in."""

from typing import Any

import pytest

from latchkey.grants.policies import trust_policy
from latchkey.grants.sessions import narrows
from latchkey_cli.importing.config import ImportedConfig, import_role
from tests.cli.hand_made import GRANTED, SAID, hand_made, imported
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, NOW, STACK_CONTEXT
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT, identity

ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
AUD, SUB = f"{GITHUB}:aud", f"{GITHUB}:sub"
EXACT = {"StringEquals": {AUD: AUDIENCE, SUB: SUBJECT}}


def _statement(condition: Any = EXACT, principal: Any = ARN, **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Federated": principal},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
        **more,
    }


def _described(*statements: Any) -> ImportedConfig:
    role = hand_made(GRANTED, trust={"Version": "2012-10-17", "Statement": list(statements)})
    return import_role(role, SAID, STACK_CONTEXT, NOW)


def _kinds(described: ImportedConfig) -> set[str]:
    return {note.kind for note in described.notes}


def test_subjects_and_audiences_become_web_identities() -> None:
    asked = {"StringEquals": {AUD: [AUDIENCE, "b"], SUB: [SUBJECT, "repo:acme/b:x"]}}
    described = _described(_statement(asked | {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
    subjects = [SUBJECT, "repo:acme/b:x"]
    assert described.config["principals"] == [
        identity(audience="b", subject=subjects),
        identity(subject=subjects),
    ]
    assert described.config["source_ips"] == ["203.0.113.0/24"]
    assert not {"external_id", "generate_external_id"} & described.config.keys()
    assert described.problems == ()
    assert not _kinds(described) & {"lost", "wider"}


def test_what_is_imported_lets_in_nobody_else() -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            _statement(),
            _statement({"StringEquals": {AUD: AUDIENCE}, "StringLike": {SUB: "repo:acme/web:*"}}),
        ],
    }
    config, described = imported(hand_made(GRANTED, trust=trust), SAID)
    assert not narrows(trust_policy(config, (), AWS_ENVIRONMENT), trust)
    assert any("allow_subject_patterns" in note.text for note in described.notes)


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ({"StringEquals": {AUD: AUDIENCE}}, "no subject"),
        ({"StringEquals": {SUB: SUBJECT}}, "no audience"),
        ({"ForAllValues:StringEquals": {SUB: SUBJECT}, "StringEquals": {AUD: "a"}}, "no subject"),
        ({"StringEqualsIfExists": {SUB: SUBJECT}, "StringEquals": {AUD: "a"}}, "no subject"),
        ({"StringEquals": {AUD: "a", f"{GITHUB}:repository": "acme/app"}}, "no subject"),
        (EXACT | {"StringNotEquals": {f"{GITHUB}:actor": "eve"}}, "actor"),
        (EXACT | {"Null": {f"{GITHUB}:environment": "false"}}, "environment"),
    ],
)
def test_what_a_config_cannot_say_is_told_as_wider(condition: Any, word: str) -> None:
    described = _described(_statement(condition))
    wider = [note.text for note in described.notes if note.kind == "wider"]
    assert any(word in text for text in wider), described
    assert bool(described.problems) is ("no " in word), described


def test_two_conditions_on_a_subject_have_to_hold_both() -> None:
    both = {
        "StringEquals": {AUD: AUDIENCE, SUB: [SUBJECT, "repo:other/x:y", "repo:acme/*"]},
        "StringLike": {SUB: "repo:acme/*"},
    }
    described = _described(_statement(both))
    assert described.config["principals"] == [identity()]
    assert "wider" not in _kinds(described)


def test_a_subject_of_anybody_is_not_imported() -> None:
    asked = {"StringEquals": {AUD: AUDIENCE}, "StringLike": {SUB: "repo:*"}}
    assert _described(_statement(asked)).problems
    assert _described(_statement(asked | {"StringLike": {SUB: "*"}})).problems


@pytest.mark.parametrize(
    ("principal", "word"),
    [
        (f"arn:aws:iam::{ACCOUNT}:saml-provider/okta", "SAML"),
        (f"arn:aws:iam::444455556666:oidc-provider/{GITHUB}", "another account"),
    ],
)
def test_other_providers_are_lost(principal: str, word: str) -> None:
    described = _described(_statement(principal=principal))
    assert any(word in note.text for note in described.notes if note.kind == "lost"), described
    assert described.problems


def test_beside_accounts_tokens_are_for_a_second_grant() -> None:
    account = {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "acme-7f3b2c91"}},
    }
    described = _described(_statement(), account)
    assert described.config["principals"] == ["444455556666"]
    assert any("grant of their own" in note.text for note in described.notes)


def test_session_tags_of_tokens_are_kept() -> None:
    both = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
    described = _described(_statement(Action=both))
    assert described.config["session_tags"] is True
    assert described.config["principals"] == [identity()]


def test_googles_audience_is_the_original_one() -> None:
    google = "accounts.google.com"
    asked = {f"{google}:oaud": "acme", f"{google}:sub": "17", f"{google}:aud": "17"}
    described = _described(_statement({"StringEquals": asked}, google))
    expected = {"oidc_provider": google, "audience": "acme", "subject": "17"}
    assert described.config["principals"] == [expected]
    assert any(f"{google}:aud" in note.text for note in described.notes if note.kind == "wider")


def test_role_of_latchkey_comes_back_as_it_was() -> None:
    asked = [identity(subject=[SUBJECT, "repo:acme/b:x"])]
    first, _ = imported(
        hand_made(
            GRANTED,
            trust={
                "Statement": [
                    _statement({"StringEquals": {AUD: AUDIENCE, SUB: asked[0]["subject"]}})
                ]
            },
        ),
        SAID,
    )
    trust = trust_policy(first, (), AWS_ENVIRONMENT)
    again, described = imported(hand_made(GRANTED, trust=trust), SAID)
    assert again.principals == first.principals
    assert "wider" not in _kinds(described)
