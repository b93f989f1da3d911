"""Template, settings and workflow agree about names, so that nothing is missing when deployed."""

import re

import pytest
from botocore.loaders import create_loader

from latchkey.frozen import field_types
from latchkey.runtime.settings import (
    DigestSettings,
    DriftSettings,
    FileCheckSettings,
    FindSettings,
    GrantSettings,
    IntakeSettings,
    NotifySettings,
    PlanSettings,
    RecordSettings,
    RegisterSettings,
    RevokeSettings,
    Settings,
    SweepSettings,
)
from tests.kit.repository import ROOT
from tests.kit.template import FUNCTION, folder, of_type, properties, resolved, template, workflow

SETTINGS: dict[str, type[Settings]] = {
    "IntakeConfigFunction": IntakeSettings,
    "PlanGrantFunction": PlanSettings,
    "PlanOrderFunction": PlanSettings,
    "GrantAccessFunction": GrantSettings,
    "SuspendAccessFunction": GrantSettings,
    "RevokeAccessFunction": RevokeSettings,
    "RecordOutcomeFunction": RecordSettings,
    "SweepGrantsFunction": SweepSettings,
    "CheckDriftFunction": DriftSettings,
    "CheckFilesFunction": FileCheckSettings,
    "FindGrantsFunction": FindSettings,
    "NotifyOutcomeFunction": NotifySettings,
    "SendDigestFunction": DigestSettings,
    "PublishRegisterFunction": RegisterSettings,
}
OF_LAMBDA = {"AWS_REGION"}
"""Variables that every Lambda function has."""


def test_every_function_has_settings_and_every_folder_is_a_function() -> None:
    assert set(of_type(FUNCTION)) == SETTINGS.keys()
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert {folder(function) for function in SETTINGS} == folders


@pytest.mark.parametrize("function", SETTINGS)
def test_function_declares_exactly_the_variables_that_it_reads(function: str) -> None:
    declared = properties(function)["Environment"]["Variables"]
    read = {field.upper() for field in field_types(SETTINGS[function])}
    assert declared.keys() == read - OF_LAMBDA


@pytest.mark.parametrize("function", SETTINGS)
def test_the_code_reads_the_settings_of_this_function(function: str) -> None:
    wiring = ROOT / "layers/latchkey/latchkey/runtime/wiring"
    text = "".join(path.read_text() for path in wiring.glob("*.py"))
    assert f"{SETTINGS[function].__name__}.read(os.environ)" in text


ENDPOINT = {"Fn::If": ["RunsLocally", "", {"Ref": "AWS::NoValue"}]}


def test_endpoint_is_declared_for_sam_local_only() -> None:
    """`sam local --env-vars` reaches only what the template declares.

    On AWS a variable, were it empty, would come before the endpoint of an account's own
    configuration; `localhost` is what `sam local` puts for the pseudo parameter.
    """
    common = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert common["AWS_ENDPOINT_URL"] == ENDPOINT
    locally = {"Fn::Equals": [{"Ref": "AWS::URLSuffix"}, "localhost"]}
    assert template()["Conditions"]["RunsLocally"] == locally
    assert {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"} <= common.keys()
    data = create_loader()
    suffixes = [one["dnsSuffix"] for one in data.load_data("endpoints")["partitions"]]
    assert len(suffixes) > 5
    assert "localhost" not in suffixes


@pytest.mark.parametrize("machine", of_type("AWS::Serverless::StateMachine"))
def test_substitutions_of_a_workflow_are_all_declared_and_all_used(machine: str) -> None:
    text = (ROOT / properties(machine)["DefinitionUri"]).read_text()
    used = set(re.findall(r"\$\{(\w+)\}", text))
    assert used == properties(machine)["DefinitionSubstitutions"].keys()
    assert workflow()["StartAt"] in workflow()["States"]


@pytest.mark.parametrize("machine", of_type("AWS::Serverless::StateMachine"))
def test_substitutions_name_the_functions_that_they_are_called_after(machine: str) -> None:
    for name, value in properties(machine)["DefinitionSubstitutions"].items():
        if name.endswith("FunctionArn"):
            assert value == {"Fn::GetAtt": f"{name.removesuffix('Arn')}.Arn"}


def test_orders_for_many_start_runs_of_the_workflow_that_they_are_given_to() -> None:
    given = properties("GrantWorkflow")["DefinitionSubstitutions"]
    name = resolved(properties("GrantWorkflow")["Name"], "prod")
    assert resolved(given["GrantWorkflowArn"], "prod").endswith(f":stateMachine:{name}")
    assert given["RunWorkflow"]["Fn::Sub"].endswith(":states:startExecution.sync:2")


def test_outputs_are_those_of_the_contract() -> None:
    assert template()["Outputs"].keys() == {
        "ConfigBucketName",
        "ResultsBucketName",
        "GrantTableName",
        "GrantWorkflowArn",
        "PlanWorkflowArn",
        "PlannerRoleArn",
        "PermissionsBoundaryArn",
        "KmsBoundaryArn",
        "AuditBoundaryArn",
        "EventBusName",
        "ChatTopicArn",
        "FactsBucketName",
        "NoticesTopicArn",
    }


def test_parameters_have_the_defaults_of_the_contract() -> None:
    parameters = template()["Parameters"]
    assert parameters["RolePath"]["Default"] == "/partners/"
    assert parameters["RoleNamePrefix"]["Default"] == "partner-"
    assert parameters["FirstPartyAccounts"]["Default"] == ""
    assert all(body.get("Description") for body in parameters.values())


LONGEST_GRANT = "a" * 22 + "." + "b" * 22


def test_longest_prefix_leaves_room_for_the_longest_grant() -> None:
    pattern = template()["Parameters"]["RoleNamePrefix"]["AllowedPattern"]
    longest = "p" * (64 - len(LONGEST_GRANT))
    assert re.fullmatch(pattern.strip("^$"), longest)
    assert not re.fullmatch(pattern.strip("^$"), longest + "p")
