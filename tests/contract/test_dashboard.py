"""What operations look at: everything that there is, and nothing that there is not."""

import json
import re
from typing import get_args

from latchkey.grants.record import Outcome
from latchkey.jobs.drift_check import DriftFound
from tests.kit.repository import ROOT
from tests.kit.template import FUNCTION, of_type, properties


def _dashboard() -> str:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard")
    return str(properties(dashboard)["DashboardBody"]["Fn::Sub"])


def test_dashboard_is_json() -> None:
    assert json.loads(_dashboard())["widgets"]


def test_dashboard_shows_every_alarm_and_every_function() -> None:
    named = [f"${{{name}.Arn}}" for name in of_type("AWS::CloudWatch::Alarm")]
    shown = [f"${{{name}}}" for name in of_type(FUNCTION)]
    assert [name for name in (*named, *shown) if name not in _dashboard()] == []


def test_dashboard_shows_only_metrics_that_there_are() -> None:
    shown = set(re.findall(r'"Latchkey", "(\w+)"', _dashboard()))
    handlers = "".join(path.read_text("utf-8") for path in ROOT.glob("functions/*/app.py"))
    named = set(re.findall(r'name="(\w+)"', handlers))
    outcomes = {f"Outcome{outcome.title()}" for outcome in get_args(Outcome)}
    reasons = {f"Grants{name.title()}".replace("_", "") for name in DriftFound.__annotations__}
    assert shown - named - outcomes - reasons == {"RolesUnowned"}
    assert "GrantsDrifted" in shown
