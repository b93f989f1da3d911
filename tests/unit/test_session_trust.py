"""What sessions may bring with them: session tags and a source identity."""

from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails, guardrail_problems
from latchkey.grants.policies import trust_policy
from latchkey.grants.sessions import narrows
from tests.kit.examples import (
    AWS_ENVIRONMENT,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    config,
    read,
    role_of,
)
from tests.unit.summary_lines import IPS, by, lines

DATES = {
    "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
    "DateGreaterThanEquals": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
}
PRINCIPAL = {"AWS": [f"arn:aws:iam::{PARTNER_ACCOUNT}:root"]}


def _statements(**changes: Any) -> dict[str, dict[str, Any]]:
    document = trust_policy(config(**changes), "acme-7f3b2c91", AWS_ENVIRONMENT)
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_session_tags_have_a_statement_of_their_own_without_external_id() -> None:
    found = _statements(
        session_tags=["team", "project"],
        starts_at="2027-01-01T00:00:00Z",
        require_mfa=False,
        organization_id="o-a1b2c3d4e5",
        **IPS,
    )
    assert list(found) == ["Partner", "SessionTags"]
    assert found["SessionTags"] == {
        "Sid": "SessionTags",
        "Effect": "Allow",
        "Principal": PRINCIPAL,
        "Action": "sts:TagSession",
        "Condition": {
            "IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["project", "team"]},
            **DATES,
        },
    }
    assert found["Partner"]["Action"] == "sts:AssumeRole"


def test_source_identity_has_a_statement_of_its_own() -> None:
    found = _statements(source_identity=True)
    assert list(found) == ["Partner", "SourceIdentity"]
    assert found["SourceIdentity"] == {
        "Sid": "SourceIdentity",
        "Effect": "Allow",
        "Principal": PRINCIPAL,
        "Action": "sts:SetSourceIdentity",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
    }


def test_any_session_tags_are_all_but_those_that_the_role_has_itself() -> None:
    condition = _statements(session_tags=True, tags={"Team": "x"})["SessionTags"]["Condition"]
    assert condition == {
        "ForAllValues:StringNotLike": {"aws:TagKeys": "latchkey:*"},
        "ForAllValues:StringNotEqualsIgnoreCase": {
            "aws:TagKeys": ["Team", "latchkey:grant", "latchkey:owner", "latchkey:stack"]
        },
        "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
    }


BAD: list[tuple[dict[str, Any], str]] = [
    ({"session_tags": []}, "leave `session_tags` out"),
    ({"session_tags": False}, "a list of tag keys"),
    ({"session_tags": "team"}, "a list of tag keys"),
    ({"session_tags": 1}, "a list of tag keys"),
    ({"session_tags": ["team", 7]}, "a list of tag keys"),
    ({"session_tags": [""]}, "1 to 128"),
    ({"session_tags": ["x" * 129]}, "1 to 128"),
    ({"session_tags": ["te*"]}, "letters, digits"),
    ({"session_tags": ["${aws:username}"]}, "letters, digits"),
    ({"session_tags": ["aws:x"]}, "aws:"),
    ({"session_tags": ["latchkey:grant"]}, "latchkey:"),
    ({"session_tags": ["LatchKey:x"]}, "latchkey:"),
    ({"session_tags": ["team", "Team"]}, "by case"),
    ({"session_tags": [f"k{n}" for n in range(51)]}, "50"),
    ({"session_tags": ["team"], "tags": {"Team": "x"}}, "a tag of the role"),
    ({"source_identity": "yes"}, "true or false"),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=str)
def test_what_is_no_list_of_free_keys_is_a_problem(changes: dict[str, Any], words: str) -> None:
    (problem,) = read(**changes).problems
    assert problem.path == f"/{next(iter(changes))}"
    assert words in problem.message


def test_any_keys_are_for_guardrails_to_allow() -> None:
    rules = Guardrails(version=1)
    fields = dict(config(session_tags=True))
    (problem,) = guardrail_problems(fields, rules, NOW)
    assert problem.path == "/session_tags"
    assert "allow_any_session_tags" in problem.message
    assert not [*guardrail_problems(dict(config(session_tags=["a"])), rules, NOW)]
    allowed = Guardrails(version=1, allow_any_session_tags=True)
    assert not [*guardrail_problems(fields, allowed, NOW)]


NARROWER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"session_tags": ["a"]}, {}),
    ({"session_tags": ["a", "b"]}, {"session_tags": ["a"]}),
    ({"session_tags": True}, {"session_tags": ["a"]}),
    ({"session_tags": True}, {"session_tags": True, "tags": {"team": "x"}}),
    ({"source_identity": True}, {}),
    (
        {"session_tags": ["a"], "principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]},
        {"session_tags": ["a"]},
    ),
]


@pytest.mark.parametrize(("wide", "narrow"), NARROWER, ids=str)
def test_what_may_not_be_brought_any_more_narrows_and_the_other_way_round_widens(
    wide: dict[str, Any], narrow: dict[str, Any]
) -> None:
    old, new = role_of(**wide).trust_policy, role_of(**narrow).trust_policy
    assert narrows(old, new)
    assert not narrows(new, old)


def test_what_sessions_may_bring_has_lines_of_its_own() -> None:
    plain, tagged = by(**IPS), by(session_tags=["team", "cost"], source_identity=True, **IPS)
    assert lines(plain, tagged) == [
        ("widens", "a new principal may pass session tags: 444455556666"),
        ("widens", "a new principal may set a source identity: 444455556666"),
        ("none", "session tags: only with the keys cost, team"),
    ]
    assert lines(tagged, plain) == [
        ("narrows", "principal 444455556666 may no longer pass session tags"),
        ("narrows", "principal 444455556666 may no longer set a source identity"),
    ]
    assert lines(by(session_tags=["a", "b"]), by(session_tags=["a"])) == [
        ("narrows", "session tags: only with the keys a, instead of only with the keys a, b")
    ]
    new = [text for _, text in lines(None, by(session_tags=True, **IPS))]
    assert "needs an external ID" in new
    assert "only from source IPs 203.0.113.0/24" in new
    assert "session tags: only with keys other than latchkey:*" in new
    assert [text for text in new if text.startswith("session tags: only from")] == []
