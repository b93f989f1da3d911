"""Chats and facts for security tools: nothing of them where they are off, and no more than that."""

from typing import Any

import pytest

from tests.kit.template import bucket_policy, of_type, properties, sub, template

CHANNELS = {
    "HasChat": {"ChatTopic", "ChatTopicPolicy", "ChatPolicy"},
    "HasFacts": {"FactsBucket", "FactsBucketPolicy", "FactsPolicy"},
}


@pytest.mark.parametrize("condition", CHANNELS)
def test_they_are_there_under_their_condition_which_is_off(condition: str) -> None:
    resources = template()["Resources"]
    assert {n for n, body in resources.items() if body.get("Condition") == condition} == CHANNELS[
        condition
    ]
    parameters = template()["Parameters"]
    assert parameters["ChatNotices"]["Default"] == "off"
    assert parameters["FactsRetentionDays"]["Default"] == 0


@pytest.mark.parametrize(
    ("policy", "action", "resource"),
    [
        ("ChatPolicy", "sns:Publish", {"Ref": "ChatTopic"}),
        ("FactsPolicy", "s3:PutObject", sub("${FactsBucket.Arn}/ocsf/*")),
    ],
)
def test_notifying_may_do_one_thing_more(policy: str, action: str, resource: Any) -> None:
    found = properties(policy)
    assert found["Roles"] == [{"Ref": "NotifyOutcomeRole"}]
    (statement,) = found["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", action)
    assert statement["Resource"] == resource


def test_no_other_role_has_a_policy_of_its_own() -> None:
    assert set(of_type("AWS::IAM::Policy")) == {"ChatPolicy", "FactsPolicy"}


def test_facts_are_locked_by_default_and_written_by_notifying_alone() -> None:
    bucket = properties("FactsBucket")
    rule = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert bucket["ObjectLockEnabled"] is True
    assert rule == {"Mode": {"Ref": "FactsLockMode"}, "Days": {"Ref": "FactsRetentionDays"}}
    only = bucket_policy("FactsBucket")["FactsByNotifyingOnly"]
    assert (only["Effect"], only["Principal"]) == ("Deny", "*")
    assert "s3:PutObject" in only["Action"]
    notifying = {"Fn::GetAtt": "NotifyOutcomeRole.Arn"}
    assert only["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": notifying}}
