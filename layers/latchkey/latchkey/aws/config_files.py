"""Config files in the grant table: their last outcome, and the grants that they stand for.

A file stands for one grant at a time, but may have named others before. `grants` is the set of all
that it may have given access by and that are not known to have ended: written before a role is
made, and cleared when the role is gone. So no order of runs and no failure makes a grant that
nobody looks at when its file names another one, or is removed.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from latchkey.aws.grants_by_expiry import TROUBLED
from latchkey.aws.table import Item, Table, serialized
from latchkey.grant_id import GrantId
from latchkey.keys import STATE, file_partition

Versions: TypeAlias = tuple[str | None, ...]
"""Versions of a file; None stands for a file that is gone, or that no run has read yet."""


class ConfigFiles:
    """Reads what was recorded of config files, many at once."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read_at(self, keys: Iterable[str]) -> dict[str, str]:
        """When the last run that was recorded of each file read it (`times.stamp`), by key."""
        wanted = ((file_partition(key), STATE) for key in keys)
        return {
            item["pk"].removeprefix(file_partition("")): item["updated_at"]
            for item in self._table.found("read files on record", wanted)
            if "updated_at" in item
        }

    def asking(self, keys: Iterable[str], grant: GrantId) -> list[str]:
        """Which of some files were rejected since another has the grant, the newest of them first.

        A call for each hundred files.
        """
        wanted = ((file_partition(key), STATE) for key in keys)
        found = self._table.found("read files that wait", wanted)
        asking = [item for item in found if item.get("asks_for") == str(grant)]
        asking.sort(key=lambda item: str(item["updated_at"]), reverse=True)
        return [str(item["config_key"]) for item in asking]


def bind_write(table: str, key: str, grant: GrantId, before: Item | None) -> Item:
    """The write of a transaction that notes that a file is about to give access by a grant.

    It fails when the file's item is not as it was read (`before`): another run has read the
    file since then, and may have found it gone, or naming another grant.
    """
    seen = before or {}
    grants, updated = seen.get("grants"), seen.get("updated_at")
    conditions = [
        "grants = :grants" if grants else "attribute_not_exists(grants)",
        "updated_at = :updated" if updated else "attribute_not_exists(updated_at)",
    ]
    values = {":grant": {str(grant)}, ":grants": grants, ":updated": updated}
    return {
        "Update": {
            "TableName": table,
            "Key": _key(key),
            "UpdateExpression": "ADD grants :grant",
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeValues": serialized(values),
        }
    }


def file_writes(
    table: str, file: Item | None, expected: Versions | None, ended: tuple[str, GrantId] | None
) -> Iterator[Item]:
    """The writes of a transaction about files: the outcome of `file`, and a grant that ended.

    A file's runs need not have the same lease, as its versions may name different grants. So the
    write fails when the table has another version by now than those in `expected`, if given.

    `ended` is a file's key and the grant that it gave access by. They may be about one item, which
    a transaction can write only once.
    """
    gone = [str(ended[1])] if ended and file and ended[0] == file["config_key"] else []
    if file:
        yield {"Update": {"TableName": table, **_update(file, expected, gone)}}
    if ended and not gone:
        yield {
            "Update": {
                "TableName": table,
                "Key": _key(ended[0]),
                "UpdateExpression": "DELETE grants :gone",
                "ExpressionAttributeValues": serialized({":gone": {str(ended[1])}}),
            }
        }


def _update(file: Item, expected: Versions | None, gone: list[str]) -> dict[str, Any]:
    """A run that failed early names no grant, and a rejected version is no reason to forget one.

    While its newest version is not granted, the file stands in the index by when that was found.
    """
    troubled = file["outcome"] in ("rejected", "failed", "pending_approval")
    file = {
        **file,
        "live": TROUBLED if troubled else None,
        "expires_at": file["updated_at"] if troubled else None,
    }
    kept = {"partner", "grant"} if file["outcome"] == "rejected" else set()
    sets = [
        f"#{name} = if_not_exists(#{name}, :{name})" if name in kept else f"#{name} = :{name}"
        for name, value in file.items()
        if value is not None
    ]
    removes = [f"#{name}" for name, value in file.items() if value is None]
    clauses = [f"SET {', '.join(sets)}"]
    clauses += [f"REMOVE {', '.join(removes)}"] if removes else []
    clauses += ["DELETE grants :gone"] if gone else []
    values = {f":{name}": value for name, value in file.items()}
    versions = dict.fromkeys(expected or ())
    values |= {f":expected{n}": version for n, version in enumerate(versions)}
    condition = " OR ".join(
        f"#config_version = :expected{n}" if version else "attribute_not_exists(#config_version)"
        for n, version in enumerate(versions)
    )
    if file["outcome"] == "unchanged" and "partner" not in file:  # it had granted nothing: still?
        condition = f"({condition}) AND attribute_not_exists(grants)"
    return {
        "Key": _key(file["config_key"]),
        "UpdateExpression": " ".join(clauses),
        **({"ConditionExpression": condition} if condition else {}),
        "ExpressionAttributeNames": {f"#{name}": name for name in file},
        "ExpressionAttributeValues": serialized(values | ({":gone": set(gone)} if gone else {})),
    }


def _key(key: str) -> Any:
    return serialized({"pk": file_partition(key), "sk": STATE})
