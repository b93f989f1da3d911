"""DynamoDB: the items of one table, with its indexes."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictBool, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import HTTPS, Allowance, key_allowance
from latchkey.services.dynamodb.spec import SEARCH, SPEC, STREAM
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class TableAccess(ServiceEntry):
    """Items of one table, including through its indexes."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["dynamodb"]
    table: Annotated[StrictStr, ResourceName(SPEC), Field(description="The table's name or ARN.")]
    allow: Annotated[
        Literal["read", "read-write"],
        Field(
            description="`read`: get, query and scan items, including in batches, in transactions "
            "and through indexes. `read-write`: also put, update and delete items."
        ),
    ]
    stream: Annotated[
        StrictBool,
        Field(description="`true`: also read the table's streams, of all changes of items."),
    ] = False
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one table.

        Transactions are authorised as the single operations in them. Under a customer-managed key
        the table's own key is decrypted on the caller's behalf; items are never encrypted with the
        customer's key itself, so Decrypt is all.

        Sources: Service Authorization Reference for Amazon DynamoDB; DynamoDB developer guide,
        "DynamoDB encryption at rest: how it works".
        """
        context = {
            "aws:dynamodb:subscriberId": environment.account,
            "aws:dynamodb:tableName": info.arn.rpartition("/")[2],
        }
        key = key_allowance(environment, "dynamodb", info, ("kms:Decrypt",), context)
        items = tuple(a for a in SPEC.actions[self.allow] if a not in SEARCH)
        streams = f"{info.arn}/stream/*"
        changes = (Allowance("Stream", STREAM, (streams,), HTTPS),) if self.stream else ()
        return (
            Allowance("Items", items, (info.arn,), HTTPS),
            Allowance("Search", SEARCH, (info.arn, f"{info.arn}/index/*"), HTTPS),
            *changes,
            *key,
        )


ENTRY = TableAccess
