"""Databases of the Data Catalog and their tables: by name, with the key of the catalog."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.glue.spec import CATALOG, DATABASE, SPEC, TABLE
from latchkey.services.lookup import Clients, Found, Lookup, NotGrantable, absent, found


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    """A database, a table as `database/table`, or by its ARN any of them or the catalog."""
    rest = name.split(":", 5)[5] if name.startswith("arn:") else name
    if rest == CATALOG:
        return found(name, _key(clients))
    database, _, table = rest.removeprefix(DATABASE).removeprefix(TABLE).partition("/")
    key = _key(clients)
    try:
        what, link = _described(clients, database, table)
    except ClientError as error:
        if absent(error, "EntityNotFoundException"):
            return None
        if not key or not absent(error, "GlueEncryptionException"):
            raise
        what, link = {}, ""  # nobody can read it: what is wrong with the key, a look at it tells
    if link in what:
        raise NotGrantable("it is a link to another catalog; grant access where that is")
    arn = SPEC.resource_arn(database, environment)
    if table:
        arn = f"{arn.removesuffix(f'{DATABASE}{database}')}{TABLE}{database}/{table}"
    return found(arn, key)


def _described(clients: Clients, database: str, table: str) -> tuple[dict[str, Any], str]:
    """What Glue says of a database or a table, and what of it would be a link elsewhere."""
    if table and table != "*":
        named = {"DatabaseName": database, "Name": table}
        return clients("glue").get_table(**named)["Table"], "TargetTable"
    return clients("glue").get_database(Name=database)["Database"], "TargetDatabase"


def _key(clients: Clients) -> str | None:
    """The key that the whole catalog is encrypted under, where callers need it.

    With a role of the catalog's own they need none (AWS Glue API reference, EncryptionAtRest).
    """
    answer = clients("glue").get_data_catalog_encryption_settings()
    at_rest = answer["DataCatalogEncryptionSettings"].get("EncryptionAtRest", {})
    ours = at_rest.get("CatalogEncryptionMode") == "SSE-KMS"
    return str(at_rest["SseAwsKmsKeyId"]) if ours and at_rest.get("SseAwsKmsKeyId") else None


def _names(clients: Clients) -> Iterator[str]:
    for page in clients("glue").get_paginator("get_databases").paginate():
        yield from (database["Name"] for database in page["DatabaseList"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
