"""The section on scopes of `docs/guardrails.md`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_EXAMPLE = {
    "version": 1,
    "scopes": [
        {
            "name": "team-a",
            "prefixes": ["partners/team-a/"],
            "partners": ["acme", "globex-*"],
            "resources": ["arn:aws:s3:::team-a-*"],
            "max_days": 90,
        },
        {"name": "platform", "prefixes": ["partners/", "inline/"]},
    ],
}


def scopes_section(schema: Mapping[str, Any], table: Iterator[str]) -> Iterator[str]:
    """What scopes are, their fields (`table`), and what belongs to one."""
    assert "scopes" in schema["properties"]
    yield "## Scopes\n"
    yield (
        "Whoever may write to a folder of the config bucket may ask for everything that the "
        "guardrails allow, unless there are `scopes`. A file then has to keep the guardrails and, "
        "whole, the scope of its key. IAM says who writes below a prefix; the scope says what "
        "files there may ask for.\n"
    )
    yield from table
    yield f"```json\n{json.dumps(_EXAMPLE, indent=2)}\n```\n"
    yield (
        "- **The longest prefix counts**: `partners/team-a/x.json` is of `team-a` only, although "
        "`partners/` holds it too. A broad scope is for what has no scope of its own.\n"
        "- **Keys are compared letter for letter**, as S3 and IAM do. A key with an empty folder, "
        "`.` or `..` is of no scope. A file of no scope is rejected.\n"
        "- **An inline config** has the key `inline/<partner>.<grant>.json`.\n"
        "- **A partner and an external ID belong to the scope that used them first**, also when no "
        "grant has them any more. A file of another scope that names the partner (under any "
        "`grant`) or the external ID is rejected, and neither a rename, a swap, a file that waits "
        "nor the end of a grant moves them. To rename or merge scopes, list the names before in "
        "`formerly`. Grants from before there were scopes belong to the scope of their key with "
        "the next check, within about an hour of the change.\n"
        "- **Live grants** that fit their scope no more are reported and keep their access, as "
        "with every guardrail. Orders name grants and no files: who may start the workflow may "
        "suspend and revoke in all scopes.\n"
        "- **`latchkey validate --guardrails`** checks scopes offline: the key follows from "
        "`partners/` in a file's path, or from `--key`. A problem names the scopes that would "
        "allow all of the file.\n"
    )
