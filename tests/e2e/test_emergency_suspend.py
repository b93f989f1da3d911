"""Orders for all grants of a partner, by the real workflow: bounded, recorded, resumable."""

import json
import time
from functools import partial
from typing import Any

import pytest

from tests.e2e.conftest import Case
from tests.kit.outside import Outside, as_granted, eventually

pytestmark = pytest.mark.e2e

GRANTS = [f"g{number}" for number in range(6)]


def _order(case: Case, action: str, **more: Any) -> dict[str, Any]:
    why = {"reason": "incident 7", "requested_by": "security on call"}
    return {"action": action, "partner": case.partner, "grant": "*", **why, **more}


def _roles(outside: Outside, case: Case) -> dict[str, Any]:
    """The partner's roles with their one policy."""
    names = [f"partner-{case.partner}.{grant}" for grant in GRANTS]
    found = {name: outside.role(name) for name in names}
    return {name: role["InlinePolicies"] for name, role in found.items() if role}


@pytest.fixture
def many(outside: Outside, case: Case) -> Case:
    """A partner with several grants."""
    for grant in GRANTS:
        key = f"partners/{case.partner}/{grant}.json"
        assert outside.upload(key, case.config(grant=grant))["outcome"] == "created"
    return case


def test_suspend_stops_all_grants_of_a_partner_and_resume_puts_them_back(
    outside: Outside, many: Case
) -> None:
    before = _roles(outside, many)
    writes = outside.iam_writes(lambda: outside.start(_order(many, "suspend")))
    assert writes == ["PutRolePolicy"] * len(GRANTS)
    statuses = {outside.state(many.partner, grant)["status"] for grant in GRANTS}
    assert statuses == {"suspended"}
    again = outside.start(_order(many, "suspend"))
    assert (again["status"], again["output"]["grants"]) == ("SUCCEEDED", 0)
    resumed = outside.start(_order(many, "resume"))
    assert resumed["output"]["outcomes"] == {"updated": len(GRANTS)}
    assert as_granted(_roles(outside, many)) == before


def test_dry_run_of_an_order_for_many_changes_nothing(outside: Outside, many: Case) -> None:
    before = _roles(outside, many)
    planned = outside.start(_order(many, "revoke", dry_run=True))
    assert planned["output"]["outcomes"] == {"planned": len(GRANTS)}
    assert as_granted(_roles(outside, many)) == before


def test_revoke_that_is_stopped_in_the_middle_is_given_again_and_ends_all(
    outside: Outside, many: Case
) -> None:
    arn = outside.states.start_execution(
        stateMachineArn=outside.box.outputs["GrantWorkflowArn"],
        input=json.dumps(_order(many, "revoke")),
    )["executionArn"]
    eventually(lambda: len(_roles(outside, many)), lambda left: left < len(GRANTS))
    outside.states.stop_execution(executionArn=arn, cause="killed by the test")
    time.sleep(0.2)
    assert outside.start(_order(many, "revoke"))["status"] == "SUCCEEDED"
    eventually(lambda: _roles(outside, many), lambda left: not left)
    for grant in GRANTS:
        eventually(
            partial(outside.events, many.partner, grant),
            lambda events: events == ["AccessGranted", "AccessRevoked"],
        )
        last = outside.history(f"{many.partner}.{grant}")
        event = [item for item in last if item["sk"].startswith("EVENT#")][-1]
        assert (event["reason"], event["requested_by"]) == ("incident 7", "security on call")
        assert event["verified"]["role"] == "absent"


def test_order_without_its_confirmation_is_rejected(outside: Outside, many: Case) -> None:
    before = _roles(outside, many)
    rejected = outside.start({**_order(many, "revoke"), "partner": "*"})
    assert rejected["output"]["outcome"] == "rejected"
    assert [problem["path"] for problem in rejected["output"]["problems"]] == ["/confirm"]
    assert as_granted(_roles(outside, many)) == before
