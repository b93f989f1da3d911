"""What a config allows, as rows for people."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from latchkey.frozen import Frozen
from latchkey.services.custom.entry import CustomAccess
from latchkey.services.entry import Entry
from latchkey.services.s3.entry import S3Access

_MAY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "s3": {
        "read": ("list", "read"),
        "write": ("put",),
        "read-write": ("list", "read", "put", "delete"),
    },
    "secretsmanager": {"read": ("read",)},
    "sqs": {"send": ("send",), "consume": ("receive", "delete")},
    "sns": {"publish": ("publish",)},
    "dynamodb": {"read": ("read",), "read-write": ("read", "write", "delete")},
    "lambda": {"invoke": ("invoke",)},
    "ssm": {"read": ("read",)},
    "events": {"put": ("put",)},
    "kinesis": {"read": ("read",), "write": ("write",)},
}


class Allowed(Frozen):
    """What may be done with one resource."""

    service: str
    resource: str
    may: tuple[str, ...]
    conditions: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The same in a result's `allows`."""
        conditions = tuple(map(str, row.get("conditions") or ()))
        return cls(str(row["service"]), str(row["resource"]), tuple(row["may"]), conditions)


def allowed_by(access: Iterable[Entry]) -> tuple[Allowed, ...]:
    """A row for each entry of a config's `access`, and for each statement of a custom one."""
    return tuple(row for entry in access for row in _rows(entry))


def _rows(entry: Entry) -> Iterable[Allowed]:
    if isinstance(entry, CustomAccess):
        for statement in entry.statements:
            conditions = tuple(statement.Condition)
            yield Allowed(
                "custom", ", ".join(statement.Resource), tuple(statement.Action), conditions
            )
        return
    yield Allowed(entry.service, _resource(entry), _MAY[entry.service][entry.model_dump()["allow"]])


def _resource(entry: Entry) -> str:
    if isinstance(entry, S3Access):
        return f"bucket {entry.bucket}" + (f", folder {entry.prefix}" if entry.prefix else "")
    (named,) = entry.named()
    return f"{named.path[0]} {named.name}".replace("_", " ", 1)
