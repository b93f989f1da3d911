"""The rule for CloudTrail's events: what wakes the drift check, and what does not."""

import copy
import json
from typing import Any

import pytest
from botocore.loaders import create_loader
from moto.events.models import EventPattern

from latchkey.services.registry import KNOWN, spec
from tests.kit.repository import ROOT
from tests.kit.template import properties

OURS = "arn:aws:iam::123456789012:role/latchkey-grants-access"
SAMPLE: Any = json.loads(
    (ROOT / "events/cloudtrail__policy_attached.json").read_text(encoding="utf-8")
)


RESOURCES = properties("CheckDriftFunction")["Events"]["Resources"]["Properties"]["Pattern"]
CHANGED_BY = sorted({call for name in KNOWN for call in spec(name).changed_by})


def test_rule_for_resources_has_what_the_services_say_and_fits() -> None:
    """Event patterns have 2,048 characters at most (EventBridge user guide, "Quotas")."""
    detail = RESOURCES["detail"]
    sources = sorted({f"{call.split(':')[0]}.amazonaws.com" for call in CHANGED_BY})
    assert detail["eventSource"] == sources
    assert detail["eventName"] == sorted({call.split(":")[1] for call in CHANGED_BY})
    assert len(json.dumps(RESOURCES)) <= 2_048


@pytest.mark.parametrize("name", sorted({*KNOWN} - {"bedrock", "cloudwatch", "account", "custom"}))
def test_every_service_whose_resources_can_go_says_how(name: str) -> None:
    assert spec(name).changed_by


@pytest.mark.parametrize("call", CHANGED_BY)
def test_calls_are_ones_that_the_services_have(call: str) -> None:
    """CloudTrail names Lambda's calls with the version of the API (Lambda developer guide)."""
    source, name = call.split(":")
    model = {"states": "stepfunctions", "ses": "sesv2"}.get(source, source)
    found = create_loader().load_service_model(model, "service-2")
    assert name.removesuffix("20150331") in found["operations"]


def test_change_to_a_resource_is_heard_unless_it_failed() -> None:
    event: Any = {**SAMPLE, "source": "aws.sqs"}
    event["detail"] = {"eventSource": "sqs.amazonaws.com", "eventName": "DeleteQueue"}
    pattern = EventPattern.load(json.dumps(RESOURCES))
    assert pattern.matches_event(event)
    event["detail"]["errorCode"] = "AccessDenied"
    assert not pattern.matches_event(event)


def _pattern() -> EventPattern:
    """The pattern with its references resolved, as CloudFormation does."""
    pattern = properties("CheckDriftFunction")["Events"]["Trail"]["Properties"]["Pattern"]
    text = json.dumps(pattern).replace('{"Ref": "RoleNamePrefix"}', '"partner-"')
    for function in ("GrantAccessRole", "RevokeAccessRole", "SuspendAccessRole"):
        text = text.replace(json.dumps({"Fn::GetAtt": f"{function}.Arn"}), f'"{OURS}"')
    assert "Fn::" not in text
    return EventPattern.load(text)


def _event(**detail: Any) -> Any:
    event = copy.deepcopy(SAMPLE)
    event["detail"].update(detail)
    return event


def test_change_of_a_partner_role_is_heard() -> None:
    assert _pattern().matches_event(SAMPLE)


def test_user_who_has_no_session_is_heard_too() -> None:
    user = {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/someone"}
    assert _pattern().matches_event(_event(userIdentity=user))


@pytest.mark.parametrize(
    "detail",
    [
        {"eventName": "GetRole"},
        {"requestParameters": {"roleName": "admin"}},
        {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": OURS}}}},
    ],
    ids=["a read", "another role", "our own change"],
)
def test_what_concerns_nobody_is_not_heard(detail: dict[str, Any]) -> None:
    assert not _pattern().matches_event(_event(**detail))
