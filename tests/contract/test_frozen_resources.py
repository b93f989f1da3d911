"""Resources that a release must not write back, replace or delete (docs/upgrading.md)."""

from tests.kit.template import template

KEPT = ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SSM::Parameter")
PATH = {"Fn::If": ["IsNamedLatchkey", "latchkey", {"Fn::Sub": "latchkey/${AWS::StackName}"}]}
GUARDRAILS = {
    "Name": {"Fn::Sub": ["/${Path}/guardrails", {"Path": PATH}]},
    "Description": "Limits what may be granted to partners; owned by security (docs/guardrails.md)",
    "Type": "String",
    "Tier": "Intelligent-Tiering",
    "Value": '{"version": 1, "allow_custom": false}',
}
"""From the first release on, a change of any of these writes security's rules back to `Value`."""


def test_what_holds_data_outlives_the_stack_and_its_replacement() -> None:
    resources = template()["Resources"]
    holders = {name: each for name, each in resources.items() if each["Type"] in KEPT}
    assert len(holders) >= 4
    for name, resource in holders.items():
        assert resource.get("DeletionPolicy") == "RetainExceptOnCreate", name
        assert resource.get("UpdateReplacePolicy") == "Retain", name


def test_the_guardrails_parameter_is_never_written_back() -> None:
    assert template()["Resources"]["Guardrails"]["Properties"] == GUARDRAILS
