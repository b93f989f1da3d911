"""`docs/partners.md`: configs to copy by kind of vendor, and what import makes of their roles."""

import json
from collections import Counter
from collections.abc import Iterator

from latchkey.services.registry import CUSTOM
from latchkey_cli.importing.note import Note
from tests.kit.partners import VendorRole, vendor_roles
from tests.kit.repository import ROOT
from tools.reference.account_access import account_access
from tools.reference.pages import MADE

EXAMPLES = {
    "Data warehouses": (
        "Load and unload a folder of a bucket. A warehouse that works with object versions needs "
        "`versions`. One that assumes its own role (Databricks) needs `self_assume`, and its "
        "`role_name` if it demands one.",
        ("s3_stage_for_warehouse",),
    ),
    "ETL": (
        "Read a folder and a secret, or call a function. Programs that ask for the names of all "
        "buckets first need `discover`.",
        ("s3_folder_and_secret", "lambda_invoke_quote"),
    ),
    "Query engines": (
        "Read what the Data Catalog says of tables, and the folder that has their data. Engines "
        "that list databases first need `discover`. Where Lake Formation governs a database, it "
        "has to let the role in as well.",
        ("glue_read_orders",),
    ),
    "Delivery of files and events": (
        "Put objects and no more: a drop box. If the vendor sends the ACL "
        "`bucket-owner-full-control`, add `bucket_owner_full_control`.",
        ("drop_box",),
    ),
    "Streaming": (
        "Read or write a stream. Vendors whose clients pass session tags need `session_tags`.",
        ("kinesis_read_clicks", "firehose_put_clicks"),
    ),
    "Monitoring": (
        "Read the log groups that are named, and metrics (all of them: they have no ARN). What "
        "sees resources and metrics everywhere is an "
        "`account` entry with `view` or `audit`, in a grant of its own.",
        ("logs_read_import", "cloudwatch_read_metrics"),
    ),
    "Posture and compliance": (
        "See the configuration of everything, and no data. The guardrail `allowed_account_access` "
        "has to list `audit`.",
        ("account_audit",),
    ),
    "Billing": (
        "Read bills, and cost exports in one folder. The guardrail `allowed_account_access` has to "
        "list `billing`.",
        ("account_billing",),
    ),
    "AI": ("Invoke one model or inference profile.", ("bedrock_invoke_model",)),
    "CI": ("Pull images of one repository.", ("ecr_pull_agent",)),
}
"""By kind of vendor: what it needs, and the examples under `events/configs` that show it."""

_SCOPE = (
    "## What is out of scope\n",
    "A grant gives access to the data of named resources. Latchkey does not grant the **control "
    "plane**: creating, changing or deleting resources (queues and topics for notifications, "
    "subscription filters, snapshots and their sharing, tags of resources), bucket notifications, "
    "policies, ACLs other than `bucket-owner-full-control`, grants of KMS keys, IAM. Where a "
    "vendor's set-up needs that, do it once yourself, and grant what the vendor uses afterwards. "
    "Backup vendors, which make and share snapshots, need a role outside of Latchkey.\n",
    "`ReadOnlyAccess` of AWS reads data of most services, and is out of scope as well: no list of "
    "denials is complete. `account` entries take its place.\n",
    "`import` names in one line what of a role is control plane.\n",
)


def partners_page() -> str:
    """The page."""
    parts = [
        "# Configs for partners, by kind of vendor\n",
        MADE,
        "Each config is an example that tests apply in the sandbox; copy it and change names, "
        "principals, external ID and dates. [The partner config](config.md) describes all "
        "fields.\n",
        *(part for title in EXAMPLES for part in _kind(title)),
        "## Seeing the account\n",
        "An `account` entry attaches a policy that AWS keeps, under a permissions boundary of "
        "Latchkey's (`AuditBoundary`): a list of what reads configuration and bills, without what "
        "reads data. A boundary has 6,144 characters, so not all of AWS's policies fits; what does "
        "not is denied. Environments of functions, templates, user data and task definitions are "
        "configuration and are seen: no secrets may stand in them.\n",
        *account_access(),
        *_SCOPE,
        "## Roles that vendors ask for\n",
        "What `latchkey import` makes of roles as vendors document them, with the resources "
        "replaced. A test compares what role and config allow, action by action: a config never "
        "allows more, but for what import reports as added (it reaches no other data). Kept "
        "**whole**: the config gives all that reads and writes data. **With `custom`**: some of it "
        "by `custom` statements, which the guardrails must allow. **In part**: what is left out is "
        "named. **Not at all**: nothing of it is an access to data of named resources. Another "
        "test grants each config in the sandbox, where the partner makes the vendor's calls.\n",
        f"{_figures()}\n",
        _table(),
    ]
    return "\n".join(parts)


def _kind(title: str) -> Iterator[str]:
    text, names = EXAMPLES[title]
    yield f"## {title}\n"
    yield f"{text}\n"
    for name in names:
        found = json.loads((ROOT / f"events/configs/{name}.json").read_text(encoding="utf-8"))
        yield f"```json\n{json.dumps(found, indent=2, ensure_ascii=False)}\n```\n"


def _figures() -> str:
    """How many roles are kept how far."""
    found = Counter(outcome(role)[0] for role in vendor_roles())
    words = ("whole", "with `custom`", "in part", "not at all")
    return f"Of {found.total()} roles: {', '.join(f'{found[one]} {one}' for one in words)}."


def _table() -> str:
    rows = ["| kind | role of | kept | out of scope, or lost |", "|---|---|---|---|"]
    for role in vendor_roles():
        kept, lost = outcome(role)
        rows.append(f"| {role.kind} | {role.title} | {kept} | {lost} |")
    return "\n".join(rows) + "\n"


def outcome(role: VendorRole) -> tuple[str, str]:
    """How much of a role a config keeps, and what it does not."""
    config, described = role.imported
    lost = [note for note in described.notes if note.kind == "lost"]
    outside = [one for one in lost if not _of_no_weight(one)]
    named = "; ".join(one.text.replace("|", "\\|") for one in outside)
    if config is None:
        return "not at all", named
    if outside:
        return "in part", named
    custom = any(entry.service == CUSTOM for entry in config.access)
    return ("with `custom`" if custom else "whole"), named


def _of_no_weight(note: Note) -> bool:
    """Whether nothing of the data is lost: keys are added, and patterns stood for more."""
    return (
        "is added" in note.text or "is kept" in note.text or "as far as partner roles" in note.text
    )
