"""Glue: what a config may say of a database of the Data Catalog."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance, key_allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.glue.spec import CATALOG, DATABASE, LOOK, NAME, SPEC, TABLE
from latchkey.services.resource import Named, ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service, last_part

_KEY_ACTIONS = {
    "read": ("kms:Decrypt",),
    "read-write": ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
}
_Table = Annotated[StrictStr, Field(pattern=f"^{NAME}$")]


class DatabaseAccess(ServiceEntry):
    """Metadata of one database; the data behind its tables is an `s3` entry."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["glue"]
    database: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The database's name or ARN.")
    ]
    tables: Annotated[
        tuple[_Table, ...] | None,
        Field(
            min_length=1,
            max_length=20,
            description="The names of its tables, if not all of them. They have to be there "
            "already.",
        ),
    ] = None
    allow: Annotated[
        Literal["read", "read-write"],
        Field(
            description="`read`: get the database, its tables and their partitions. `read-write`: "
            "also create, update and delete tables and partitions. Metadata only: data is an `s3` "
            "entry."
        ),
    ]
    discover: Discover = False

    @override
    def named(self) -> tuple[Named, ...]:
        """The database, and each table."""
        name = last_part(self.database)
        tables = enumerate(self.tables or ())
        within = (Named(("tables", index), "glue", f"{name}/{table}") for index, table in tables)
        return (Named(("database",), "glue", self.database), *within)

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements of the database, whose ARN says those of its tables."""
        return (*self.allowed(found[0], environment), *self._discovered())

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one database.

        Whatever is done to a resource of the catalog has to be allowed on all that stands above it
        (AWS Glue developer guide, "Specifying AWS Glue resource ARNs"). An encrypted catalog is
        decrypted with the caller's rights, and what is written encrypted (the same, "Encrypting
        your Data Catalog"). The encryption context is the catalog's ID, which is its account's
        (the same, "Export metadata to S3 Tables"); readers need `kms:Decrypt` alone (Amazon
        DataZone user guide, "Creating Data Lake environments that involve encrypted AWS Glue
        catalogs").
        """
        head, _, name = info.arn.rpartition(DATABASE)
        above = (f"{head}{CATALOG}", info.arn)
        tables = tuple(
            f"{head}{TABLE}{name}/{table}" for table in dict.fromkeys(self.tables or ("*",))
        )
        on_tables = tuple(action for action in SPEC.actions[self.allow] if action not in LOOK)
        context = {"glue_catalog_id": environment.account}
        return (
            Allowance("Database", LOOK, above),
            Allowance("Tables", on_tables, (*above, *tables)),
            *key_allowance(environment, "glue", info, _KEY_ACTIONS[self.allow], context),
        )

    @override
    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        """The database and its tables by their names."""
        arn = SPEC.resource_arn(self.database, environment)
        head, _, name = arn.rpartition(DATABASE)
        within = (ResourceInfo(f"{head}{TABLE}{name}/{table}") for table in self.tables or ())
        return (ResourceInfo(arn), *within)


ENTRY = DatabaseAccess
