"""From the workflow's raw input to a plan: an input that makes no sense is a rejection too."""

from datetime import datetime
from typing import Any

from latchkey.domain.grant_plan import GrantPlan
from latchkey.domain.problem import ConfigRejected
from latchkey.domain.request import parse_request
from latchkey.use_cases.find_config import Subject
from latchkey.use_cases.plan_grant import Planner, Run
from latchkey.use_cases.rejection import rejection


def answer(planner: Planner, event: dict[str, Any], now: datetime) -> GrantPlan:
    """The plan for the input of Plan, `{"request": …, "execution": {"id", "name"}}`.

    Raises
    ------
    GrantBusy
        When another run is at work on the grant.
    """
    run = Run(event["execution"]["id"], event["execution"]["name"])
    try:
        request = parse_request(event["request"])
        return planner.plan(request, run, now)
    except ConfigRejected as rejected:
        return rejection(rejected.problems, Subject(), now)
