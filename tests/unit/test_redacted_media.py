"""External IDs that are known of a grant are told in no medium but the sheet and the result."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.reports.mail import Notice
from latchkey.reports.outcome_event import About, outcome_event
from latchkey.reports.redaction import HIDDEN, Redactor, named_external_ids, redacted
from latchkey.reports.result_markdown import markdown
from latchkey_cli.config_files.located_problem import located
from latchkey_cli.grants.redaction import without_external_ids
from tests.kit.text_media import RESULT_FIELDS, SHEETS, notice, result_with, sheet

IDS = [
    "acme-7f3b2c91",
    "northwind/9f8e7d6c",
    "a=b,c.d@e:f/g-h+i",
    "0123456789" * 20,
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "ab1",
    "main",
]
FIELDS = [*RESULT_FIELDS]


def _mail(result: dict[str, Any], external_id: str) -> str:
    made: Notice = notice(result, f"team {external_id}", (external_id,))
    return made.subject + made.text + str(made.attributes)


def _event(result: dict[str, Any], external_id: str) -> str:
    about = About("ConfigRejected", external_id, "order", "results", "k", "run", (external_id,))
    return json.dumps(outcome_event(result, about).document())


MEDIA: dict[str, Callable[[dict[str, Any], str], str]] = {
    "e-mail": _mail,
    "event": _event,
    "Markdown": lambda result, external_id: markdown(result, [external_id]),
    "terminal": lambda result, external_id: json.dumps(
        without_external_ids(result, {"external_id": external_id})
    ),
}


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("external_id", IDS[:-2])
def test_external_id_in_any_field_is_told_in_no_medium(
    external_id: str, field: str, medium: str
) -> None:
    for form in ("{}", "x {} y", "see '{}'.", "before-{}-after", "{},{}", "https://x/?id={}&y"):
        result = result_with(field, form.replace("{}", external_id))
        shown = MEDIA[medium](result, external_id)
        assert external_id not in shown
        assert external_id.replace("/", "~1") not in shown


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("field", ["reason", "requested_by", "unknown field", "drift"])
@pytest.mark.parametrize("external_id", ["ab1", "main"])
def test_short_external_id_is_taken_out_as_a_word(
    external_id: str, field: str, medium: str
) -> None:
    shown = MEDIA[medium](result_with(field, f"{external_id} it is"), external_id)
    assert f"{HIDDEN} it is" in shown.replace("\\(", "(").replace("\\)", ")")


def test_names_that_latchkey_gives_stay_even_if_a_partner_chose_one() -> None:
    result = {**result_with("reason", "why"), "partner": "acme", "grant": "main", "problems": []}
    for chosen in ("main", "acme", "message", "reason", "partner-acme.main"):
        page = markdown(result, [chosen])
        assert page.startswith("# acme.main: ")
        assert str(result["role_arn"]) in page
        assert notice(result, unsaid=(chosen,)).text.startswith("acme.main: ")


@pytest.mark.parametrize(
    "text",
    [
        "ACME-7F3B2C91",
        "northwind~19f8e7d6c",
        "northwind%2F9f8e7d6c",
        "northwind%2f9f8e7d6c",
        ("0123456789" * 20)[:40],
        f"'{('0123456789' * 20)[:128]}…'",
    ],
)
def test_external_id_is_known_in_other_forms_and_where_it_was_cut(text: str) -> None:
    assert HIDDEN in Redactor(IDS)(f"it is {text} there")
    assert text.strip("'…") not in Redactor(IDS)(f"it is {text} there")


@given(
    st.text("abcXYZ019_+=,.@:/-", min_size=8, max_size=60),
    st.text("aZ0 ._-/'\"\n", max_size=10),
    st.text("aZ0 ._-/'\"\n", max_size=10),
)
def test_external_id_is_never_left_whatever_stands_around_it(
    external_id: str, before: str, after: str
) -> None:
    shown = Redactor([external_id])(before + external_id + after)
    assert external_id.lower() not in shown.replace(HIDDEN, "").lower() or (
        external_id.lower() in before.lower() + after.lower()
    )
    assert HIDDEN in shown


@pytest.mark.parametrize(
    "text",
    [
        '{"external_id": "secret-4711"}',
        '{"external_id": ["other-1", "secret-4711"]}',
        '{"externalId": "secret-4711"}',
        '{"external-id": "secret-4711"}',
        '{"External ID": "secret-4711"}',
        '{"external_ids": ["secret-4711"]}',
        '{"a": [{"sts:ExternalId": "secret-4711"}]}',
        '{"external_id": "secret-4711", "external_id": "secret-4711"',
        "external_id: secret-4711",
        "{'externalId': 'secret-4711'}",
    ],
)
def test_external_id_of_a_config_is_known_however_it_is_spelt(text: str) -> None:
    assert "secret-4711" in set(named_external_ids(text))


def test_number_in_place_of_an_external_id_is_one() -> None:
    assert "987654321" in set(named_external_ids('{"external_id": 987654321}'))


def test_difference_of_policies_names_no_external_id_in_a_list() -> None:
    lines = [
        '   "StringEquals": {',
        '     "sts:ExternalId": [',
        '-      "first-secret",',
        '+      "second-secret",',
        '       "third-secret"',
        "     ]",
        '     "aws:PrincipalOrgID": ["o-a1b2c3d4e5"]',
    ]
    shown = redacted({"policy_difference": lines})["policy_difference"]
    assert "secret" not in str(shown)
    assert shown[-1] == lines[-1]
    assert len(shown) == len(lines)


def test_problem_of_a_file_quotes_none_of_its_external_ids() -> None:
    body = b'{"external_id": "secret-4711",\n "secret-4711": 1}'
    from latchkey.config.problem import Problem

    problems = [Problem("/secret-4711", "unknown field"), Problem("/owner", "is 'secret-4711'")]
    found = located(body, problems, unknown_fields=frozenset({"/secret-4711"}))
    assert "secret-4711" not in str(found)
    assert {(one.line, one.problem.path) for one in found} == {(1, "/owner"), (2, f"/{HIDDEN}")}


def test_the_sheet_tells_the_partner_what_a_result_leaves_out() -> None:
    result = result_with("reason", "x")
    assert result["external_id"] not in json.dumps(without_external_ids(result))
    for written in SHEETS.values():
        assert "acme-7f3b2c91" in written(sheet())
