"""Where a record's config is, and what is believed of it."""

from typing import Any

import pytest

from latchkey.grants.config_reference import ConfigReference, reference_to
from latchkey.grants.record import GrantRecord, named_in

INLINE = reference_to("inline/acme.main.json", "v1", '{"purpose": "ü"}')
FILE = reference_to("partners/acme.json", "v2", "{}")


def _record(**fields: Any) -> GrantRecord:
    return GrantRecord("acme", "main", "active", role_arn="arn:role", config="{}", **fields)


def test_reference_is_of_its_content_alone() -> None:
    assert INLINE.matches('{"purpose": "ü"}'.encode())
    assert not INLINE.matches(b'{"purpose": "u"}')
    assert not INLINE.matches(b"")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"config_object": INLINE}, INLINE),
        ({}, None),  # of a release before: its text is not believed
        ({"config_object": ConfigReference("inline/acme.other.json", "v1", "d")}, None),
        ({"config_object": ConfigReference("inline/acme.main.json.json", "v1", "d")}, None),
        ({"config_object": FILE}, None),
        ({"config_key": FILE.key, "config_version": "v2", "config_object": FILE}, FILE),
        (
            {"config_key": FILE.key, "config_version": "v2"},
            ConfigReference(FILE.key, "v2"),
        ),
        (
            {"config_key": FILE.key, "config_version": "v3", "config_object": FILE},
            ConfigReference(FILE.key, "v3"),
        ),
        ({"config_key": FILE.key, "config_object": FILE}, None),
        ({"config_key": "inline/acme.main.json", "config_version": "v1"}, None),
        ({"config_key": "elsewhere/acme.json", "config_version": "v1"}, None),
        (
            {"config_key": FILE.key, "config_version": "v2", "config_object": INLINE},
            ConfigReference(FILE.key, "v2"),
        ),
    ],
)
def test_record_names_its_own_config_or_none(
    fields: dict[str, Any], expected: ConfigReference | None
) -> None:
    assert _record(**fields).config_at == expected


def test_table_holds_the_text_of_files_only() -> None:
    assert _record(config_object=INLINE).at_rest().config is None
    assert _record(config_object=FILE, config_key=FILE.key).at_rest().config == "{}"
    assert _record().at_rest().config == "{}", "of a release before"


def test_record_is_read_as_it_was_written() -> None:
    record = _record(config_object=INLINE, owner="data-platform", purpose="Export")
    assert GrantRecord.from_document(record.document()) == record


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ('{"owner": "team", "purpose": "x"}', "team"),
        ('{"owner": " "}', None),
        ('{"owner": 7}', None),
        ("[]", None),
        ("{", None),
        (None, None),
    ],
)
def test_record_of_a_release_before_has_its_owner_in_its_config(
    text: str | None, owner: str | None
) -> None:
    assert named_in(text)["owner"] == owner
    document = {"partner": "acme", "grant": "main", "status": "active", "config": text}
    assert GrantRecord.from_document(document).owner == owner
