"""The permissions that IAM requires for calls of DynamoDB, with keys and attributes they reach.

`dynamodb:LeadingKeys` holds the partition keys that a call names: of a table, or of an index that
it asks (DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control").
`dynamodb:Attributes` holds the attributes that a PutItem or an UpdateItem writes (same page).
Scans and statements in PartiQL that name no key carry none, and so pass `ForAllValues`.
"""

import re
from collections.abc import Sequence
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from sandbox.account import region_of
from sandbox.iam.owners import acting
from sandbox.iam.permission import RequiredPermission as Permission
from sandbox.iam.request import Request

_NAMED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_NAME = re.compile(r"(?<![:#\w])#?[A-Za-z_]\w*")
_EQUALS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")


def dynamodb_permissions(request: Request) -> list[Permission]:
    """One for each table, or item of a transaction, that a call reaches."""
    given, region = request.parameters, request.region
    if request.operation in ("TransactWriteItems", "TransactGetItems"):
        return [
            _permission(_NAMED[kind], arn, _key_of(arn, what), written=_attributes(what))
            for item in given["TransactItems"]
            for kind, what in item.items()
            for arn in (_arn(what["TableName"], region),)
        ]
    if tables := given.get("RequestItems"):
        return [
            _permission(request.operation, arn, _keys_of_batch(arn, wanted))
            for arn, wanted in ((_arn(name, region), wanted) for name, wanted in tables.items())
        ]
    if stream := given.get("StreamArn") or _stream(given.get("ShardIterator")):
        return [Permission(f"dynamodb:{request.operation}", stream)]
    if "TableName" not in given:
        return [Permission(f"dynamodb:{request.operation}", "*")]
    arn = _arn(given["TableName"], region)
    keys = _queried(arn, given) if request.operation == "Query" else _key_of(arn, given)
    index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
    written = _attributes(given) if request.operation in ("PutItem", "UpdateItem") else []
    return [_permission(request.operation, arn, keys, index, written)]


def _arn(table: str, region: str) -> str:
    return table if ":" in table else f"arn:aws:dynamodb:{region}:{acting()}:table/{table}"


def _stream(shard_iterator: str | None) -> str | None:
    """The stream that a shard iterator of moto belongs to, whose ARN is its beginning."""
    return shard_iterator.partition("|")[0] if shard_iterator else None


def _permission(
    operation: str, arn: str, keys: list[str], index: str = "", written: Sequence[str] = ()
) -> Permission:
    context: dict[str, str | list[str]] = {"dynamodb:LeadingKeys": keys} if keys else {}
    if written:
        context["dynamodb:Attributes"] = [*written]
    return Permission(f"dynamodb:{operation}", arn + index, context)


def _attributes(given: dict[str, Any]) -> list[str]:
    """The attributes at the top of an item that is put, or that an update names."""
    names = given.get("ExpressionAttributeNames", {})
    named = _NAME.findall(given.get("UpdateExpression", ""))
    updated = [*(names.get(name, name) for name in named), *given.get("AttributeUpdates", ())]
    return sorted({*given.get("Item", {}), *updated})


def _key_of(table: str, given: dict[str, Any]) -> list[str]:
    """The partition key of the one item that is read or written."""
    return _partition(table, given.get("Key") or given.get("Item") or {})


def _keys_of_batch(table: str, wanted: Any) -> list[str]:
    """Those of a BatchGetItem (`{"Keys": …}`) or of a BatchWriteItem (a list of requests)."""
    if isinstance(wanted, dict):
        return [key for item in wanted["Keys"] for key in _partition(table, item)]
    requests = [what for each in wanted for what in each.values()]
    items = [each.get("Key") or each.get("Item") for each in requests]
    return [key for item in items for key in _partition(table, item)]


def _partition(table: str, item: dict[str, Any]) -> list[str]:
    known = _tables(table).get(table.rsplit("/", 1)[-1])
    value = item.get(known.hash_key_attr if known else "")
    return [str(next(iter(value.values())))] if value else []


def _tables(arn: str) -> Any:
    """The tables of the region of an ARN."""
    return dynamodb_backends[acting()][region_of(arn)].tables


def _queried(table: str, given: dict[str, Any]) -> list[str]:
    """The value that a query asks its partition key for: the first equality of the condition."""
    names, values = given.get("ExpressionAttributeNames", {}), given["ExpressionAttributeValues"]
    known = _tables(table)[table.rsplit("/", 1)[-1]]
    index = next((i for i in known.all_indexes() if i.name == given.get("IndexName")), None)
    schema = index.schema if index else known.schema
    partition = next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH")
    for name, value in _EQUALS.findall(given["KeyConditionExpression"]):
        if names.get(name, name) == partition:
            return [str(next(iter(values[value].values())))]
    return []
