"""DynamoDB: the items of one table, with its indexes."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.domain.catalogue.entry import (
    HTTPS,
    Allowance,
    Facts,
    Place,
    ServiceEntry,
    key_allowance,
)
from latchkey.domain.catalogue.resource import ResourceName

_TABLE = ResourceName(
    "table",
    "dynamodb",
    r"[A-Za-z0-9_.-]{3,255}",
    "3 to 255 letters, digits, '_', '.' and '-'",
    before="table/",
)
_READ = ("dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem")
_WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
_ITEM_ACTIONS = {"read": _READ, "read-write": _READ + _WRITE}
_SEARCH = ("dynamodb:Query", "dynamodb:Scan")


class TableAccess(ServiceEntry):
    """Items of one table, including through its indexes."""

    RESOURCE: ClassVar[str] = "table"

    service: Literal["dynamodb"]
    table: Annotated[StrictStr, _TABLE, Field(description="The table's name or ARN.")]
    allow: Annotated[
        Literal["read", "read-write"],
        Field(
            description="`read`: get, query and scan items, including in batches, in transactions "
            "and through indexes. `read-write`: also put, update and delete items."
        ),
    ]

    @override
    def targets(self, found: Sequence[Facts]) -> tuple[str, ...]:
        """The table and its indexes."""
        (facts,) = found
        return (facts.arn, f"{facts.arn}/index/*")

    @override
    def allowances(self, found: Sequence[Facts], place: Place) -> tuple[Allowance, ...]:
        """The statements of one table.

        Transactions are authorised as the single operations in them. Under a customer-managed key
        the table's own key is decrypted on the caller's behalf; items are never encrypted with the
        customer's key itself, so Decrypt is all.

        Sources: Service Authorization Reference for Amazon DynamoDB; DynamoDB developer guide,
        "DynamoDB encryption at rest: how it works".
        """
        (facts,) = found
        context = {
            "aws:dynamodb:subscriberId": place.account,
            "aws:dynamodb:tableName": facts.arn.rpartition("/")[2],
        }
        key = key_allowance(place, "dynamodb", facts, ("kms:Decrypt",), context)
        return (
            Allowance("Items", _ITEM_ACTIONS[self.allow], (facts.arn,), HTTPS),
            Allowance("Search", _SEARCH, (facts.arn, f"{facts.arn}/index/*"), HTTPS),
            *key,
        )
