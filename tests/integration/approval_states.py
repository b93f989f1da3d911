"""What the versions of a grant's file ask for, and the rules that there may be, by their names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from latchkey.times import parse_instant
from tests.kit.examples import config_document, s3_entry
from tests.kit.stack.approvals import ADA, BEN, EVE, GROUPS, SSO, WIDER

Gives = frozenset[tuple[str, ...]]

PARTNERS = ("444455556666", "777788889999")
IDS = ("acme-7f3b2c91", "acme-other-11")
READS, WRITES = ("s3:GetObject",), ("s3:PutObject", "s3:DeleteObject")
PLACES = ("data-bucket/in/x", "data-bucket/out/x", "other-bucket/x")
SESSIONS = ("3600", "7200")
OTHER = "arn:aws:s3:::other-bucket"
SOON, BEFORE, LATE = "2026-03-01T00:00:00Z", "2029-01-01T00:00:00Z", "2031-01-01T00:00:00Z"
NAME = "acme-export"
DAYS = 20

ASKS: dict[str, dict[str, Any]] = {
    "same": {},
    "wider": {"access": WIDER},
    "narrower": {"access": [s3_entry(prefix="in", allow="read")]},
    "partners": {"principals": list(PARTNERS)},
    "both": {"principals": list(PARTNERS), "access": WIDER},
    "other": {"access": [s3_entry(bucket="other-bucket", allow="read")]},
    "other id": {"external_id": IDS[1]},
    "sessions": {"max_session_duration": 7200},
    "soon": {"expires_at": SOON},
    "shorter": {"expires_at": BEFORE},
    "longer": {"expires_at": LATE},
    "open ended": {"confirm_every_days": DAYS},
    "open ended wider": {"confirm_every_days": DAYS, "access": WIDER},
    "named": {"role_name": NAME},
    "named wider": {"role_name": NAME, "access": WIDER},
    "suspended": {"status": "suspended", "principals": list(PARTNERS)},
    "revoked": {"status": "revoked"},
    "invalid": {"purpose": ""},
    "nothing there": {"access": [s3_entry(bucket="no-such-bucket")]},
}

_WIDENING: dict[str, Any] = {"widening": True}
RULES: dict[str, Any] = {
    "two": [{"when": _WIDENING, "groups": {"security": 2}}],
    "one": [{"when": _WIDENING, "groups": {"security": 1}}],
    "people": [{"when": _WIDENING, "groups": {"people": 1}}],
    "left": [{"when": _WIDENING, "groups": {"security": 1}}],
    "short": [{"when": _WIDENING, "groups": {"security": 1}, "valid_for_hours": 1}],
    "days": [{"when": {"days": 3}, "groups": {"security": 1}}],
    "other bucket": [{"when": {"resources": [f"{OTHER}*"]}, "groups": {"security": 1}}],
    "none": [],
    "denied": [{"when": _WIDENING, "groups": {"security": 2}}],
    "unreadable": None,
}
PEOPLE = {"ada": (ADA, "security"), "ben": (BEN, "security"), "sso": (f"{SSO}:cy", "people")}
_LEFT = {**GROUPS, "security": {"members": [BEN, EVE.partition(":")[0]]}}


def groups(rules: str) -> dict[str, Any]:
    """Who is in which group; one of them has left it."""
    return _LEFT if rules == "left" else GROUPS


def needs(rules: str, name: str) -> Mapping[str, int]:
    """How many of which group have to approve what gives more."""
    if rules == "other bucket" and not touches_other(name):
        return {}
    return RULES[rules][0]["groups"] if RULES[rules] else {}


def hours(rules: str) -> int:
    """For how long an approval counts."""
    return int(RULES[rules][0].get("valid_for_hours", 168))


def touches_other(name: str) -> bool:
    """Whether a config names the other bucket."""
    return any(entry["bucket"] == "other-bucket" for entry in document(name)["access"])


def document(name: str) -> dict[str, Any]:
    """The config that a version of that name is."""
    without = ["expires_at"] if "confirm_every_days" in ASKS[name] else []
    return config_document(*without, **ASKS[name])


def gives(name: str) -> Gives:
    """What a config gives, taken apart, but for keys, which its resources have."""
    asked = document(name)
    ids = {("trust", who, asked["external_id"]) for who in asked["principals"]}
    longest = int(asked.get("max_session_duration", 3600))
    lengths = {("session", one) for one in SESSIONS if int(one) <= longest}
    return frozenset(ids | lengths | _may(asked["access"]))


def has_key(name: str) -> bool:
    """Whether a config names the bucket that may have a key."""
    return any(entry["bucket"] == "data-bucket" for entry in document(name)["access"])


def _may(entries: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for entry in entries:
        actions = READS if entry["allow"] == "read" else (*READS, *WRITES)
        prefix = f"{entry['bucket']}/{entry.get('prefix', '')}"
        found |= {("may", act, one) for act in actions for one in PLACES if one.startswith(prefix)}
    return found


def fixed_end(name: str) -> datetime | None:
    """When a config ends by what it says."""
    end = document(name).get("expires_at")
    return parse_instant(end) if end else None
