"""Grants without a fixed end: what nobody confirms ends (docs/expiry.md, "Confirmation").

Somebody confirms a grant by the order `confirm`, or by a version that asks for something else than
what is on record. Whoever only looks again, and whoever uploads the same once more, confirms
nothing: an end may not move on by itself.
"""

import json
from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta

from pydantic import BaseModel

from latchkey.config.schema import PartnerConfig
from latchkey.frozen import Frozen
from latchkey.grants.record import GrantRecord
from latchkey.iam.principal import Principal
from latchkey.times import instant, parse_instant


class Given(Frozen):
    """A config as it was given: its version and text, when, and when somebody ordered `confirm`.

    `given_at` is None for a config that was accepted before, and is read again.
    """

    version: str | None
    text: str | None
    given_at: datetime | None = None
    ordered_at: datetime | None = None


def with_end(
    config: PartnerConfig, record: GrantRecord | None, given: Given, now: datetime
) -> PartnerConfig:
    """The config with the end that follows from when it was confirmed last; else as it is."""
    if config.confirm_every_days is None:
        return config
    end = confirmed_at(record, given, now) + timedelta(days=config.confirm_every_days)
    return config.model_copy(update={"expires_at": end})


def with_recorded_end(config: PartnerConfig, record: GrantRecord) -> PartnerConfig:
    """The config with the end that is on record, where it has none of its own."""
    if config.expires_at or not record.expires_at:
        return config
    return config.model_copy(update={"expires_at": parse_instant(record.expires_at)})


def confirmed_at(record: GrantRecord | None, given: Given, now: datetime) -> datetime:
    """When a grant was confirmed last; never later than now, whatever record or clocks say."""
    known = _on_record(record)
    found = [given.ordered_at]
    if record and known and is_known(record, given) and not _anew(record, given):
        found.append(known)
    else:
        found += [given.given_at or now, known if record and record.live else None]
    return min(max(filter(None, found)), now).replace(microsecond=0)


def refusal(
    record: GrantRecord, config: PartnerConfig | None, now: datetime, ordered_at: datetime
) -> str | None:
    """Why a live grant cannot be confirmed by an order of a time, if it cannot."""
    if record.status == "suspended" or record.instruction == "suspend":
        return f"{record.id} is suspended; order `resume` first, or let it end"
    if record.instructed_at and ordered_at < datetime.fromisoformat(record.instructed_at):
        return (
            f"ordered before `{record.instruction}` was, at {record.instructed_at}: who ordered it "
            "did not know; order it again"
        )
    if record.expires_at and parse_instant(record.expires_at) <= now:
        anew = "upload a version with other content to grant it anew"
        return f"{record.id} ended at {record.expires_at}, and cannot be confirmed; {anew}"
    if config and config.confirm_every_days is None:
        later = "write a later `expires_at` into its file (latchkey renew)"
        return f"{record.id} has a fixed end, {instant(config.ends_at)}; {later}"
    if config and config.status != "active":
        return f'the config says "status": "{config.status}"; upload it as active first'
    return None


def is_known(record: GrantRecord | None, given: Given) -> bool:
    """Whether a config asks for what is on record: by its version, or by what it says."""
    if record is None:
        return False
    known = record.config_version is not None and record.config_version == given.version
    return known or asks_the_same(record.config, given.text)


def asks_the_same(known: str | None, given: str | None) -> bool:
    """Whether two configs, as JSON text, ask for the same.

    Blanks, the order of keys and lists, `$schema`, defaults that are written out, and other forms
    of the same make no difference: who writes files by a program has them differ by themselves.
    """
    return known is not None and given is not None and _asked(known) == _asked(given)


def _on_record(record: GrantRecord | None) -> datetime | None:
    """When the record says that it was confirmed."""
    return _time(record.confirmed_at) if record else None


def _time(text: str | None) -> datetime | None:
    """A time of the record; what is no time says nothing."""
    try:
        return parse_instant(text) if text else None
    except ValueError:
        return None


def _anew(record: GrantRecord, given: Given) -> bool:
    """Whether the file was uploaded after its removal was on record, which grants it anew.

    A copy that was there by then is the same file under another name.
    """
    removed = record.status == "revoked" and record.instruction != "revoke"
    since = _time(record.updated_at)
    given_at = given.given_at and given.given_at.replace(microsecond=0)  # as `since` is
    return removed and bool(since and given_at and given_at > since)


def _asked(text: str) -> Hashable:
    try:
        document = json.loads(text)
        named = {name: value for name, value in document.items() if name != "$schema"}
        config = PartnerConfig.model_validate(named)
    except (AttributeError, ValueError):  # what is no config differs from every config
        return text
    return _unordered(dict(config))


def _unordered(value: object) -> Hashable:
    """A parsed config, or a part of it, without the order of lists and other ways to write it.

    An account and its root are one principal; a list of one is that one.
    """
    match value:
        case Principal():
            return value.account if value.whole_account else value.text
        case BaseModel():
            return type(value), _unordered(dict(value))
        case Mapping():
            return frozenset((name, _unordered(part)) for name, part in value.items())
        case list() | tuple():
            parts = frozenset(_unordered(part) for part in value)
            return next(iter(parts)) if len(parts) == 1 else parts
        case _:
            return value
