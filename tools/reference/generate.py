"""What is made from the models: the JSON Schemas and the reference pages."""

import json
from typing import Any, override

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from latchkey.config.guardrails import Guardrails
from latchkey.config.schema import PartnerConfig
from tools.reference.event_models import ExpiryEvent, GuardrailsEvent, OutcomeEvent
from tools.reference.pages import config_reference, guardrails_reference
from tools.reference.partners_page import partners_page
from tools.reference.result_model import ResultFile
from tools.reference.result_page import results_reference
from tools.reference.spoke_template import spoke_template

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def generated() -> dict[str, str]:
    """Every generated file, by its path from the root of the repository."""
    config = _schema(PartnerConfig, "partner-config", "Latchkey partner config, version 1")
    rules = _schema(Guardrails, "guardrails", "Latchkey guardrails, version 1")
    result = _schema(ResultFile, "result", "Latchkey result file, version 1")
    outcome = _schema(OutcomeEvent, "outcome-event", "Detail of Latchkey's events, version 1")
    expiry = _schema(ExpiryEvent, "expiry-event", "Detail of AccessExpiring, version 1")
    told = _schema(GuardrailsEvent, "guardrails-event", "Detail of GuardrailsChanged, version 1")
    return {
        "schema/guardrails-event.schema.json": _text(told),
        "schema/outcome-event.schema.json": _text(outcome),
        "schema/expiry-event.schema.json": _text(expiry),
        "schema/partner-config.schema.json": _text(config),
        "schema/guardrails.schema.json": _text(rules),
        "schema/result.schema.json": _text(result),
        "docs/config.md": config_reference(config),
        "docs/guardrails.md": guardrails_reference(rules),
        "docs/results.md": results_reference(result),
        "docs/partners.md": partners_page(),
        "spoke.yaml": spoke_template(),
        "cli/latchkey_cli/spokes/spoke.yaml": spoke_template(),  # for wheels, without a checkout
    }


def _schema(model: type[BaseModel], name: str, title: str) -> dict[str, Any]:
    class Generator(GenerateJsonSchema):
        """Pydantic's own, without a title for every field."""

        @override
        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

        @override
        def tagged_union_schema(self, schema: Any) -> dict[str, Any]:
            """Without `discriminator`, a keyword of OpenAPI that strict validators refuse."""
            made = super().tagged_union_schema(schema)
            return {key: value for key, value in made.items() if key != "discriminator"}

    made = model.model_json_schema(schema_generator=Generator)
    head = {"$schema": DIALECT, "$id": f"urn:latchkey:{name}:1", "title": title}
    return {**head, **{key: value for key, value in made.items() if key != "title"}}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
