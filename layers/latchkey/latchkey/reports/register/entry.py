"""One grant as the register shows it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from latchkey.grants.phase import standing
from latchkey.grants.record import GrantRecord
from latchkey.iam.web_identity import principal_texts
from latchkey.reports.redaction import Redactor
from latchkey.reports.register.access import access_rows
from latchkey.reports.register.history import HistoryLine
from latchkey.reports.register.plain_text import shown

RegisterEntry = dict[str, Any]

_PURPOSE = 1_000
_ENDS = ("AccessRevoked", "AccessExpired")


def entry_of(
    state: Mapping[str, Any],
    lines: list[HistoryLine],
    redact: Redactor,
    before: RegisterEntry | None = None,
) -> RegisterEntry:
    """The entry of a grant from its state and its newest events, the newest first.

    `before` is its entry in the last register, which may know of a grant that is too long ago for
    these events.
    """
    record = GrantRecord.from_document(dict(state))
    config = _config(record.config)
    return {
        "id": str(record.id),
        "partner": record.partner,
        "grant": record.grant,
        "status": record.status,
        "live": record.live,
        "reason": shown(redact(record.reason)),
        "role": record.role_arn,
        "account": record.account or shown(config.get("account") or ""),
        "file": shown(redact(record.config_key or "")),
        "author": shown(redact(str(record.author or ""))),
        "starts_at": record.starts_at,
        "expires_at": record.expires_at,
        "confirmed_at": record.confirmed_at,
        "granted_at": _at(("AccessGranted",), lines) or (before or {}).get("granted_at"),
        "ended_at": _ended_at(record, lines),
        "last_used": record.last_used,
        "updated_at": record.updated_at,
        "waits": _waits(record, redact),
        "findings": [shown(redact(finding.message)) for finding in record.findings],
        **_of_config(config, redact),
        "history": lines,
    }


def _waits(record: GrantRecord, redact: Redactor) -> RegisterEntry | None:
    """What waits for approval: `{"since", "groups", "rejected_by"}`; None where nothing does."""
    pending = record.pending
    if pending is None:
        return None
    return {
        "since": pending.since,
        "groups": [shown(group) for group in pending.groups],
        "rejected_by": shown(redact(pending.rejected_by or "")),
    }


def _of_config(config: Mapping[str, Any], redact: Redactor) -> RegisterEntry:
    made, given = config.get("generate_external_id"), config.get("external_id")
    rows = access_rows(config)
    return {
        "purpose": shown(redact(config.get("purpose", "")), _PURPOSE),
        "owner": shown(redact(config.get("owner", ""))),
        "principals": [shown(text) for text in principal_texts(config.get("principals"))],
        "conditions": [shown(redact(text)) for text in session_conditions(config)],
        "guarded": bool(made or given),
        "access": [{name: redact(text) for name, text in row.items()} for row in rows],
    }


def session_conditions(config: Mapping[str, Any]) -> Iterable[str]:
    """What a session must fulfil besides the external ID and the dates, and what it may bring."""
    if ranges := _array(config.get("source_ips")):
        yield f"from {', '.join(ranges)}"
    if organization := config.get("organization_id"):
        yield f"organization {organization}"
    if config.get("require_mfa"):
        yield "with MFA"
    if tags := config.get("session_tags"):
        yield f"session tags {', '.join(_array(tags))}" if tags is not True else "any session tags"
    if config.get("source_identity"):
        yield "may set a source identity"
    if config.get("self_assume"):
        yield "may assume itself"
    yield f"sessions of at most {int(config.get('max_session_duration', 3600)) // 60} minutes"


def _ended_at(record: GrantRecord, lines: list[HistoryLine]) -> str | None:
    stands = standing(record, record.updated_at)
    if stands.phase != "ended" or stands.overdue:
        return None
    return min(filter(None, (_at(_ENDS, lines) or stands.ended_at, record.expires_at)))


def _at(events: tuple[str, ...], lines: list[HistoryLine]) -> str | None:
    """When the newest of such events was."""
    return next((line["at"] for line in lines if line["event"] in events), None)


def _config(text: str | None) -> Mapping[str, Any]:
    """The config that a state holds; states of rejected configs hold none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _array(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
