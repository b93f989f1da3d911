"""The config that describes a hand-made role, valid as a whole, and the remarks about it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from latchkey.config.problem import Problem
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.grant_id import SLUG
from latchkey.grants.role import GRANT_TAG
from latchkey_cli.importing.access import entries
from latchkey_cli.importing.hand_made import HandMade, Note, dates
from latchkey_cli.importing.permits import permits
from latchkey_cli.importing.trust import trusted

_OWNER_TAGS = ("latchkey:owner", "owner", "team", "contact")
_TAG = re.compile(r"[\w .:/=+\-@]*")
_DURATION = 3_600
_ENTRIES = 20


@dataclass(frozen=True)
class Said:
    """What the caller says of the grant; what is None is taken from the role."""

    partner: str | None = None
    grant: str | None = None
    owner: str | None = None
    expires_at: str | None = None


@dataclass(frozen=True)
class Described:
    """A config that describes a role; with `problems` it is not valid as it stands."""

    config: dict[str, Any]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()


def describe(role: HandMade, said: Said, house: StackContext, now: datetime) -> Described:
    """The config of a role, without whatever keeps it from being valid, if something is left."""
    trust = trusted(role.trust_policy, house.place.account)
    found, notes = permits(role.policies)
    access, more = entries(found, house.place)
    partner, grant = _names(role, said)
    config = {
        "version": 1,
        "partner": partner,
        "grant": grant,
        "purpose": _sentence(role.description) or f"What the role {role.name} was made for",
        "owner": _owner(role, said),
        **trust.fields,
        **_dates(role, said),
        "max_session_duration": max(role.max_session_duration, _DURATION),
        "access": access,
        "tags": _tags(role),
    }
    remarks = [*trust.notes, *notes, *more, *_remarks(role, config)]
    shown = {name: value for name, value in config.items() if value not in ({}, None)}
    return _valid(Described(shown, tuple(remarks)), house, now)


def _valid(found: Described, house: StackContext, now: datetime) -> Described:
    """The same without the parts that are not valid and that it can do without."""
    problems = read_document(found.config, house, now).problems
    config, notes = dict(found.config), list(found.notes)
    for name in ("access", "principals", "source_ips"):
        bad = {_index(p.path): p for p in problems if p.path.startswith(f"/{name}/")}
        items = list(config.get(name) or ())
        for index, problem in bad.items():
            notes.append(Note("lost", f"{name}: {items[index]}: {problem.message}"))
        if bad:
            config[name] = [item for index, item in enumerate(items) if index not in bad]
    for name in ("external_id", "tags", "organization_id", "starts_at"):
        if any(p.path == f"/{name}" for p in problems) and name in config:
            notes.append(Note("lost", f"{name}: {config.pop(name)}"))
            if name == "external_id":
                config["generate_external_id"] = True
    left = read_document(config, house, now).problems
    return Described(config, tuple(dict.fromkeys(notes)), left)


def _index(path: str) -> int:
    return int(path.split("/")[2])


def _names(role: HandMade, said: Said) -> tuple[str, str]:
    """Partner and grant: as they are said, as a tag of ours says, or from the role's name."""
    tagged = re.fullmatch(rf"({SLUG})\.({SLUG})", role.tags.get(GRANT_TAG, ""))
    partner, grant = tagged.groups() if tagged else (_slug(role.name), "main")
    return said.partner or partner, said.grant or grant


def _slug(name: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    text = re.sub(r"^[0-9-]+", "", text).removesuffix("-role")[:22].strip("-")
    return text if re.fullmatch(SLUG, text) else "partner"


def _sentence(text: str) -> str:
    """The description as a purpose; Latchkey's own ends with the owner."""
    purpose = re.sub(r" \(owner: .*\)$", "", text)
    return "".join(c if c.isprintable() else " " for c in purpose).strip()[:256]


def _owner(role: HandMade, said: Said) -> str:
    tags = {key.lower(): value for key, value in role.tags.items()}
    tagged = next((tags[key] for key in _OWNER_TAGS if tags.get(key, "").strip()), None)
    return said.owner or tagged or "unknown"


def _dates(role: HandMade, said: Said) -> dict[str, str]:
    """The narrowest dates of all documents, or the end that is said."""
    told = [dates(document) for document in (role.trust_policy, *role.policies.values())]
    ends = [each["expires_at"] for each in told if "expires_at" in each]
    begins = [each["starts_at"] for each in told if "starts_at" in each]
    end = said.expires_at or min(ends, default=None)
    found = {"expires_at": end, "starts_at": max(begins, default=None)}
    return {name: value for name, value in found.items() if value}


def _tags(role: HandMade) -> dict[str, str]:
    """The tags that a config may have; Latchkey writes its own, and the owner's from `owner`."""
    return {
        key: value
        for key, value in role.tags.items()
        if not key.lower().startswith(("aws:", "latchkey:")) and _TAG.fullmatch(key + value)
    }


def _remarks(role: HandMade, config: dict[str, Any]) -> list[Note]:
    notes = []
    if config["owner"] == "unknown":
        notes.append(Note("decide", "nobody owns it; write the team as `owner`"))
    if role.boundary_arn:
        notes.append(Note("lost", f"its boundary {role.boundary_arn}; Latchkey's takes its place"))
    lost = sorted(set(role.tags) - set(config["tags"]))
    if foreign := [key for key in lost if not key.lower().startswith("latchkey:")]:
        notes.append(Note("lost", f"the tags {', '.join(foreign)}; IAM or Latchkey reserve them"))
    if len(config["access"]) > _ENTRIES:
        notes.append(Note("decide", "more than 20 entries: split it into several grants"))
    return notes
