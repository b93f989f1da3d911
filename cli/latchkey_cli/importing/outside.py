"""What partner roles may not do, of all that a role allows: a line for each reason."""

import re
from collections.abc import Iterable

from latchkey.iam.patterns import covers
from latchkey.services.boundary import allowed, conditional
from latchkey.services.labels import service_of
from latchkey_cli.importing.note import Note, some

_BY_LOWER = {action.lower() for action in allowed() | conditional()}
_SERVICES = {service_of(action) for action in _BY_LOWER}
_READS = re.compile(
    r"batch\*|(?:batch)?(?:get|describe|list|search|lookup|view|check|query|select|read|scan)",
    re.IGNORECASE,
)

_KEY_USE = {
    "kms:decrypt",
    "kms:describekey",
    "kms:encrypt",
    "kms:generatedatakey",
    "kms:generatedatakey*",
    "kms:reencrypt*",
}

_LISTED = "what is listed in it is kept"
_CONTROL_PLANE = "out of scope: changes resources or who may use them (control plane)"
_READING = "reads what no entry of a config gives"
_KEYS = "the use of keys behind resources is added"
_PART = "only the part that partner roles may have is kept"


def outside(written: Iterable[str]) -> list[Note]:
    """Notes about the actions of policies that, in whole or in part, partner roles may not have.

    `written` are the actions as policies have them; each reason is one note.
    """
    found: dict[str, dict[str, None]] = {}
    for action in written:
        if why := _why(action):
            found.setdefault(why, {})[action] = None
    return [_note(why, tuple(actions)) for why, actions in sorted(found.items())]


def _note(why: str, actions: tuple[str, ...]) -> Note:
    return Note("lost", f"{some(actions)}: {why}", actions)


def _why(written: str) -> str | None:
    """The reason why an action is not kept as it is written, or None where all of it is."""
    low = written.lower()
    service, _, name = low.partition(":")
    if low in _BY_LOWER:
        return None
    if low in _KEY_USE:
        return _KEYS
    if "*" in service or "?" in service or not name:
        return _LISTED
    if service in _SERVICES and any(covers(low, one) for one in _BY_LOWER):
        return _PART
    return _other(name)


def _other(name: str) -> str:
    return _READING if _READS.match(name) else _CONTROL_PLANE
