"""Fixes of moto's DynamoDB, all for speed: its work grows with all that a table holds."""

import copy
import json
from base64 import b64encode
from functools import cache
from inspect import signature
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import bytesize
from moto.dynamodb.responses import DynamoResult

from sandbox.moto_fixes.replacing import replace_member

_NEAR_THE_LIMIT = 200_000  # bytes, of 400 KB that an item may have
_READS = ("BatchGetItem", "GetItem", "Query", "Scan")


def copy_only_what_a_transaction_writes() -> None:
    """For speed: moto copies the whole table for each write of a transaction.

    Mends `DynamoDBBackend.transact_write_items`, moto/dynamodb/models/__init__.py:604.
    """
    transact = DynamoDBBackend.transact_write_items

    def transacting(self: Any, transact_items: Any) -> None:
        kept = cache(lambda table: _with_copies(table, transact_items))
        setattr(Table, "__deepcopy__", lambda table, _: kept(table))  # noqa: B010 (mypy knows none)
        try:
            transact(self, transact_items)
        finally:
            delattr(Table, "__deepcopy__")

    replace_member(DynamoDBBackend, "transact_write_items", transacting)


def cast_texts_at_once() -> None:
    """For speed: moto asks of each key that it compares whether it is any other type than a text.

    Mends `DynamoType.cast_value`, moto/dynamodb/models/dynamo_type.py:177.
    """
    cast = vars(DynamoType)["cast_value"].fget
    value = property(lambda self: self.value if self.type == "S" else cast(self))
    replace_member(DynamoType, "cast_value", value)


def project_an_item_from_one_copy() -> None:
    """For speed: moto converts the whole item again for each attribute that it takes out of it.

    Mends `Item.project`, moto/dynamodb/models/dynamo_type.py:493.
    """
    project = Item.project

    def projecting(self: Any, expressions: list[list[str]]) -> Any:
        wanted = {name for path in expressions for name in (path[0], path[0].partition("[")[0])}
        part = copy.copy(self)
        part.attrs = {name: value for name, value in self.attrs.items() if name in wanted}
        plain = part.to_regular_json()
        part.to_regular_json = lambda: plain
        return project(part, expressions)

    replace_member(Item, "project", projecting)


def query_only_what_may_be_found() -> None:
    """For speed: moto sorts the whole table for each query.

    Mends `Table.query`, moto/dynamodb/models/table.py:749.
    """
    query = Table.query
    parameters = signature(query)

    def querying(self: Any, hash_key: Any, *rest: Any, **more: Any) -> Any:
        given = parameters.bind(self, hash_key, *rest, **more)
        given.arguments["self"] = table = copy.copy(self)
        if given.arguments.get("index_name"):
            table.items = _indexed(self, given.arguments.get("hash_key_conditions") or [])
        else:
            table.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        return query(*given.args, **given.kwargs)

    replace_member(Table, "query", querying)


def serialise_items_as_they_are() -> None:
    """For speed: moto looks up the model of each value of each item that it returns.

    Mends `ActionResult.execute_result`, moto/core/responses.py:99, for items only.
    """
    serialise = DynamoResult.execute_result

    def serialising(self: Any, context: Any) -> Any:
        if context.operation_model.name not in _READS:
            return serialise(self, context)
        body = json.dumps(self.result, default=lambda binary: b64encode(binary).decode())
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, body

    replace_member(DynamoResult, "execute_result", serialising)


def weigh_each_attribute_once() -> None:
    """For speed: moto weighs all attributes of an item again for each one that is set.

    Mends `LimitedSizeDict.__setitem__`, moto/dynamodb/models/dynamo_type.py:304. The whole is
    weighed where what has been set so far is anywhere near the limit.
    """
    weigh = LimitedSizeDict.__setitem__

    def setting(self: Any, key: str, value: Any) -> None:
        of_value = value.size() if type(value) is DynamoType else bytesize(str(value))
        self.set_so_far = vars(self).get("set_so_far", 0) + bytesize(key) + of_value
        if self.set_so_far > _NEAR_THE_LIMIT:
            weigh(self, key, value)
        else:
            dict.__setitem__(self, key, value)

    replace_member(LimitedSizeDict, "__setitem__", setting)


FIXES = (
    cast_texts_at_once,
    copy_only_what_a_transaction_writes,
    project_an_item_from_one_copy,
    query_only_what_may_be_found,
    serialise_items_as_they_are,
    weigh_each_attribute_once,
)


def _indexed(table: Any, conditions: Any) -> Any:
    """The items of a table, as it holds them, that have the values of an index's keys."""

    def meets(item: Any) -> bool:
        return all(name in item.attrs and item.attrs[name] == value for name, value in conditions)

    if not table.range_key_attr:
        return {key: item for key, item in table.items.items() if meets(item)}
    return {
        key: {sort_key: item for sort_key, item in items.items() if meets(item)}
        for key, items in table.items.items()
    }


def _with_copies(table: Any, transact_items: Any) -> Any:
    twin = copy.copy(table)
    twin.items = copy.copy(table.items)
    writes = [write for item in transact_items for write in item.values()]
    for key in (w.get("Key", w.get("Item")) for w in writes if w["TableName"] == table.name):
        partition = DynamoType(key[table.hash_key_attr])
        if partition not in table.items:
            continue
        if not table.range_key_attr:
            twin.items[partition] = copy.deepcopy(table.items[partition])
            continue
        twin.items[partition] = copy.copy(twin.items[partition])
        sort_key = DynamoType(key[table.range_key_attr])
        if sort_key in table.items[partition]:
            twin.items[partition][sort_key] = copy.deepcopy(table.items[partition][sort_key])
    return twin
