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

_OWN = "-123456789012-us-east-1/partners/team-a/*"
_TEAM = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "OwnConfigs",
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
            "Resource": f"arn:aws:s3:::latchkey-config{_OWN}",
        },
        {
            "Sid": "OwnResults",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::latchkey-results{_OWN}",
        },
    ],
}
"""What a team's role may do with the buckets."""


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
    yield (
        "Each team's role gets its own folder of both buckets (outputs `ConfigBucketName` and "
        "`ResultsBucketName`) and no `states:StartExecution` on `GrantWorkflowArn`, whose orders "
        "reach the grants of all teams. To plan, a pipeline has the "
        "[planner's role](pull-requests.md#the-roles).\n"
    )
    yield f"```json\n{json.dumps(_TEAM, indent=2)}\n```\n"
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
        "- **To add scopes to a stack that has grants**, copy the config bucket's `partners/` "
        "(`aws s3 sync`) and hold the files to the new document with `latchkey validate partners "
        "--guardrails FILE`. Let nobody upload until the first checks are through, since the first "
        "file that names a partner decides whose it is; `latchkey reconcile` checks a grant at "
        "once, and `latchkey show` names its scope. What a partner belongs to, and how it goes "
        "over to another team, is in the [runbook](runbook.md#a-partner-belongs-to-another-scope)."
        "\n"
        "- **A file of another scope changes nothing** of a grant that is live, suspended, waiting "
        "or ended: neither its state nor an order in force.\n"
        "- **Live grants** that fit their scope no more are reported and keep their access, as "
        "with every guardrail. Orders name grants and no files: who may start the workflow may "
        "suspend and revoke in all scopes.\n"
        "- **`latchkey validate --guardrails`** checks scopes offline: the key follows from "
        "`partners/` in a file's path, or from `--key`. A problem names the scopes that would "
        "allow all of the file.\n"
    )
