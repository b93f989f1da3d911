"""moto's DynamoDB, whose work would grow with all that the table holds."""

import copy
import json
from base64 import b64encode
from functools import cache
from inspect import signature
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoResult

from sandbox.patches import replace_member

_READS = ("BatchGetItem", "GetItem", "Query")


def answer_in_good_time() -> None:
    """Touch only what a transaction writes, and only the partition that a query is for.

    moto copies the whole table for each write of a transaction, sorts the whole table for each
    query, and looks for the model of each value that it tells. An index it still reads whole.
    """
    transact, query = DynamoDBBackend.transact_write_items, Table.query
    parameters, told = signature(query), DynamoResult.execute_result

    def transacting(self: Any, transact_items: Any) -> None:
        kept = cache(lambda table: _with_copies(table, transact_items))
        replace_member(Table, "__deepcopy__", lambda table, _: kept(table))
        try:
            transact(self, transact_items)
        finally:
            delattr(Table, "__deepcopy__")

    def querying(self: Any, hash_key: Any, *rest: Any, **more: Any) -> Any:
        given = parameters.bind(self, hash_key, *rest, **more)
        if not given.arguments.get("index_name"):
            given.arguments["self"] = table = copy.copy(self)
            table.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        return query(*given.args, **given.kwargs)

    def telling(self: Any, context: Any) -> Any:
        if context.operation_model.name not in _READS:
            return told(self, context)
        body = json.dumps(self.result, default=lambda binary: b64encode(binary).decode())
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, body

    replace_member(DynamoResult, "execute_result", telling)
    replace_member(DynamoDBBackend, "transact_write_items", transacting)
    replace_member(Table, "query", querying)


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
