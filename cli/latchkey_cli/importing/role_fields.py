"""The fields of a config that follow from a role's name, description, tags and dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from latchkey.grant_id import SLUG
from latchkey.grants.role import GRANT_TAG
from latchkey.times import instant
from latchkey_cli.importing.dates import Dates, dates, joined, moment
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.role import ExistingRole

_OWNER_TAGS = ("latchkey:owner", "owner", "team", "contact")
_TAG = re.compile(r"[\w .:/=+\-@]*")
_ENTRIES = 20


@dataclass(frozen=True)
class ImportOptions:
    """Fields of the grant as given on the command line; None is derived from the role."""

    partner: str | None = None
    grant: str | None = None
    owner: str | None = None
    expires_at: str | None = None


def names_of(role: ExistingRole, options: ImportOptions) -> tuple[str, str]:
    """Partner and grant: as given, from Latchkey's tag, or from the role's name."""
    tagged = re.fullmatch(rf"({SLUG})\.({SLUG})", role.tags.get(GRANT_TAG, ""))
    partner, grant = tagged.groups() if tagged else (slug(role.name), "main")
    return options.partner or partner, options.grant or grant


def slug(name: str) -> str:
    """The name of a partner after that of a role."""
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    text = re.sub(r"^[0-9-]+", "", text).removesuffix("-role")[:22].strip("-")
    return text if re.fullmatch(SLUG, text) else "partner"


def purpose_of(role: ExistingRole) -> str:
    """The role's description without the owner, which Latchkey adds to it."""
    purpose = re.sub(r" \(owner: .*\)$", "", role.description)
    text = "".join(c if c.isprintable() else " " for c in purpose).strip()[:256]
    return text or f"What the role {role.name} was made for"


def owner_of(role: ExistingRole, options: ImportOptions) -> str:
    """The owner as given or from the role's tags; `unknown` without one."""
    tags = {key.lower(): value for key, value in role.tags.items()}
    tagged = next((tags[key] for key in _OWNER_TAGS if tags.get(key, "").strip()), None)
    return options.owner or tagged or "unknown"


def dates_of(role: ExistingRole, options: ImportOptions) -> dict[str, str]:
    """The narrowest dates of all documents, or the end as given."""
    found = _all_dates(role)
    narrowest = {"expires_at": found.end(), "starts_at": found.begin()}
    own = {name: instant(at) for name, at in narrowest.items() if at}
    return {**own, "expires_at": options.expires_at} if options.expires_at else own


def _all_dates(role: ExistingRole) -> Dates:
    every = (dates(document) for document in (role.trust_policy, *role.policies.values()))
    return joined(one for general, own in every for one in (general, *own))


def _notes_about_dates(role: ExistingRole, config: dict[str, Any]) -> Iterator[Note]:
    """What is wider than the role's own dates, and what of it lasts longer than the first end."""
    found = _all_dates(role)
    if unread := found.unread():
        yield Note("wider", f"dates that cannot be read: {', '.join(unread)}")
    own, given = found.end(), moment(config.get("expires_at", ""))
    if own is None:
        return
    if given and given > own:
        yield Note("wider", f"the role ends at {instant(own)}, before the given --expires-at")
    of_policies = [dates(document) for document in role.policies.values()]
    general = joined(one for one, _ in of_policies)
    ends = [joined((general, one)).end() for _, several in of_policies for one in several]
    if own in ends and any(end is None or end > own for end in ends):
        yield Note("lost", f"what it allows after {instant(own)}: a config has one end for all")


def tags_of(role: ExistingRole) -> dict[str, str]:
    """The tags that a config may have; Latchkey writes its own tags, also for the owner."""
    return {
        key: value
        for key, value in role.tags.items()
        if not key.lower().startswith(("aws:", "latchkey:")) and _TAG.fullmatch(key + value)
    }


def notes_about(role: ExistingRole, config: dict[str, Any]) -> list[Note]:
    """Notes about what the config does not keep of the role's fields."""
    notes = []
    if config["owner"] == "unknown":
        notes.append(Note("decide", "no owner; write the responsible team as `owner`"))
    if role.boundary_arn and role.boundary is None:
        text = f"its boundary {role.boundary_arn}, which you may not read"
        notes.append(Note("wider", text))
    notes += _notes_about_dates(role, config)
    lost = sorted(set(role.tags) - set(config["tags"]))
    if foreign := [key for key in lost if not key.lower().startswith("latchkey:")]:
        notes.append(Note("lost", f"the tags {', '.join(foreign)}; IAM or Latchkey reserve them"))
    if len(config["access"]) > _ENTRIES:
        notes.append(Note("decide", "more than 20 entries: split it into several grants"))
    return notes
