"""`docs/results.md`: every field of a result file, and an example that the code itself made."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.reports.result_markdown import markdown
from tests.kit.documented.result import example_result
from tools.reference.pages import MADE

_ITEMS = {
    "problems": "ProblemItem",
    "summary": "SummaryLine",
    "allows": "AllowedRow",
    "partner_needs": "PartnerNeed",
    "verified": "Verified",
    "checks": "CheckItem",
}


def results_reference(schema: Mapping[str, Any]) -> str:
    """The page: the fields, how to read a plan, and an example as JSON and Markdown."""
    example = example_result()
    parts = [
        "# Results\n",
        MADE,
        "The result of the config `partners/x/y.json` is `partners/x/y.result.json` in the results "
        "bucket; that of an inline config is `workflow/<partner>.<grant>.result.json`. The output "
        "of the workflow is the same document, unless there was nothing to do and nothing to "
        "record. A result has all of these fields; later versions may add some. Its JSON Schema is "
        "[schema/result.schema.json](../schema/result.schema.json).\n",
        *_table(schema),
        *(part for name, item in _ITEMS.items() for part in _item(name, schema["$defs"][item])),
        "## Reading a plan\n",
        "`summary` lists what the plan does; lines that widen access come first. It is derived "
        "from the policies before and after, not from the config, so it always describes what is "
        "applied, including conditions: dates, folder, source IPs, MFA, organization. A change "
        "that cannot be shown to allow nothing more counts as widening. So does a new external ID, "
        "because anyone who knows it gets in, and detaching a policy that somebody else attached, "
        "because it may have denied something. A plan that only narrows access has lines of "
        "`narrows`, `ends` and `none` only.\n",
        "A dry run reports all of this and changes nothing. The history of the grant keeps "
        "`summary`, `widens` and `policy_difference` with each event. An external ID can appear in "
        "`external_id` and `external_ids`, in `changes` and, if the trust policy changes, in "
        "`policy_difference`; never in `summary` or `allows`.\n",
        "## Example\n",
        "The dry run of a config that renews a grant and adds write access:\n",
        f"```json\n{json.dumps(example, indent=2, ensure_ascii=False)}\n```\n",
        "The same result as Markdown:\n",
        f"````markdown\n{markdown(example)}````\n",
    ]
    return "\n".join(parts)


def _item(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"## `{name}`\n"
    yield f"{schema['description']}\n"
    yield from _table(schema)


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    rows = ["| field | | meaning |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        rows.append(f"| `{name}` | {_kind(field)} | {field['description']} |")
    yield "\n".join(rows) + "\n"


def _kind(field: Mapping[str, Any]) -> str:
    kinds = [option.get("type", "object") for option in field.get("anyOf", [field])]
    return " or ".join(kinds)
