"""Who may write configs that came with the workflow's input, and how long they are kept."""

import json

from tests.contract.role_actions import allowed_by
from tests.kit.template import FUNCTION, bucket_policy, of_type, properties, sub

WRITES = ("s3:PutObject", "s3:ReplicateObject")


def test_inline_configs_are_written_by_planning_alone() -> None:
    deny = bucket_policy("ConfigBucket")["InlineConfigsByPlanningOnly"]
    assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
    assert {*WRITES} <= {*deny["Action"]}
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


def test_a_key_under_approvals_attests_who_wrote_it() -> None:
    """Nobody writes there but under the own user ID, and nobody anywhere else."""
    statements = bucket_policy("ConfigBucket")
    deny, nobody = (
        statements[name] for name in ("NothingButConfigsAndOwnApprovals", "NoApprovalByNobody")
    )
    for each in (deny, nobody):
        assert (each["Effect"], each["Principal"]) == ("Deny", "*")
        assert {*each["Action"]} == {*WRITES, "s3:DeleteObject", "s3:ReplicateDelete"}
    assert "Condition" not in deny
    assert deny["NotResource"] == [
        sub("${ConfigBucket.Arn}/partners/*"),
        sub("${ConfigBucket.Arn}/inline/*"),
        sub("${ConfigBucket.Arn}/approvals/*/${!aws:userid}.json"),
    ]
    assert nobody["Resource"] == sub("${ConfigBucket.Arn}/approvals/*")
    assert nobody["Condition"] == {"Null": {"aws:userid": "true"}}


def test_nobody_makes_a_version_the_newest_again() -> None:
    deny = bucket_policy("ConfigBucket")["VersionsStay"]
    assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
    assert (deny["Action"], deny["Resource"]) == (
        "s3:DeleteObjectVersion",
        sub("${ConfigBucket.Arn}/*"),
    )
    assert "Condition" not in deny


def test_nobody_fills_a_folder_that_begins_as_the_id_of_an_approver() -> None:
    deny = bucket_policy("ConfigBucket")["NoFoldersOfApprovers"]
    assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
    assert {*deny["Action"]} == {*WRITES}
    assert deny["Resource"] == sub("${ConfigBucket.Arn}/approvals/*/*/*/A*/*")
    assert "Condition" not in deny
