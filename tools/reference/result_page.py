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
    "verified": "Verified",
    "checks": "CheckItem",
}


def results_reference(schema: Mapping[str, Any]) -> str:
    """The page: fields, what stands in them, how it is meant, the example in both forms."""
    example = example_result()
    parts = [
        "# Results\n",
        MADE,
        "For the config `partners/x/y.json` the results bucket holds `partners/x/y.result.json`; "
        "for inline configs and orders without a file, `workflow/<partner>.<grant>.result.json`. "
        "The output of the workflow is the same document, unless there was nothing to do and "
        "nothing new to record. It always has all of these fields; later versions may add some. "
        "[schema/result.schema.json](../schema/result.schema.json) checks it.\n",
        *_table(schema),
        *(part for name, item in _ITEMS.items() for part in _item(name, schema["$defs"][item])),
        "## Reading a plan\n",
        "`summary` says what the plan does, what widens access first. It is made from the two "
        "policies that stand and the two that are written, not from the config, so it cannot "
        "differ from what is applied: conditions (dates, folder, source IPs, MFA, organization) "
        "count as much as actions. What cannot be shown to allow nothing more counts as widening; "
        "so does a new external ID, since it lets in who knows it, and taking off a policy that "
        "somebody else attached, since it may have denied something. A plan that only narrows has "
        "no line but `narrows`, `ends` and `none`.\n",
        "With `dry_run` nothing is changed, and all of this is told beforehand. The history of the "
        "grant keeps `summary`, `widens` and `policy_difference` with each event. An external ID "
        "stands in `external_id`, in `changes` and, when the trust policy changes, in "
        "`policy_difference`, never in `summary` or `allows`.\n",
        "## Example\n",
        "The dry run of a config that renews a grant and lets the partner write as well:\n",
        f"```json\n{json.dumps(example, indent=2, ensure_ascii=False)}\n```\n",
        "The same for people:\n",
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
