"""Facts for security tools: outcomes as events of the Open Cybersecurity Schema Framework (OCSF).

Version 1.5.0 of the schema: class 3005, User Access Management, for access that is assigned and
revoked, and class 2004, Detection Finding, for what was found. Base attributes: `activity_id`,
`category_uid`, `class_uid`, `metadata`, `severity_id`, `time` (milliseconds since 1970) and
`type_uid` (class times 100 plus activity) are required. What the schema has no field for is in
`unmapped`. Later versions keep both classes (1.9 recommends another one for 3005).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from latchkey.frozen import Frozen
from latchkey.grants.record import EventType
from latchkey.reports.outcome_event import OutcomeEvent
from latchkey.reports.redaction import Redactor
from latchkey.reports.summary.effects import only_narrows

VERSION = "1.5.0"

Severity = Literal["Informational", "Low", "Medium", "High"]
_SEVERITIES: tuple[Severity, ...] = ("Informational", "Low", "Medium", "High")
"""From 1 on, as the schema counts them."""

_ACCESS = (3, "Identity & Access Management", 3005, "User Access Management")
_FINDING = (2, "Findings", 2004, "Detection Finding")

_ASSIGN, _REVOKE, _OTHER = (1, "Assign Privileges"), (2, "Revoke Privileges"), 99
_CREATE, _CLOSE = (1, "Create"), (3, "Close")
_SUCCESS, _FAILURE = (1, "Success"), (2, "Failure")
_NEW, _RESOLVED = (1, "New"), (4, "Resolved")

Named: TypeAlias = tuple[int, str]


class _Kind(Frozen):
    """What a fact is in the schema: its class, activity, status and severity."""

    of: tuple[int, str, int, str]
    activity: Named
    status: Named
    severity: Severity = "Informational"


_KINDS: Mapping[EventType, _Kind] = {
    "AccessGranted": _Kind(_ACCESS, _ASSIGN, _SUCCESS),
    "AccessUpdated": _Kind(_ACCESS, (_OTHER, "Change Privileges"), _SUCCESS),
    "AccessConfirmed": _Kind(_ACCESS, (_OTHER, "Prolong Privileges"), _SUCCESS),
    "AccessSuspended": _Kind(_ACCESS, _REVOKE, _SUCCESS),
    "AccessRevoked": _Kind(_ACCESS, _REVOKE, _SUCCESS),
    "AccessExpired": _Kind(_ACCESS, _REVOKE, _SUCCESS),
    "ConfigRejected": _Kind(_ACCESS, _ASSIGN, _FAILURE, "Low"),
    "OrderRejected": _Kind(_ACCESS, (_OTHER, "Order"), _FAILURE, "Low"),
    "GrantFailed": _Kind(_ACCESS, (_OTHER, "Change Privileges"), _FAILURE, "Medium"),
    "DriftRepaired": _Kind(_FINDING, _CREATE, _RESOLVED, "High"),
    "FindingsReported": _Kind(_FINDING, _CREATE, _NEW, "Medium"),
    "FindingsResolved": _Kind(_FINDING, _CLOSE, _RESOLVED),
    "ApprovalRequested": _Kind(_ACCESS, (_OTHER, "Request Privileges"), (_OTHER, "Pending")),
}


def ocsf(
    event: OutcomeEvent, result: Mapping[str, Any], region: str, unsaid: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The event of OCSF for an outcome; `result` has what the role allows (docs/results.md).

    `unsaid` are external IDs, which no text of it may quote.
    """
    kind, document = _kind(event), event.document()
    category, category_name, number, name = kind.of
    activity, activity_name = kind.activity
    common = {
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": category,
        "category_name": category_name,
        "class_uid": number,
        "class_name": name,
        "type_uid": number * 100 + activity,
        "type_name": f"{name}: {activity_name if activity != _OTHER else 'Other'}",
        "time": _milliseconds(event.recorded_at),
        "severity_id": _SEVERITIES.index(kind.severity) + 1,
        "severity": kind.severity,
        "status_id": kind.status[0],
        "status": kind.status[1],
        "status_detail": event.reason,
        "message": f"{_about(event)}: {event.outcome}",
        "metadata": {
            "version": VERSION,
            "product": {"name": "Latchkey", "vendor_name": "Latchkey"},
            "profiles": ["cloud"],
            "uid": f"{event.execution}#{event.fact}",
            "event_code": event.fact,
        },
        "cloud": {"provider": "AWS", "region": region, **_account(event.role_arn)},
        "unmapped": {field: document[field] for field in _UNMAPPED},
    }
    own = _access(event, result) if kind.of == _ACCESS else _finding(event, kind)
    redact = Redactor(unsaid)
    return {**common, **{field: redact.document(value) for field, value in own.items()}}


def object_key(event: OutcomeEvent) -> str:
    """Where a fact goes: by its day, and once, however often its run tells of it."""
    run = event.execution.rsplit(":", 1)[-1]
    return f"ocsf/{event.recorded_at[:10].replace('-', '/')}/{run}-{event.fact}.json"


_UNMAPPED = (
    "partner",
    "grant",
    "owner",
    "widens",
    "starts_at",
    "expires_at",
    "by",
    "order",
    "requested_by",
    "author",
    "config_bucket",
    "config_key",
    "config_version",
    "execution",
)


def _kind(event: OutcomeEvent) -> _Kind:
    """A change is told as what it comes to: more, or only less; a failure, as what was to be."""
    kind = _KINDS[event.fact]
    if event.fact == "AccessUpdated" and event.widens:
        return _Kind(kind.of, _ASSIGN, kind.status)
    if event.fact == "AccessUpdated" and only_narrows(vars(line) for line in event.summary):
        return _Kind(kind.of, _REVOKE, kind.status)
    if event.fact == "GrantFailed" and event.order in ("revoke", "suspend"):
        return _Kind(kind.of, _REVOKE, kind.status, kind.severity)
    return kind


def _access(event: OutcomeEvent, result: Mapping[str, Any]) -> dict[str, Any]:
    named = event.partner or "unknown"
    return {
        "user": {"name": named, "uid": _about(event), "type": "Partner", "type_id": _OTHER},
        "privileges": list(_privileges(result)),
        "resources": list(_resources(event, result)),
    }


def _privileges(result: Mapping[str, Any]) -> Iterator[str]:
    for row in result.get("allows") or ():
        only = f" if {'; '.join(row['conditions'])}" if row.get("conditions") else ""
        yield f"{row['service']} {', '.join(row['may'])} on {row['resource']}{only}"


def _resources(event: OutcomeEvent, result: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if event.role_arn:
        yield {"uid": event.role_arn, "type": "AWS::IAM::Role"}
    for row in result.get("allows") or ():
        yield {"name": str(row["resource"]), "type": str(row["service"])}


def _finding(event: OutcomeEvent, kind: _Kind) -> dict[str, Any]:
    """A finding; those of a grant are one, which is closed when the last of them is gone."""
    drift = event.fact == "DriftRepaired"
    told = [*event.drift, *(f"{one.path}: {one.message}" for one in event.problems)]
    title = "Role changed outside of Latchkey" if drift else "Problems with granted access"
    return {
        "finding_info": {
            "uid": event.execution if drift else f"{_about(event)}/findings",
            "title": title,
            "desc": "\n".join(told) or event.reason,
            "types": ["drift" if drift else "access"],
        },
        "resources": [{"uid": event.role_arn, "type": "AWS::IAM::Role"}] if event.role_arn else [],
        "is_alert": kind.activity == _CREATE,
    }


def _about(event: OutcomeEvent) -> str:
    if event.partner and event.grant:
        return f"{event.partner}.{event.grant}"
    return event.config_key or "workflow input"


def _account(role_arn: str | None) -> dict[str, Any]:
    if not role_arn:
        return {}
    return {"account": {"uid": role_arn.split(":")[4], "type": "AWS Account", "type_id": 10}}


def _milliseconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp() * 1_000)
