"""The permissions that IAM requires for calls of DynamoDB, with the keys of the items they reach.

`dynamodb:LeadingKeys` holds the partition keys that a call names: of a table, or of an index that
it asks (DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control").
Scans and statements in PartiQL that name no key carry none, and so pass `ForAllValues`.
"""

import re
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from sandbox.account import ACCOUNT, REGION
from sandbox.iam.permission import RequiredPermission as Permission
from sandbox.iam.request import Request

_NAMED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_EQUALS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")


def dynamodb_permissions(request: Request) -> list[Permission]:
    """One for each table, or item of a transaction, that a call reaches."""
    given = request.parameters
    if request.operation in ("TransactWriteItems", "TransactGetItems"):
        return [
            _permission(_NAMED[kind], what["TableName"], _key_of(what))
            for item in given["TransactItems"]
            for kind, what in item.items()
        ]
    if tables := given.get("RequestItems"):
        return [
            _permission(request.operation, name, _keys_of_batch(name, wanted))
            for name, wanted in tables.items()
        ]
    if "TableName" not in given:
        return [Permission(f"dynamodb:{request.operation}", "*")]
    keys = _queried(given) if request.operation == "Query" else _key_of(given)
    index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
    return [_permission(request.operation, given["TableName"], keys, index)]


def _permission(operation: str, table: str, keys: list[str], index: str = "") -> Permission:
    arn = (
        table if table.startswith("arn:") else f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    )
    context: dict[str, str | list[str]] = {"dynamodb:LeadingKeys": keys} if keys else {}
    return Permission(f"dynamodb:{operation}", arn + index, context)


def _key_of(given: dict[str, Any]) -> list[str]:
    """The partition key of the one item that is read or written."""
    item = given.get("Key") or given.get("Item") or {}
    return _partition(given["TableName"], item)


def _keys_of_batch(table: str, wanted: Any) -> list[str]:
    """Those of a BatchGetItem (`{"Keys": …}`) or of a BatchWriteItem (a list of requests)."""
    if isinstance(wanted, dict):
        return [key for item in wanted["Keys"] for key in _partition(table, item)]
    requests = [what for each in wanted for what in each.values()]
    items = [each.get("Key") or each.get("Item") for each in requests]
    return [key for item in items for key in _partition(table, item)]


def _partition(table: str, item: dict[str, Any]) -> list[str]:
    known = dynamodb_backends[ACCOUNT][REGION].tables.get(table.rsplit("/", 1)[-1])
    value = item.get(known.hash_key_attr if known else "")
    return [str(next(iter(value.values())))] if value else []


def _queried(given: dict[str, Any]) -> list[str]:
    """The value that a query asks its partition key for: the first equality of the condition."""
    names, values = given.get("ExpressionAttributeNames", {}), given["ExpressionAttributeValues"]
    known = dynamodb_backends[ACCOUNT][REGION].tables[given["TableName"].rsplit("/", 1)[-1]]
    index = next((i for i in known.all_indexes() if i.name == given.get("IndexName")), None)
    schema = index.schema if index else known.schema
    partition = next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH")
    for name, value in _EQUALS.findall(given["KeyConditionExpression"]):
        if names.get(name, name) == partition:
            return [str(next(iter(values[value].values())))]
    return []
