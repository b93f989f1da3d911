"""Every field that names something, with every string that has no place in a name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from latchkey.services.registry import spec
from latchkey.services.spec import Service
from tests.kit.documented.access import OF_RESOURCES
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, PARTNER_ACCOUNT, s3_entry, secret_entry
from tests.kit.hostile.case import Hostile, bad
from tests.kit.hostile.tokens import BAD_IN_NAMES

HERE = f"us-east-1:{ACCOUNT}"
_SPECS = [spec(name) for name in OF_RESOURCES]
_FIRST = {service.field: service.name for service in reversed(_SPECS)}


def _key(service: Service) -> str:
    """A field, with its service where another one before it has a field of that name."""
    first = _FIRST[service.field] == service.name
    return service.field if first else f"{service.field} of {service.name}"


def field_of(key: str) -> str:
    """The field of a key of `ENTRIES` and `ARNS`."""
    return key.partition(" of ")[0]


ARNS = {
    _key(service): service.resource_arn(service.example[service.field], AWS_ENVIRONMENT)
    + ("-AbCdEf" if service.arn.after else "")
    for service in _SPECS
    if service.arn.regional and service.name != "ssm"  # parameters are named by name only
}
ENTRIES: dict[str, dict[str, Any]] = {
    **{_key(service): {"service": service.name, **service.example} for service in _SPECS},
    "bucket": s3_entry(),
    "prefix": s3_entry(prefix="in"),
    "secret": secret_entry(),
    "parameter": {"service": "ssm", "parameter": "/app/a", "allow": "read"},
}
STATEMENT = {"Action": "s3:GetObjectTagging", "Resource": "arn:aws:s3:::data-bucket/in/*"}


def custom(**changes: Any) -> dict[str, Any]:
    """An entry of one custom statement."""
    return {"service": "custom", "statements": [{**STATEMENT, **changes}]}


def _named(field: str, value: str) -> dict[str, Any]:
    return {"access": [ENTRIES[field] | {field_of(field): value}]}


_Field = tuple[str, str, Callable[[str], dict[str, Any]]]
_FIELDS: tuple[_Field, ...] = (
    ("/partner", "acme", lambda text: {"partner": text}),
    ("/grant", "main", lambda text: {"grant": text}),
    ("/external_id", "acme-7f3b2c91", lambda text: {"external_id": text}),
    ("/organization_id", "o-a1b2c3d4e5", lambda text: {"organization_id": text}),
    ("/source_ips/0", "203.0.113.0/24", lambda text: {"source_ips": [text]}),
    ("/principals/0", PARTNER_ACCOUNT, lambda text: {"principals": [text]}),
    (
        "/principals/0",
        f"arn:aws:iam::{PARTNER_ACCOUNT}:role/reader",
        lambda text: {"principals": [text]},
    ),
    ("/tags", "team", lambda text: {"tags": {text: "blue"}}),
    ("/access/0", "s3", lambda text: {"access": [s3_entry(service=text)]}),
    ("/access/0/allow", "read", lambda text: {"access": [s3_entry(allow=text)]}),
    (
        "/access/0/statements/0/Action",
        "s3:GetObject",
        lambda text: {"access": [custom(Action=text)]},
    ),
    (
        "/access/0/statements/0/Resource",
        "arn:aws:s3:::data-bucket",
        lambda text: {"access": [custom(Resource=[text])]},
    ),
    (
        "/access/0/statements/0/Condition",
        "aws:SourceVpc",
        lambda text: {"access": [custom(Condition={"StringEquals": {text: "vpc-1"}})]},
    ),
    (
        "/access/0/tables",
        "orders",
        lambda text: {"access": [{**ENTRIES["database"], "tables": [text]}]},
    ),
    (
        "/access/0/namespace",
        "Northwind/Orders",
        lambda text: {"access": [{"service": "cloudwatch", "allow": "put", "namespace": text}]},
    ),
    (
        "/access/0/statements/0/Condition",
        "StringEquals",
        lambda text: {"access": [custom(Condition={text: {"aws:SourceVpc": "vpc-1"}})]},
    ),
)


def _fields() -> Iterator[_Field]:
    yield from _FIELDS
    for field, entry in ENTRIES.items():
        for value in (entry[field_of(field)], ARNS.get(field)):
            if value:
                yield f"/access/0/{field_of(field)}", value, partial(_named, field)


_LEGAL = {"/tags": ("\u0430", "\uff41", "\u212a", "\u0131", "\u00e9", "\u0661")}
"""Letters and digits of any script are legal in tags."""


def cases() -> Iterator[Hostile]:
    """Each string in each name: behind it, or for long names within it as well."""
    for number, (path, value, changed) in enumerate(_fields()):
        for token in BAD_IN_NAMES:
            if token in _LEGAL.get(path, ()):
                continue
            name = f"{path} ({number}) with {token!a}"
            yield bad(f"{name} behind it", path, **changed(value + token))
            if token.startswith(("*", "${", "\n")):
                inside = value[:-2] + token + value[-2:]
                yield bad(f"{name} within it", path, **changed(inside))
