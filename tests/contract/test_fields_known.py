"""Every field of a config and of the guardrails: in schema, docs, hostile files and mutants."""

import json
from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails
from latchkey.config.schema import PartnerConfig
from tests.kit.hostile.corpus import corpus
from tests.kit.repository import ROOT
from tools.mutants.entries import MUTANTS, SAFEGUARDS

FIELDS = sorted(info.alias or name for name, info in PartnerConfig.model_fields.items())
RULES = sorted(Guardrails.model_fields)
IN_TRUST = (
    "external_id",
    "max_session_duration",
    "organization_id",
    "principals",
    "require_mfa",
    "role_name",
    "self_assume",
    "session_tags",
    "source_identity",
    "source_ips",
)
"""Fields that decide who gets in, and with what: each has a mutant that lets more in."""


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _properties(name: str) -> dict[str, Any]:
    return dict(json.loads(_text(f"schema/{name}.schema.json"))["properties"])


@pytest.mark.parametrize("field", FIELDS)
def test_schema_and_docs_know_every_field(field: str) -> None:
    assert field in _properties("partner-config")
    assert f"`{field}`" in _text("docs/config.md")


@pytest.mark.parametrize("field", RULES)
def test_schema_and_docs_know_every_guardrail(field: str) -> None:
    assert field in _properties("guardrails")
    assert f"`{field}`" in _text("docs/guardrails.md")


@pytest.mark.parametrize("field", FIELDS)
def test_hostile_files_try_every_field(field: str) -> None:
    assert any(f"/{field}" in str(case) for case in corpus())


@pytest.mark.parametrize("field", IN_TRUST)
def test_mutants_try_every_field_of_the_trust(field: str) -> None:
    changed = (one.mutated() for one in (*MUTANTS, *SAFEGUARDS))
    assert any(field in _difference(_text(str(path)), text) for path, text in changed)


def _difference(before: str, after: str) -> str:
    """The lines around what differs."""
    old, new = before.splitlines(), after.splitlines()
    known = {*new}
    gone = [number for number, line in enumerate(old) if line not in known]
    near = {n for number in gone for n in range(number - 3, number + 4)}
    return "\n".join(line for number, line in enumerate(old) if number in near)
