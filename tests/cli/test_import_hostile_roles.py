"""`latchkey import`: holes that hand-made roles have found, each as the kind that it is of."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from latchkey.times import instant
from latchkey_cli.importing.config import ImportedConfig, import_role
from latchkey_cli.importing.role_fields import ImportOptions
from tests.cli.hand_made import GRANTED, PARTNER, SAID, allow_statement, hand_made, trust_of
from tests.kit.examples import ACCOUNT, NOW, STACK_CONTEXT

READS = allow_statement(
    ["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b-b-b", "arn:aws:s3:::b-b-b/*"]
)
BY_ID = {"StringEquals": {"sts:ExternalId": "acme-7f3b2c91"}}


def _described(*statements: Any, said: ImportOptions = SAID, **fields: Any) -> ImportedConfig:
    return import_role(hand_made(*statements, **fields), said, STACK_CONTEXT, NOW)


def _trusting(*statements: Any) -> ImportedConfig:
    return _described(GRANTED, trust={"Statement": list(statements)})


def _texts(described: ImportedConfig, kind: str) -> list[str]:
    return [note.text for note in described.notes if note.kind == kind]


@pytest.mark.parametrize(
    ("element", "word"),
    [
        ({"NotAction": "sts:TagSession"}, "NotAction"),
        ({"NotAction": ["sts:AssumeRoleWithSAML", "iam:*"]}, "NotAction"),
        ({"Action": ["sts:AssumeRole", "sts:SetContext"]}, "sts:SetContext"),
        ({"Action": ["sts:AssumeRole", "sts:SetC*"]}, "sts:SetC*"),
        ({"Action": "sts:GetFederationToken"}, "sts:GetFederationToken"),
    ],
    ids=str,
)
def test_what_a_trust_statement_says_otherwise_is_told(element: Any, word: str) -> None:
    other = {"Effect": "Allow", "Principal": PARTNER, "Condition": BY_ID, **element}
    described = _trusting(trust_of(PARTNER, **BY_ID), other)
    assert any(word in text for text in _texts(described, "lost")), described.notes
    assert not _texts(described, "wider")


@pytest.mark.parametrize("pattern", ["sts:Tag*", "STS:TagSessio?", "sts:*Session", "*:TagSession"])
def test_patterns_of_what_sessions_may_bring_are_read(pattern: str) -> None:
    both = {**trust_of(PARTNER, **BY_ID), "Action": ["sts:AssumeRole", pattern]}
    assert _trusting(both).config["session_tags"] is True


def test_a_condition_without_values_asks_for_nothing() -> None:
    described = _trusting(
        trust_of(
            PARTNER,
            StringEquals={"sts:ExternalId": [], "aws:PrincipalOrgID": []},
            IpAddress={"aws:SourceIp": []},
            ArnEquals={"aws:PrincipalArn": []},
        )
    )
    assert described.config["generate_external_id"] is True
    assert not {"source_ips", "organization_id"} & set(described.config)
    assert not _texts(described, "wider")


def test_an_external_id_that_nobody_can_send_lets_nobody_in() -> None:
    described = _trusting(trust_of(PARTNER, StringEquals={"sts:ExternalId": ["x", "acme-*"]}))
    assert any("nobody can send" in text for text in _texts(described, "wider"))


OTHERS = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
OWN = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}


def test_resources_of_other_accounts_are_not_those_of_this_one() -> None:
    described = _described(GRANTED, {**READS, "Condition": OTHERS})
    assert "s3" not in [one["service"] for one in described.config["access"]]
    assert _texts(described, "lost") or "111122223333" in str(described.config["access"])
    described = _described({**READS, "Condition": OWN})
    assert described.config["access"] == [{"service": "s3", "bucket": "b-b-b", "allow": "read"}]
    under = {"Statement": allow_statement("*", "*", Condition=OTHERS)}
    assert not _described(READS, boundary_arn="arn:b", boundary=under).config["access"]


def test_a_role_of_another_account_lets_nobody_in_here() -> None:
    described = _trusting(trust_of(PARTNER, **BY_ID, StringLike=OTHERS["StringEquals"]))
    assert any("aws:ResourceAccount" in text for text in _texts(described, "wider"))
    both = {"StringEquals": {**BY_ID["StringEquals"], **OTHERS["StringEquals"]}}
    described = _trusting(trust_of(PARTNER, **both))
    assert any("aws:ResourceAccount" in text for text in _texts(described, "wider"))


@pytest.mark.parametrize(
    ("issued", "wider"), [(-timedelta(days=9), False), (timedelta(days=9), True)]
)
def test_sessions_of_the_future_are_not_old_ones(issued: timedelta, wider: bool) -> None:
    before = {"DateLessThan": {"aws:TokenIssueTime": instant(NOW + issued)}}
    denial = {**allow_statement("*", "*", Condition=before), "Effect": "Deny"}
    assert bool(_texts(_described(READS, denial), "wider")) is wider


def _until(end: str) -> dict[str, Any]:
    return {"Condition": {"DateLessThan": {"aws:CurrentTime": end}}}


@pytest.mark.parametrize("ends", [["2026-12-01", "2026-08-01"], ["2026-08-01", "2026-12-01"]])
def test_of_several_ends_the_first_counts(ends: list[str]) -> None:
    first, second = (_until(f"{end}T00:00:00Z") for end in ends)
    described = _described({**READS, **first}, {**GRANTED, **second}, said=ImportOptions())
    assert described.config["expires_at"] == "2026-08-01T00:00:00Z"
    assert any("2026-08-01" in text for text in _texts(described, "lost"))


def test_ends_are_compared_as_times() -> None:
    early, late = _until("2026-08-01T00:30:00+02:00"), _until("2026-08-01T00:00:00Z")
    described = _described({**READS, **late}, {**GRANTED, **early}, said=ImportOptions())
    assert described.config["expires_at"] == "2026-07-31T22:30:00Z"


def test_what_lasts_longer_than_the_rest_is_told() -> None:
    end = _until("2026-08-01T00:00:00Z")
    described = _described(READS, {**GRANTED, **end}, said=ImportOptions())
    assert described.config["expires_at"] == "2026-08-01T00:00:00Z"
    assert any("2026-08-01" in text for text in _texts(described, "lost"))
    whole = replace(hand_made({**READS, **end}, {**GRANTED, **end}))
    described = import_role(whole, ImportOptions(), STACK_CONTEXT, NOW)
    assert not [text for text in _texts(described, "lost") if "2026-08-01" in text]


@pytest.mark.parametrize("end", ["2026-08-01", "2026-08-01T02:00:00+02:00", "1785542400"])
def test_an_end_in_any_form_of_iam_is_one(end: str) -> None:
    role = hand_made({**READS, **_until(end)})
    described = import_role(role, ImportOptions(), STACK_CONTEXT, NOW)
    assert described.config["expires_at"] == "2026-08-01T00:00:00Z"
    assert any(
        "before the given" in one for one in _texts(_described({**READS, **_until(end)}), "wider")
    )


def test_an_end_that_nobody_can_read_is_told_as_wider() -> None:
    described = _described({**READS, **_until("next summer")})
    assert any("next summer" in text for text in _texts(described, "wider"))
