"""Results: each key of a config and each grant has its own, whatever others are called."""

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latchkey.grant_id import GrantId
from latchkey.keys import RESULT, RESULT_TEXT, SHEET, SHEET_PAGE, beside_result, result_key

ENDINGS = (RESULT, RESULT_TEXT, SHEET, SHEET_PAGE)
ACME = GrantId("acme", "main")

_PIECES = st.sampled_from(
    [
        "partners/",
        "workflow/",
        "misplaced/",
        "long/",
        "acme",
        ".main",
        ".json",
        ".result",
        ".handoff",
        ".md",
        ".html",
        "/",
        ".",
        "é",
        "a" * 300,
        "\U0001f600" * 60,
    ]
)
_KEYS = (
    st.lists(_PIECES, min_size=1, max_size=7).map("".join) | st.text(min_size=1, max_size=40)
).filter(lambda key: len(key.encode("utf-8", "surrogatepass")) <= 1024)
_SLUGS = st.from_regex(r"[a-z][a-z0-9-]{1,21}", fullmatch=True)
_GRANTS = st.builds(GrantId, _SLUGS, _SLUGS)


def _all(key: str | None, grant: GrantId | None) -> set[str]:
    return {found for ending in ENDINGS if (found := result_key(key, grant, ending))}


@given(_KEYS, _KEYS)
@example("partners/rt/coll", "partners/rt/coll.json")
@example("partners/rt/coll.result", "partners/rt/coll.json")
@example("partners/rt/coll.result.json", "partners/rt/coll.json")
@example("partners/rt/coll.handoff.md", "partners/rt/coll.json")
@example("misplaced/x", "x")
@example(f"partners/{'a' * 1010}.json", f"partners/{'a' * 1009}.json")
def test_keys_of_two_configs_share_no_file(one: str, other: str) -> None:
    assert one == other or not _all(one, ACME) & _all(other, ACME)


@given(_KEYS, _GRANTS)
@example("workflow/acme.main.json", ACME)
@example("workflow/acme.main", ACME)
@example("partners/../workflow/acme.main.json", ACME)
def test_no_config_has_the_files_of_workflow_input(key: str, grant: GrantId) -> None:
    assert not _all(key, grant) & _all(None, grant)


@given(_KEYS)
@example(f"partners/{'a' * 1010}.json")
@example(f"partners/{'a' * 998}.json")
@example("a" * 1024)
def test_every_key_of_s3_has_all_its_files(key: str) -> None:
    found = _all(key, None)
    assert len(found) == len(ENDINGS)
    assert max(len(name.encode("utf-8", "surrogatepass")) for name in found) <= 1024


@given(_KEYS | st.none(), _GRANTS, st.sampled_from(ENDINGS))
def test_files_of_a_result_are_found_by_its_key(
    key: str | None, grant: GrantId, ending: str
) -> None:
    found = result_key(key, grant)
    assert found is not None
    assert beside_result(found, ending) == result_key(key, grant, ending)


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("partners/x/y.json", "partners/x/y.result.json"),
        ("partners/x.result.json", "partners/x.result.result.json"),
        (f"partners/{'a' * 1002}.json", f"partners/{'a' * 1002}.result.json"),
        (None, "workflow/acme.main.result.json"),
        ("", "workflow/acme.main.result.json"),
        ("partners/rt/coll", "misplaced/partners/rt/coll.result.json"),
        ("workflow/acme.main.json", "misplaced/workflow/acme.main.json.result.json"),
    ],
)
def test_result_key_as_the_contract_says(key: str | None, found: str) -> None:
    assert result_key(key, ACME) == found


def test_no_ending_is_the_end_of_another() -> None:
    assert not [pair for pair in combinations(ENDINGS, 2) if pair[0].endswith(pair[1])]
    assert not [pair for pair in combinations(ENDINGS, 2) if pair[1].endswith(pair[0])]


def test_what_names_neither_file_nor_grant_has_no_result() -> None:
    assert result_key(None, None) is None
