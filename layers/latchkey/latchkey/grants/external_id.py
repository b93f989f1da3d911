"""Whose an external ID is that Latchkey made."""

import json
import re
from collections.abc import Mapping
from typing import Any

from latchkey.grants.record import GrantRecord
from latchkey.iam.principal import ACCOUNT

_FIRST_ACCOUNT = re.compile(ACCOUNT, re.ASCII)


def kept_external_id(record: GrantRecord | None, config: str, key: str | None) -> str | None:
    """The external ID that was made for a grant and goes on to be its own, or None for a new one.

    It belongs to the live grant of one file (`key`; None is workflow input) and to the partner that
    was told it. Whoever takes the name next gets another: after the grant ended, from another file,
    or with principals of other accounts only. Nobody's service may take two customers by one
    external ID (IAM user guide, "The confused deputy problem").

    `config` is the config to be, as JSON text; the one before it is on record.
    """
    if record is None or not record.live or record.config_key != key:
        return None
    before, after = json.loads(record.config or "{}"), json.loads(config)
    if not (before.get("generate_external_id") and _parties(before) & _parties(after)):
        return None
    return record.external_id


def _parties(config: Mapping[str, Any]) -> set[str]:
    """The accounts of a config's principals; what names no account is a party of its own."""
    named = (json.dumps(principal) for principal in config.get("principals") or ())
    return {found[0] if (found := _FIRST_ACCOUNT.search(text)) else text for text in named}
