"""The reference pages, from the schemas and from the catalogue's own statements."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from latchkey.iam.environment import AwsEnvironment
from latchkey.services import boundary
from latchkey.services.catalogue import ENTRIES
from latchkey.services.custom.entry import CustomAccess
from latchkey.services.entry import Entry, ResourceInfo

from tests.kit.documented.access import CUSTOM, EXAMPLES, FACTS

PLACE = AwsEnvironment("aws", "us-east-1", "123456789012")
MADE = "<!-- Made by `make docs` from the models; change those instead. -->\n"
_SETTINGS = {
    "json.schemas": [
        {"fileMatch": ["partners/**/*.json"], "url": "./schema/partner-config.schema.json"}
    ]
}


def config_reference(schema: Mapping[str, Any]) -> str:
    """`docs/config.md`: every field, and what each kind of access comes to in IAM."""
    parts = [
        "# The partner config\n",
        MADE,
        "One file is one grant is one role. Its key is `partners/<anything>.json` in the config "
        "bucket; it is UTF-8 JSON of at most 64 KiB. Fields that are not listed here are "
        "rejected.\n",
        *_table(schema),
        "## Access\n",
        "Each entry of `access` names a `service`, its resource and what to `allow`. Every "
        "statement also carries the grant's dates (`aws:CurrentTime`). The use of a "
        "customer-managed KMS key behind a resource is found and added, on that key and through "
        "that service only; configs never name a key.\n",
        *(part for entry in ENTRIES for part in _entry(entry, schema)),
        "## In your editor\n",
        "[schema/partner-config.schema.json](../schema/partner-config.schema.json) completes and "
        "checks config files as you write. In Visual Studio Code, for example, in "
        "`.vscode/settings.json`:\n",
        _fenced(_SETTINGS),
        "What only a stack can tell (its own account, what exists, the guardrails, the time) is "
        "checked when the file is uploaded, and told with everything else at once.\n",
    ]
    return "\n".join(parts)


def guardrails_reference(schema: Mapping[str, Any]) -> str:
    """`docs/guardrails.md`: every rule, and what follows from breaking it."""
    example = {
        "version": 1,
        "allowed_partner_accounts": ["444455556666"],
        "allowed_services": ["s3", "secretsmanager", "sqs"],
        "denied_resources": ["arn:aws:s3:::finance-*", "arn:aws:secretsmanager:*:*:secret:prod/*"],
        "max_grant_days": 180,
        "required_tags": ["cost-centre"],
    }
    parts = [
        "# Guardrails\n",
        MADE,
        "What may be granted at all, whatever a config asks for. It is one JSON document in an SSM "
        "parameter that security owns, and nobody who uploads configs: `/<stack name>/guardrails`, "
        "or the one that the stack's parameter `GuardrailsParameterName` names.\n",
        *_table(schema),
        _fenced(example),
        "A config that breaks a rule is rejected with a problem that names the rule, together "
        "with everything else that is wrong with it. A change of the document holds from the next "
        "plan on; nothing has to be deployed.\n",
        "The hourly drift check has every live grant looked at that was last held to another "
        "version. A live "
        "grant that breaks the rules by now keeps its access: its result file says `unchanged` "
        "with the `problems`, its history gets the event `FindingsReported`, and `findings` of its "
        "STATE item hold them. It may be suspended and revoked, but not resumed or changed.\n",
        "While the document is missing or not valid, nothing is granted: runs end as `failed` and "
        "say why. Revoking and expiry go on.\n",
        "[schema/guardrails.schema.json](../schema/guardrails.schema.json) checks the document as "
        "you write it.\n",
    ]
    return "\n".join(parts)


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    rows = ["| field | required | meaning |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        needed = "yes" if name in schema["required"] else _default(field)
        rows.append(f"| `{name}` | {needed} | {field['description']} |")
    yield "\n".join(rows) + "\n"


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    return "no" if default in (None, [], {}) else f"no (`{json.dumps(default)}`)"


def _entry(entry: type[Entry], schema: Mapping[str, Any]) -> Iterator[str]:
    (service,) = get_args(entry.model_fields["service"].annotation)
    found = schema["$defs"][entry.__name__]
    yield f"### `{service}`\n"
    yield f"{found['description']}\n"
    shown = {name: field for name, field in found["properties"].items() if name != "service"}
    yield from _table({"properties": shown, "required": found["required"]})
    if entry is CustomAccess:
        yield from _custom(schema)
        return
    example = {"service": service, **EXAMPLES[service]}
    yield _fenced(example)
    for allow in get_args(entry.model_fields["allow"].annotation):
        made = entry.model_validate({**example, "allow": allow})
        yield f"`{allow}` comes to:\n"
        yield _allowances(made, FACTS[service])


def _custom(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _table(schema["$defs"]["CustomStatement"])
    yield _fenced(CUSTOM)
    yield (
        "Each statement is about one service. These actions are within the permissions boundary; "
        "there are no others:\n"
    )
    rows = (
        f"- `{service}`: {', '.join(f'`{a}`' for a in actions)}"
        for service, actions in boundary.ACTIONS.items()
    )
    yield "\n".join(rows) + "\n"


def _allowances(entry: Entry, facts: ResourceInfo) -> str:
    rows = []
    for allowance in entry.allowances([facts], PLACE):
        actions = ", ".join(f"`{action}`" for action in allowance.actions)
        resources = ", ".join(f"`{resource}`" for resource in allowance.resources)
        rows.append(f"- {actions} on {resources}{_conditions(allowance.conditions)}")
    return "\n".join(rows) + "\n"


def _conditions(conditions: Mapping[str, Mapping[str, Any]]) -> str:
    told = [f"`{key}`" for keys in conditions.values() for key in keys]
    return f" (under {', '.join(told)})" if told else ""


def _fenced(document: Mapping[str, Any] | Iterable[Any]) -> str:
    return f"```json\n{json.dumps(document, indent=2)}\n```\n"
