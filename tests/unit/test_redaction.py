"""External IDs are found wherever they were written down, and taken out of every text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.reports.redaction import HIDDEN, Redactor, external_ids, named_external_ids

IDS = ["acme-4711-2026", "northwind/9f8e7d6c", "contoso:2026+east="]
ALPHABET = "abcXYZ019_+=,.@:/-"


@pytest.mark.parametrize("external_id", IDS)
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "rotate {} today",
        '"{}"',
        "id={};",
        "https://example.com/?external={}&x=1",
        "partners/{}/reports.json",
        "before{}after",
        "sent {}, and {}.",
        "({})",
    ],
)
def test_external_id_is_taken_out_of_a_text_wherever_it_stands(external_id: str, text: str) -> None:
    redacted = Redactor(IDS)(text.replace("{}", external_id))
    assert external_id not in redacted
    assert HIDDEN in redacted


def test_value_that_nobody_recorded_is_taken_out_where_it_is_called_an_external_id() -> None:
    sentence = "had its Condition changed: StringEquals sts:ExternalId stranger-1 added"
    assert Redactor([])(sentence) == sentence.replace("stranger-1", HIDDEN)
    policy = json.dumps({"StringEquals": {"sts:ExternalId": "stranger-2"}})
    assert "stranger-2" not in Redactor([])(policy)


@pytest.mark.parametrize("indent", [None, 2])
def test_list_of_values_that_nobody_recorded_is_taken_out_whole(indent: int | None) -> None:
    keys = {"sts:ExternalId": ["stranger-1", "stranger-2", "stranger-3"], "aws:PrincipalOrgID": "o"}
    told = Redactor([])(json.dumps({"StringEquals": keys}, indent=indent))
    assert "stranger" not in told
    assert '"aws:PrincipalOrgID": "o"' in told
    assert told.count(HIDDEN) == 1


@pytest.mark.parametrize("end", ["", "}", ' , "expires_at": 7 }}'])
def test_list_in_a_file_that_is_no_json_is_found(end: str) -> None:
    text = '{"external_id": ["acme-0001-east",\n "acme-0002-west"], "owner": "team-blue"' + end
    assert set(named_external_ids(text)) == {"acme-0001-east", "acme-0002-west"}


def test_field_behind_an_external_id_is_none() -> None:
    text = '{"external_id": "acme-0001-east", "expires_at": "2030", broken'
    assert set(named_external_ids(text)) == {"acme-0001-east"}


ALIKE = "acme-2026-0123456789abcdef"


@pytest.mark.parametrize("cut", [24, 25, 28, 30, 33])
def test_cut_text_hides_the_whole_of_what_it_has_of_the_one_that_it_is_of(cut: int) -> None:
    """Of IDs that begin alike, the one that has more in common with the text counts."""
    wanted, other = f"{ALIKE}-west-77", f"{ALIKE}-eastern"
    text = f"value {wanted[:cut]}"
    for known in ([wanted, other], [other, wanted], [f"{ALIKE}-w", other, wanted]):
        assert Redactor(known)(text) == f"value {HIDDEN}"


@pytest.mark.parametrize("text", ["acme-2026", "acme-2026-1", "acme-2026-12", "x-acme-2026-12y"])
def test_each_of_several_that_begin_alike_is_taken_out(text: str) -> None:
    told = Redactor(["acme-2026", "acme-2026-1", "acme-2026-12"])(f"rotate {text}.")
    assert "acme-2026" not in told
    assert "-1" not in told


def test_texts_without_external_ids_stay_as_they_are() -> None:
    text = "expired at 2030-01-01T00:00:00Z; see docs/runbook.md#overdue-grants (acme-4711)"
    assert Redactor(IDS)(text) == text


def test_short_value_is_known_as_a_whole_word_only() -> None:
    assert Redactor(["ab"])("ab stands about, ab.") == f"{HIDDEN} stands about, {HIDDEN}."


def test_longer_external_id_goes_whole_even_if_it_begins_with_another() -> None:
    assert Redactor(["acme-2026", "acme-2026-east"])("acme-2026-east") == HIDDEN


@given(
    st.text(ALPHABET, min_size=8, max_size=20),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_no_text_around_it_hides_an_external_id(wanted: str, before: str, after: str) -> None:
    redacted = Redactor([wanted])(before + wanted + after)
    assert wanted not in redacted.replace(HIDDEN, "\0")


def test_external_ids_are_found_in_states_configs_events_and_policies() -> None:
    item = {
        "external_id": "in-the-state",
        "external_ids": ["in-the-state", "of-a-failed-change"],
        "config": json.dumps({"external_id": "in-the-config"}),
        "changes": [
            {
                "action": "UpdateAssumeRolePolicy",
                "document": {
                    "Statement": [
                        {"Condition": {"StringEquals": {"sts:ExternalId": "in-a-policy"}}},
                        {"Condition": {"StringEquals": {"STS:externalid": ["in-a-list"]}}},
                    ]
                },
            }
        ],
    }
    assert set(external_ids(item)) == {
        "in-the-state",
        "of-a-failed-change",
        "in-the-config",
        "in-a-policy",
        "in-a-list",
    }


@pytest.mark.parametrize("config", [None, "", "no JSON", "[]", 7])
def test_state_without_a_readable_config_is_no_failure(config: object) -> None:
    assert list(external_ids({"external_id": None, "config": config})) == []
