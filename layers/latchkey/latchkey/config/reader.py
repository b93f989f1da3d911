"""From bytes to a config, or to every problem at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from latchkey.config.json_schema import SCHEMA_NAME
from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.config.rules import MOST_NAMED, StackContext, count_named, rule_problems
from latchkey.config.schema import FIELDS, PartnerConfig
from latchkey.config.strict_json import Fault, TextRejected, parse_object
from latchkey.config.trust_fields import ONE, SEVERAL, parse_network
from latchkey.config.web_identity import BY_NAME, BY_TOKEN, Unread, WebIdentity, is_by_token
from latchkey.config.wording import wording
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.iam.principal import Principal, parse_principal
from latchkey.services.catalogue import AccessEntry
from latchkey.services.entry import Entry
from latchkey.services.registry import NAMES


class ReadConfig(Frozen):
    """A config as far as it could be read.

    `grant` is the grant that it names, also when it is otherwise invalid; `config` is None exactly
    when there are `problems`. `sound` are the fields that are valid by themselves, and few enough
    to be looked up. `fault` is what is wrong with the text itself, if it could not be
    parsed; `unknown_fields` are the JSON pointers of fields that no config has.
    """

    grant: GrantId | None
    config: PartnerConfig | None
    problems: tuple[Problem, ...] = ()
    sound: Mapping[str, Any] = MappingProxyType({})
    fault: Fault | None = None
    unknown_fields: frozenset[str] = frozenset()


def read_config(data: bytes, stack: StackContext, now: datetime | None) -> ReadConfig:
    """Read a partner config from UTF-8 JSON; never raises.

    `now` is None for a config that was accepted before: it does not turn invalid by expiring.
    """
    try:
        document = parse_object(data)
    except TextRejected as rejected:
        return ReadConfig(None, None, rejected.problems, fault=rejected.fault)
    return read_document(document, stack, now)


def read_document(
    document: dict[str, Any], stack: StackContext, now: datetime | None
) -> ReadConfig:
    """Read a partner config from JSON data; never raises."""
    grant = GrantId.named(document.get("partner"), document.get("grant", "main"))
    document = _without_schema_name(document)
    try:
        config = PartnerConfig.model_validate(document)
    except ValidationError as invalid:
        sound = _sound(document)
        problems = [*_field_problems(invalid, now), *rule_problems(sound, stack, now)]
        all_problems = ConfigRejected(problems).problems
        return ReadConfig(
            grant, None, all_problems, _few(sound), unknown_fields=_unknown_fields(invalid)
        )
    problems = list(rule_problems(dict(config), stack, now))
    if problems:
        return ReadConfig(grant, None, ConfigRejected(problems).problems, _few(dict(config)))
    return ReadConfig(grant, config, sound=dict(config))


def _without_schema_name(document: dict[str, Any]) -> dict[str, Any]:
    """A config without what only an editor reads: where it finds the schema."""
    named = document.get("$schema")
    if not isinstance(named, str) or len(named) > SCHEMA_NAME:
        return document
    return {name: value for name, value in document.items() if name != "$schema"}


def _sound(document: dict[str, Any]) -> dict[str, Any]:
    """The fields that are valid by themselves, with the defaults of those left out."""
    sound = {}
    for name, info in FIELDS.items():
        if name not in document:
            if not info.is_required():
                sound[name] = info.get_default(call_default_factory=True)
            continue
        if name in _SOUND_ITEMS:
            sound[name] = _sound_items(document[name], _SOUND_ITEMS[name])
            continue
        try:
            sound[name] = TypeAdapter(
                _annotated(info), config={"arbitrary_types_allowed": True}
            ).validate_python(document[name])
        except ValidationError:
            continue
    return sound


def _few(sound: dict[str, Any]) -> dict[str, Any]:
    """The fields without entries that name too much to be looked up."""
    return sound if count_named(sound) <= MOST_NAMED else {**sound, "access": []}


def _sound_items(given: Any, item: Callable[[Any], Any]) -> list[Any]:
    """The items, with None for those that are not valid, so that indexes stay.

    What is beyond the longest list that any field may have is not looked at.
    """
    return [item(one) for one in given[:_MOST_ITEMS]] if isinstance(given, list) else []


def _sound_principal(given: Any) -> Principal | WebIdentity | Unread | None:
    try:
        if is_by_token(given):
            return WebIdentity.model_validate(given)
        return parse_principal(given) if isinstance(given, str) else None
    except ValueError:  # pydantic's is one
        return Unread() if is_by_token(given) else None


def _sound_network(text: Any) -> str | None:
    try:
        return parse_network(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _sound_entry(given: Any) -> Entry | None:
    try:
        entry: Entry = _entries().validate_python(given)
    except ValidationError:
        return None
    return entry


@cache
def _entries() -> TypeAdapter[Any]:
    """What reads one entry by itself; a file without faults has no need of it."""
    return TypeAdapter(AccessEntry)


_MOST_ITEMS = 20
_TAGS = {
    "access": (2, NAMES),
    "external_id": (1, (ONE, SEVERAL)),
    "principals": (2, (BY_NAME, BY_TOKEN)),
}
"""Where in a location pydantic puts the tag of a union's member, and which there are."""

_SOUND_ITEMS = {
    "principals": _sound_principal,
    "source_ips": _sound_network,
    "access": _sound_entry,
}


def _annotated(field: Any) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _field_problems(invalid: ValidationError, now: datetime | None) -> Iterator[Problem]:
    for error in invalid.errors(include_url=False):
        yield Problem(pointer(_location(error["loc"])), wording(error, FIELDS, now))


def _unknown_fields(invalid: ValidationError) -> frozenset[str]:
    return frozenset(
        pointer(_location(error["loc"]))
        for error in invalid.errors(include_url=False)
        if error["type"] == "extra_forbidden"
    )


def _location(loc: Sequence[str | int]) -> Iterator[str | int]:
    """Pydantic's location without the tag that it puts in for a member of a union."""
    tags = _TAGS.get(str(loc[0])) if loc else None
    for index, part in enumerate(loc):
        if not (tags and index == tags[0] and part in tags[1]):
            yield part
