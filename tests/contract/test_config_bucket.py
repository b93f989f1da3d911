"""Who may write configs that came with the workflow's input, and how long they are kept."""

import json

from tests.contract.role_actions import allowed_by
from tests.kit.template import FUNCTION, bucket_policy, of_type, properties, sub


def test_inline_configs_are_written_by_planning_alone() -> None:
    deny = bucket_policy("ConfigBucket")["InlineConfigsByPlanningOnly"]
    assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
    assert {"s3:PutObject", "s3:ReplicateObject"} <= {*deny["Action"]}
    assert deny["Resource"] == sub("${ConfigBucket.Arn}/inline/*")
    but = {"aws:PrincipalArn": {"Fn::GetAtt": "PlanGrantRole.Arn"}}
    assert deny["Condition"] == {"ArnNotEquals": but}
    written = {
        function
        for function in of_type(FUNCTION)
        for statement in allowed_by(function)
        if "s3:PutObject" in statement.actions and "ConfigBucket" in json.dumps(statement.resources)
    }
    assert written == {"PlanGrantFunction"}


def test_versions_of_configs_are_never_removed_by_themselves() -> None:
    assert "LifecycleConfiguration" not in properties("ConfigBucket")
