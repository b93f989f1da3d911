"""External IDs are removed from what commands print, unless somebody asks for them."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from latchkey.errors import PermissionDenied
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.reports.redaction import Redactor, external_ids, named_external_ids, redacted

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack

show_secrets = click.option(
    "--show-secrets", is_flag=True, help="Print external IDs, which are left out otherwise."
)
"""The option of commands whose output may go into pull requests and tickets."""


def told(
    result: Mapping[str, Any], *, stack: "Stack", secrets: bool, config: Any = None
) -> dict[str, Any]:
    """A result as it is printed, as `without_external_ids` of all that the caller may know.

    Those of the partner's other grants among them, if the caller may read the grant table.
    """
    if secrets:
        return dict(result)
    return without_external_ids(result, config, _of_others(stack, result))


def without_external_ids(
    result: Mapping[str, Any], config: Any = None, others: Iterable[str] = ()
) -> dict[str, Any]:
    """A result without its own external IDs, those in a local config, and those of `others`."""
    named = named_external_ids(json.dumps(config)) if config else ()
    return redacted(result, (*named, *others))


def _of_others(stack: "Stack", result: Mapping[str, Any]) -> list[str]:
    partner, grant = result.get("partner"), result.get("grant")
    if not (partner and grant):
        return []
    try:
        return beside(stack, GrantId(partner, grant))["external_ids"]
    except PermissionDenied:  # who may only plan
        return []


def of_record(*documents: Mapping[str, Any]) -> Redactor:
    """What takes the external IDs of records, configs and events out of what is printed."""
    return Redactor(found for document in documents for found in external_ids(document))


def beside(stack: "Stack", grant: GrantId) -> dict[str, list[str]]:
    """The external IDs of the partner's other grants, as a document that names them."""
    from latchkey.aws.external_ids import PartnerExternalIds

    return {"external_ids": sorted(PartnerExternalIds(stack.table).beside(grant))}


def record_told(record: GrantRecord, redact: Redactor) -> GrantRecord:
    """A record as it is printed; names that Latchkey gives stay."""
    document = record.document()
    names = {name: document.get(name) for name in ("partner", "grant", "status", "role_arn")}
    return GrantRecord.from_document({**redact.document(document), **names})


def document_told(record: GrantRecord) -> dict[str, Any]:
    """A record as JSON data with its config, without the fields for external IDs."""
    config = json.loads(record.config) if record.config else {}
    left_out = ("external_id", "external_ids")
    document = {name: v for name, v in record.document().items() if name not in left_out}
    return {**document, "config": {n: v for n, v in config.items() if n not in left_out}}
