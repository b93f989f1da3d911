"""The rule for CloudTrail's events: what wakes the drift check, and what does not."""

import copy
import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from tests.kit.repository import ROOT
from tests.kit.template import properties

OURS = "arn:aws:iam::123456789012:role/latchkey-grants-access"
SAMPLE: Any = json.loads(
    (ROOT / "events/cloudtrail__policy_attached.json").read_text(encoding="utf-8")
)


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
