"""Who may write and read which partitions of the grant table (docs/contract.md, "Partitions")."""

from collections import defaultdict

import pytest

from tests.contract.role_actions import allowed_by
from tests.kit.template import FUNCTION, of_type

KEYS = "dynamodb:LeadingKeys"
TABLE = {"Fn::GetAtt": "GrantTable.Arn"}
WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
ON_ITEMS = {*WRITES, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
APPLY = {"GrantAccessFunction", "SuspendAccessFunction", "RevokeAccessFunction"}
PLAN = {"PlanGrantFunction", "PlanOrderFunction"}
RECORD = {"RecordOutcomeFunction"}

WRITERS = {
    "AUTHOR#*": {"IntakeConfigFunction"},
    "SCOPE#*": {"PlanGrantFunction"},
    "GRANT#*": RECORD,
    "CONFIG#*": RECORD | {"PlanGrantFunction"},
    "EXTERNAL_ID#*": RECORD | {"PlanGrantFunction"},
    "ROLE_NAME#*": RECORD | {"PlanGrantFunction"},
    "RESOURCE#*": RECORD,
    "PARTNER#*": RECORD,
    "LEASE#*": RECORD | PLAN | APPLY,
    "USED#*": {"CheckDriftFunction"},
    "ACCOUNT#*": RECORD | {"CheckDriftFunction"},
    "PLAN#*": PLAN,
    "APPLIED#*": APPLY,
    "SWEEP": {"SweepGrantsFunction"},
    "ROUND": {"CheckDriftFunction"},
}
READERS = {
    "AUTHOR#*": {"PlanGrantFunction"},
    "SCOPE#*": {"PlanGrantFunction"},
    "GRANT#*": RECORD
    | PLAN
    | {"NotifyOutcomeFunction", "SendDigestFunction", "PublishRegisterFunction"}
    | {"CheckFilesFunction"},
    "CONFIG#*": RECORD | PLAN | {"CheckFilesFunction"},
    "EXTERNAL_ID#*": PLAN,
    "ROLE_NAME#*": PLAN,
    "LEASE#*": RECORD,
    "ACCOUNT#*": RECORD,
    "PLAN#*": RECORD | APPLY | {"NotifyOutcomeFunction"},
    "APPLIED#*": RECORD | {"NotifyOutcomeFunction"},
    "PARTNER#*": {"NotifyOutcomeFunction"},
    "USED#*": {"CheckDriftFunction"},
    "RESOURCE#*": {"CheckDriftFunction"},
    "SWEEP": {"SweepGrantsFunction"},
    "ROUND": {"CheckDriftFunction"},
}


def _reach(actions: set[str]) -> dict[str, set[str]]:
    """By partition, the functions that may call any of these on the table."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for function in of_type(FUNCTION):
        for statement in allowed_by(function):
            if TABLE in statement.resources and statement.actions & actions:
                for key in statement.condition["ForAllValues:StringLike"][KEYS]:
                    found[key].add(function)
    return found


def test_each_partition_has_its_writers() -> None:
    assert _reach(WRITES) == WRITERS


def test_each_partition_has_its_readers() -> None:
    assert _reach(ON_ITEMS - WRITES) == READERS


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_every_call_on_items_names_its_partitions(function: str) -> None:
    """An action that carries no key would pass `ForAllValues`; Null asks for the key besides."""
    for statement in allowed_by(function):
        if TABLE in statement.resources:
            assert statement.actions <= ON_ITEMS
            assert statement.condition["Null"] == {KEYS: "false"}
            assert statement.condition["ForAllValues:StringLike"].keys() == {KEYS}


def test_nobody_updates_or_deletes_what_is_in_a_history() -> None:
    assert "GRANT#*" not in _reach({"dynamodb:UpdateItem", "dynamodb:DeleteItem"})
    assert set(_reach({"dynamodb:DeleteItem"})) == {"LEASE#*"}
