"""AWS Glue Data Catalog: the metadata of one database and its tables.

Sources: Service Authorization Reference for AWS Glue; AWS Glue developer guide, "Specifying AWS
Glue resource ARNs" (what a caller needs on the ancestors of a resource) and "Identity-based policy
examples for AWS Glue" ("Filter tables by GetTables permission": of a database's tables a caller
gets those that it may get, so a grant of some shows no names of others).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_NAME, Call
from latchkey.services.spec import EntryFields, Row, Service, last_part, named_as

CATALOG, DATABASE, TABLE = "catalog", "database/", "table/"
NAME = "[a-z0-9_-]{1,255}"
"""Names of databases and tables; Glue folds them to lower case when it stores them."""

LOOK = ("glue:GetDatabase",)
"""On the database and the catalog above it; all other actions are on tables, too."""

_READ = (
    "glue:BatchGetPartition",
    *LOOK,
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
)
_WRITE = (
    "glue:BatchCreatePartition",
    "glue:BatchDeletePartition",
    "glue:BatchUpdatePartition",
    "glue:CreatePartition",
    "glue:CreateTable",
    "glue:DeletePartition",
    "glue:DeleteTable",
    "glue:UpdatePartition",
    "glue:UpdateTable",
)


class _Glue(Service):
    @override
    def describe(self, rest: str) -> str | None:
        """A database, a table or all tables of it, or the catalog that they are in."""
        if rest == CATALOG:
            return "Data Catalog"
        if not rest.startswith(TABLE):
            return super().describe(rest)
        database, _, table = rest.removeprefix(TABLE).partition("/")
        if table == "*":
            named = named_as(self.noun, "", database)
            return named and f"{named}, its tables"
        return named_as("table", "", f"{database}.{table}") if database and table else None

    @override
    def forms(self, local: str) -> tuple[str, ...]:
        """Tables are known by their database."""
        return (local.removeprefix(TABLE),)

    @override
    def told_of(self, action: str, arn: str) -> str:
        """What stands above a resource only has to be allowed with it, and gives nothing alone."""
        head, _, rest = arn.rpartition(":")
        if rest == CATALOG:
            return f"{head}:*"
        above = rest.startswith(DATABASE) and action not in LOOK
        return f"{head}:{TABLE}{rest.removeprefix(DATABASE)}/*" if above else ""

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """A database, by itself or by all of its tables, or one of its tables."""
        if not rest.startswith(TABLE):
            yield from super().imported(arn, rest)
        database, slash, table = rest.removeprefix(TABLE).partition("/")
        if not rest.startswith(TABLE) or not slash or set(database) & set("*?$"):
            return
        whole = f"{arn.removesuffix(rest)}{DATABASE}{database}"
        if table == "*":
            yield EntryFields({self.field: database}, whole)
        elif not set(table) & set("*?$"):
            yield EntryFields({self.field: database, "tables": (table,)}, whole)

    @override
    def looked_up(self, arn: str, rest: str) -> str:
        return arn

    @override
    def rows(self, entry: Mapping[str, Any]) -> Iterator[Row]:
        """The database, with the tables that are named."""
        tables = entry.get("tables")
        named = ", ".join(map(str, tables)) if isinstance(tables, list | tuple) else ""
        for row in super().rows(entry):
            yield Row(row.service, row.kind, row.name, named, row.may)

    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        """Metadata is read; a table is made, and deleted again, where any may be."""
        name = last_part(entry["database"])
        yield Call("glue", "get-database", {"Name": name}, "Database.Name")
        tables = entry.get("tables") or ()
        within = {"DatabaseName": name}
        for table in tables[:1]:
            yield Call("glue", "get-table", {**within, "Name": table}, "Table.Name")
            partitions = {**within, "TableName": table}
            yield Call("glue", "get-partitions", partitions, "length(Partitions)")
        if not tables:
            yield Call("glue", "get-tables", {**within, "MaxResults": 1}, "TableList[].Name")
        if entry["allow"] == "read-write":
            yield from _writing(within, tables)


def _writing(within: Mapping[str, Any], tables: Any) -> Iterator[Call]:
    for table in tables[:1]:
        nothing = {**within, "TableName": table, "PartitionsToDelete": []}
        yield Call("glue", "batch-delete-partition", nothing, "Errors")
    if not tables:
        made = {**within, "TableInput": {"Name": TEST_NAME}}
        yield Call("glue", "create-table", made, "@", "a table, which the next one deletes")
        yield Call("glue", "delete-table", {**within, "Name": TEST_NAME}, "@")


SPEC = _Glue(
    name="glue",
    title="Glue (Data Catalog)",
    field="database",
    resource_type="AWS::Glue::Database",
    arn=ArnForm(
        NAME,
        "1 to 255 lower-case letters, digits, '_' and '-'",
        before=DATABASE,
        below="/",
        others=rf"{CATALOG}|{TABLE}{NAME}/(?:{NAME}|\*)",
    ),
    actions={"read": _READ, "read-write": (*_READ, *_WRITE)},
    labels={
        "read metadata": "BatchGetPartition GetPartition GetPartitions GetTable GetTables "
        "GetTableVersion GetTableVersions",
        "create": "BatchCreatePartition CreatePartition CreateTable",
        "update": "BatchUpdatePartition UpdatePartition UpdateTable",
        "delete": "BatchDeletePartition DeletePartition DeleteTable",
        "look up": "GetDatabase",
        "list names": "GetDatabases",
    },
    options=("discover",),
    discovers=("glue:GetDatabases",),
    own=("database/latchkey-*", "table/latchkey-*"),
    boundary=(
        "BatchCreatePartition",
        "BatchDeletePartition",
        "BatchGetPartition",
        "BatchUpdatePartition",
        "CreatePartition",
        "CreateTable",
        "DeletePartition",
        "DeleteTable",
        "GetDatabase",
        "GetDatabases",
        "GetPartition",
        "GetPartitions",
        "GetTable",
        "GetTableVersion",
        "GetTableVersions",
        "GetTables",
        "UpdatePartition",
        "UpdateTable",
    ),
    also=frozenset({*LOOK, "glue:BatchGetPartition", "glue:GetPartition", "glue:GetTables"}),
    changed_by=(
        "glue:CreateDatabase",
        "glue:CreateTable",
        "glue:DeleteDatabase",
        "glue:DeleteTable",
    ),
    lookup=(
        "glue:GetDataCatalogEncryptionSettings",
        "glue:GetDatabase",
        "glue:GetDatabases",
        "glue:GetTable",
        "kms:Decrypt",
    ),
    example={"database": "sales", "allow": "read"},
)
