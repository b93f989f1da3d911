"""The config that describes an existing role, valid as a whole, with notes about it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from latchkey.config.problem import Problem
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.grant_id import SLUG
from latchkey.grants.role import GRANT_TAG
from latchkey_cli.importing.access import catalogue_entries
from latchkey_cli.importing.custom import custom_entries
from latchkey_cli.importing.dates import dates
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.permissions import AllowStatement, allow_statements
from latchkey_cli.importing.role import ExistingRole
from latchkey_cli.importing.trust import trust_fields

_OWNER_TAGS = ("latchkey:owner", "owner", "team", "contact")
_TAG = re.compile(r"[\w .:/=+\-@]*")
_DURATION = 3_600
_ENTRIES = 20


@dataclass(frozen=True)
class ImportOptions:
    """Fields of the grant as given on the command line; None is derived from the role."""

    partner: str | None = None
    grant: str | None = None
    owner: str | None = None
    expires_at: str | None = None


@dataclass(frozen=True)
class ImportedConfig:
    """The config of a role, and notes about it; with `problems` it is not valid."""

    config: dict[str, Any]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()


def import_role(
    role: ExistingRole, options: ImportOptions, stack: StackContext, now: datetime
) -> ImportedConfig:
    """The config of a role, without the parts that would keep it from being valid."""
    trust = trust_fields(role.trust_policy, stack.place.account)
    statements, dropped = allow_statements(role.policies)
    access, access_notes = _access(statements, stack)
    partner, grant = _names(role, options)
    config = {
        "version": 1,
        "partner": partner,
        "grant": grant,
        "purpose": _purpose(role.description) or f"What the role {role.name} was made for",
        "owner": _owner(role, options),
        **trust.fields,
        **_dates(role, options),
        "max_session_duration": max(role.max_session_duration, _DURATION),
        "access": access,
        "tags": _tags(role),
    }
    notes = (*trust.notes, *dropped, *access_notes, *_notes(role, config))
    shown = {name: value for name, value in config.items() if value not in ({}, None)}
    return _valid(ImportedConfig(shown, notes), stack, now)


def _access(
    statements: list[AllowStatement], stack: StackContext
) -> tuple[list[dict[str, Any]], list[Note]]:
    chosen, added = catalogue_entries(statements, stack.place)
    custom, rest = custom_entries(statements, chosen)
    return [*(candidate.entry for candidate in chosen), *custom], [*added, *rest]


def _valid(found: ImportedConfig, stack: StackContext, now: datetime) -> ImportedConfig:
    """The same without the parts that are not valid, if the config can do without them."""
    problems = read_document(found.config, stack, now).problems
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
    left = read_document(config, stack, now).problems
    return ImportedConfig(config, tuple(dict.fromkeys(notes)), left)


def _index(path: str) -> int:
    return int(path.split("/")[2])


def _names(role: ExistingRole, options: ImportOptions) -> tuple[str, str]:
    """Partner and grant: as given, from Latchkey's tag, or from the role's name."""
    tagged = re.fullmatch(rf"({SLUG})\.({SLUG})", role.tags.get(GRANT_TAG, ""))
    partner, grant = tagged.groups() if tagged else (_slug(role.name), "main")
    return options.partner or partner, options.grant or grant


def _slug(name: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    text = re.sub(r"^[0-9-]+", "", text).removesuffix("-role")[:22].strip("-")
    return text if re.fullmatch(SLUG, text) else "partner"


def _purpose(text: str) -> str:
    """The description without the owner, which Latchkey adds to it."""
    purpose = re.sub(r" \(owner: .*\)$", "", text)
    return "".join(c if c.isprintable() else " " for c in purpose).strip()[:256]


def _owner(role: ExistingRole, options: ImportOptions) -> str:
    tags = {key.lower(): value for key, value in role.tags.items()}
    tagged = next((tags[key] for key in _OWNER_TAGS if tags.get(key, "").strip()), None)
    return options.owner or tagged or "unknown"


def _dates(role: ExistingRole, options: ImportOptions) -> dict[str, str]:
    """The narrowest dates of all documents, or the end as given."""
    found = [dates(document) for document in (role.trust_policy, *role.policies.values())]
    ends = [each["expires_at"] for each in found if "expires_at" in each]
    begins = [each["starts_at"] for each in found if "starts_at" in each]
    end = options.expires_at or min(ends, default=None)
    narrowest = {"expires_at": end, "starts_at": max(begins, default=None)}
    return {name: value for name, value in narrowest.items() if value}


def _tags(role: ExistingRole) -> dict[str, str]:
    """The tags that a config may have; Latchkey writes its own tags, also for the owner."""
    return {
        key: value
        for key, value in role.tags.items()
        if not key.lower().startswith(("aws:", "latchkey:")) and _TAG.fullmatch(key + value)
    }


def _notes(role: ExistingRole, config: dict[str, Any]) -> list[Note]:
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
