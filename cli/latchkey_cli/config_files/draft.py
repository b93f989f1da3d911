"""A new config, from a few answers: its document, its text, and what is wrong with it so far."""

from datetime import datetime, timedelta
from typing import Any

from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails
from latchkey.config.near_words import AROUND, word_meant
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.services.near_names import near_names
from latchkey.services.registry import CUSTOM, NAMES, entry_class, spec
from latchkey.text import json_text
from latchkey.times import instant

_EXAMPLES = ("s3:northwind-reports/acme:read-write", "secretsmanager:acme/reports-api:read")
USUAL_DAYS = 90
"""Days until the end of a grant for which nobody says another."""


def usual_end(now: datetime) -> str:
    """The end of a grant for which nobody says another: midnight after the usual days."""
    day = (now + timedelta(days=USUAL_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    return instant(day)


def draft(answers: dict[str, Any]) -> dict[str, Any]:
    """A config with the fields that were answered, in the order in which people read them."""
    order = (
        *("version", "partner", "grant", "account", "purpose", "owner", "owner_contact"),
        *("principals", "external_id", "generate_external_id", "starts_at", "expires_at", "access"),
    )
    given = {"version": 1, **answers}
    return {name: given[name] for name in order if given.get(name) not in (None, "", [], False)}


def text_of(document: dict[str, Any]) -> str:
    """The text of a file: indented, with each entry of `access` on a line of its own."""
    lines = [f"  {json_text(n)}: {_value(n, v)}" for n, v in document.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _value(name: str, value: Any) -> str:
    if name != "access":
        return json_text(value)
    return "[\n" + ",\n".join(f"    {json_text(entry)}" for entry in value) + "\n  ]"


def entry_of(text: str) -> dict[str, Any]:
    """The entry in `SERVICE:RESOURCE:ALLOW`, such as `s3:reports/in:read` or `sqs:orders:send`.

    Raises
    ------
    ValueError
        With what to write instead.
    """
    service, _, rest = text.strip(AROUND).partition(":")
    resource, _, allow = rest.rpartition(":")
    if service not in NAMES or service == CUSTOM:
        known = ", ".join(name for name in NAMES if name != CUSTOM)
        raise ValueError(f"{text!r}: begin with one of {known}, as in s3:reports/in:read")
    levels = levels_of(service)
    if allow in levels and not resource and not spec(service).field:
        return {"service": service, "allow": allow}
    if not resource or allow not in levels:
        near = word_meant(allow, levels) or levels[0]
        what = resource or spec(service).noun.upper()
        raise ValueError(f"{text!r}: write {service}:{what}:{near} ({', '.join(levels)})")
    return {"service": service, **named(service, resource), "allow": allow}


def named(service: str, resource: str) -> dict[str, str]:
    """The fields of an entry that name a resource: `reports/in` is a bucket and a folder in it."""
    described, known = spec(service), entry_class(service).model_fields
    for name, part in near_names(resource.strip(AROUND), service, described.arn):
        fields = {described.field: name}
        if part and described.part in known:
            fields[described.part] = part
        if not _problems({"access": [{"service": service, **fields}]}, "/access/0", fields):
            return fields
    return {described.field: resource}


def levels_of(service: str) -> list[str]:
    """What an entry of a service may allow."""
    return list(spec(service).actions)


def problem_with(name: str, value: Any, stack: StackContext, now: datetime) -> str | None:
    """What is wrong with one answer by itself, in the words of the config's reader.

    External IDs are held to the default guardrails, as by `validate`.
    """
    read = read_document({name: value}, stack, now)
    found = [*read.problems, *external_id_broken(read.sound, Guardrails(version=1), stack)]
    mine = (one for one in found if one.path == f"/{name}" or one.path.startswith(f"/{name}/"))
    return next((one.message for one in mine), None)


def _problems(document: dict[str, Any], below: str, fields: dict[str, str]) -> list[str]:
    from latchkey_cli.config_files.ends import NOWHERE

    found = read_document(document, NOWHERE, None).problems
    return [one.message for one in found if one.path in {f"{below}/{name}" for name in fields}]


def template(now: datetime) -> str:
    """A config with every field that is usual, to be changed by hand."""
    return text_of(
        draft(
            {
                "partner": "acme",
                "grant": "reports",
                "purpose": "Nightly report exchange",
                "owner": "data-platform",
                "owner_contact": "data-platform@example.com",
                "principals": ["444455556666"],
                "external_id": "the-id-that-the-partner-gives-you",
                "expires_at": usual_end(now),
                "access": [entry_of(text) for text in _EXAMPLES],
            }
        )
    )
