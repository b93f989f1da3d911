"""Several stacks in one account and region share nothing by accident (docs/decisions/0034)."""

import json

from tests.kit.template import OWN_STACK, of_type, properties, template


def _texts(value: object) -> str:
    return json.dumps(value)


def test_metrics_and_alarms_are_the_stacks_own() -> None:
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == OWN_STACK
    alarms = of_type("AWS::CloudWatch::Alarm")
    own = [name for name in alarms if properties(name).get("Namespace") == "Latchkey"]
    assert own
    for name in own:
        assert properties(name)["Dimensions"] == [{"Name": "service", "Value": OWN_STACK}], name


def test_dashboard_shows_the_stacks_own_metrics() -> None:
    (name,) = of_type("AWS::CloudWatch::Dashboard")
    body = _texts(properties(name)["DashboardBody"])
    assert "${AWS::Region}" in _texts(properties(name)["DashboardName"])
    assert body.count("service") == body.count("${AWS::StackName}") > 20
