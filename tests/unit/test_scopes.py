"""Scopes: which one holds a key, and what a file may ask for in it."""

import json
from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails, GuardrailsInvalid, read_guardrails
from latchkey.config.scope_rules import Asked, scope_of, scope_problems
from tests.kit.examples import AWS_ENVIRONMENT, NOW, config, resources_of

TEAM_A: dict[str, Any] = {
    "name": "team-a",
    "prefixes": ["partners/team-a/"],
    "partners": ["acme", "initech-*"],
    "partner_accounts": ["444455556666"],
    "resources": [
        "arn:aws:s3:::data-bucket",
        "arn:aws:s3:::data-bucket/*",
        "arn:aws:secretsmanager:*",
    ],
    "services": ["s3", "secretsmanager"],
    "max_days": 4000,
}
TEAM_AB: dict[str, Any] = {
    "name": "team-ab",
    "prefixes": ["partners/team-ab/", "partners/team-a/b/"],
}
REST: dict[str, Any] = {"name": "rest", "prefixes": ["partners/", "inline/"]}


def rules(*scopes: dict[str, Any]) -> Guardrails:
    return read_guardrails(json.dumps({"version": 1, "scopes": list(scopes)}))


def broken(key: str | None, found: Guardrails, **changes: Any) -> list[tuple[str, str]]:
    given = config(**changes)
    asked = Asked(dict(given), given.access, resources_of(given), AWS_ENVIRONMENT, NOW)
    return [(one.path, one.message) for one in scope_problems(key, found, asked)]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("partners/team-a/x.json", "team-a"),
        ("partners/team-a/deep/x.json", "team-a"),
        ("partners/team-a/b/x.json", "team-ab"),  # the longest prefix, whatever its order
        ("partners/team-ab/x.json", "team-ab"),  # no prefix reaches beyond its slash
        ("partners/team-a.json", None),
        ("partners/team-abc/x.json", None),
        ("partners/Team-A/x.json", None),
        ("partners/team%2Da/x.json", None),
        ("partners/team-a%2Fx.json", None),
        ("partners/team\u2010a/x.json", None),
        ("partners/te\u0430m-a/x.json", None),  # a Cyrillic letter
        ("partners/team-a/../team-ab/x.json", None),
        ("partners/team-a/./x.json", None),
        ("partners/team-a//x.json", None),
        ("/partners/team-a/x.json", None),
        (" partners/team-a/x.json", None),
        ("inline/acme.main.json", None),
        (None, None),
    ],
)
def test_key_is_of_the_scope_with_its_longest_prefix(key: str | None, name: str | None) -> None:
    for order in ((TEAM_A, TEAM_AB), (TEAM_AB, TEAM_A)):
        scope = scope_of(key, rules(*order))
        assert (scope.name if scope else None) == name


def test_broad_scope_is_none_for_what_has_its_own() -> None:
    found = rules(REST, {**TEAM_A, "partners": ["other"]})
    assert scope_of("partners/x.json", found) == found.scopes[0]  # type: ignore[index]
    ((path, message),) = broken("partners/team-a/x.json", found)
    assert path == "/partner", message
    assert "(scope team-a)" in message
    assert "allowed in the scope rest (partners/)" in message


@pytest.mark.parametrize(
    "prefix",
    [
        *("", "/", "partners", "partners/team-a", "team-a/", "partners/*/", "partners/team-?/"),
        *("partners/../", "partners/./x/", "partners//", "inline/acme/", "approvals/", "PARTNERS/"),
        *("partners/team%2Da/", "partners/t\u00e9am/", "partners/team a/", "inline"),
    ],
)
def test_prefix_that_could_mean_more_than_it_says_is_none(prefix: str) -> None:
    with pytest.raises(GuardrailsInvalid, match="/scopes/0/prefixes/0"):
        rules({"name": "team-a", "prefixes": [prefix]})


@pytest.mark.parametrize(
    "scopes",
    [
        [],
        [{"name": "a", "prefixes": []}],
        [{"name": "a", "prefixes": ["partners/a/"]}, {"name": "a", "prefixes": ["partners/b/"]}],
        [{"name": "aa", "prefixes": ["partners/a/"]}, {"name": "bb", "prefixes": ["partners/a/"]}],
        [
            {"name": "aa", "prefixes": ["partners/a/"]},
            {"name": "bb", "prefixes": ["partners/b/"], "formerly": ["aa"]},
        ],
        [{"name": "aa", "prefixes": ["partners/a/"], "unknown": 1}],
    ],
    ids=str,
)
def test_scopes_that_nobody_can_tell_apart_are_no_guardrails(scopes: list[Any]) -> None:
    with pytest.raises(GuardrailsInvalid):
        rules(*scopes)


def test_file_that_keeps_its_scope_has_no_problem() -> None:
    assert broken("partners/team-a/x.json", rules(TEAM_A, TEAM_AB)) == []


@pytest.mark.parametrize(
    ("limit", "changes", "path"),
    [
        ({"partners": ["acme-*"]}, {}, "/partner"),
        ({"partners": []}, {}, "/partner"),
        ({"partner_accounts": ["111122223333"]}, {}, "/principals/0"),
        ({"services": ["sqs"]}, {}, "/access/0/service"),
        ({"accounts": ["111122223333"]}, {}, "/account"),
        ({"accounts": []}, {}, "/account"),
        ({"resources": ["arn:aws:s3:::data-bucket"]}, {}, "/access/0"),
        ({"resources": ["arn:aws:s3:::data-bucket/out/*"]}, {}, "/access/0"),
        ({"resources": []}, {}, "/access/0"),
        ({"max_days": 1}, {}, "/expires_at"),
        ({"max_days": 1}, {"expires_at": None, "confirm_every_days": 2}, "/confirm_every_days"),
        (
            {"resources": ["arn:aws:*:*"]},
            {"access": [{"service": "account", "allow": "audit"}]},
            "/access/0",
        ),
        (
            {"resources": ["arn:aws:s3:::data-bucket/*"]},
            {
                "access": [
                    {
                        "service": "custom",
                        "statements": [
                            {
                                "Effect": "Allow",
                                "Action": ["s3:GetObject"],
                                "Resource": ["arn:aws:s3:::other/*"],
                            }
                        ],
                    }
                ]
            },
            "/access/0",
        ),
    ],
    ids=str,
)
def test_what_a_scope_does_not_allow_is_a_problem_that_names_who_would(
    limit: dict[str, Any], changes: dict[str, Any], path: str
) -> None:
    narrow = {"name": "team-a", "prefixes": ["partners/team-a/"], **limit}
    found = broken("partners/team-a/x.json", rules(narrow, TEAM_AB), **changes)
    assert path in [one for one, _ in found]
    for _, message in found:
        assert message.startswith("guardrail scopes: ")
        assert "(scope team-a); all of it would be allowed in the scope team-ab" in message
    alone = broken("partners/team-a/x.json", rules(narrow), **changes)
    assert all("no other scope would allow all of it" in message for _, message in alone)


@pytest.mark.parametrize("named", [None, "123456789012"])
def test_own_account_is_listed_like_any_other(named: str | None) -> None:
    found = rules({**TEAM_A, "accounts": ["123456789012"]})
    assert broken("partners/team-a/x.json", found, account=named) == []


def test_one_scope_has_to_allow_all_and_not_each_a_part() -> None:
    first = {**TEAM_A, "services": ["s3"]}
    second = {"name": "bb", "prefixes": ["partners/b/"], "services": ["secretsmanager"]}
    found = rules(first, second)
    both = [
        {"service": "s3", "bucket": "data-bucket", "prefix": "in/", "allow": "read"},
        {"service": "secretsmanager", "secret": "partner/key", "allow": "read"},
    ]
    assert broken("partners/team-a/x.json", found, access=both)
    assert broken("partners/b/x.json", found, access=both)
    assert broken(None, found, access=both[:1]) == []
    assert broken(None, found, access=both) == [
        ("", "guardrail scopes: no scope allows all of this"),
    ]


def test_key_of_no_scope_is_a_problem() -> None:
    ((path, message),) = broken("partners/x.json", rules(TEAM_A))
    assert (path, "no scope holds partners/x.json" in message) == ("", True)
    assert "allowed in the scope team-a (partners/team-a/)" in message
    assert broken("partners/x.json", Guardrails(version=1)) == []
    assert broken(None, rules(TEAM_A)) == []
