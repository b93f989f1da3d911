"""Settings are read from the environment at the entry, and what is missing is named at once."""

import pytest

from latchkey.errors import SettingsMissing
from latchkey.runtime.settings import GrantSettings, Settings


def test_settings_are_the_variables_of_their_names() -> None:
    found = GrantSettings.read(
        {
            "GRANT_TABLE": "table",
            "SCHEDULE_GROUP": "group",
            "SCHEDULE_ROLE_ARN": "role",
            "RECONCILE_WORKFLOW_ARN": "workflow",
            "POLICY_CHECKS": "on",
            "STACK_NAME": "latchkey",
            "ACCOUNT_ID": "123456789012",
            "PARTITION": "aws",
            "SPOKE_ROLE": "grant",
            "AWS_REGION": "us-east-1",
            "OTHER": "x",
        }
    )
    who = ("latchkey", "123456789012", "aws", "grant")
    assert found == GrantSettings("table", "group", "role", "workflow", "on", *who, "us-east-1")


def test_all_missing_variables_are_named() -> None:
    with pytest.raises(
        SettingsMissing,
        match="ACCOUNT_ID, AWS_REGION, GRANT_TABLE, PARTITION, POLICY_CHECKS, "
        "RECONCILE_WORKFLOW_ARN, SCHEDULE_GROUP, SPOKE_ROLE, STACK_NAME",
    ):
        GrantSettings.read({"SCHEDULE_ROLE_ARN": "role"})


@pytest.mark.parametrize("model", Settings.__subclasses__(), ids=lambda m: m.__name__)
def test_every_function_fails_clearly_in_an_empty_environment(model: type[Settings]) -> None:
    with pytest.raises(SettingsMissing):
        model.read({})
