"""Histories stay: no role of the template deletes one, or lets it end by itself."""

import pytest

from tests.contract.role_actions import allowed_by
from tests.kit.template import FUNCTION, of_type


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_nobody_who_writes_where_histories_are_lets_one_end_by_itself(function: str) -> None:
    """The table's TTL needs no DeleteItem, only an attribute of an item."""
    histories = {"GRANT#*", "CONFIG#*"}
    for statement in allowed_by(function):
        writes = statement.actions & {"dynamodb:PutItem", "dynamodb:UpdateItem"}
        keys = statement.condition.get("ForAllValues:StringLike", {})
        if writes and histories & {*keys.get("dynamodb:LeadingKeys", histories)}:
            held = statement.condition["ForAllValues:StringNotEquals"]
            assert held == {"dynamodb:Attributes": "delete_after"}


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_what_functions_delete_from_the_table_is_leases(function: str) -> None:
    for statement in allowed_by(function):
        deletes = {one for one in statement.actions if one in ("dynamodb:DeleteItem", "dynamodb:*")}
        if deletes or "dynamodb:BatchWriteItem" in statement.actions:
            keys = statement.condition["ForAllValues:StringLike"]
            assert keys == {"dynamodb:LeadingKeys": ["LEASE#*"]}
            assert statement.condition["Null"] == {"dynamodb:LeadingKeys": "false"}
