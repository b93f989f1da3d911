"""CloudTrail's events of IAM calls in other accounts, and the rules of EventBridge that they meet.

As spoke.yaml and the template declare it: a rule on an account's default bus passes them on to a
bus of the stack's account, under a role of its own and within that bus's policy, and a rule there
invokes a function. Calls in the stack's own account meet no rule.
"""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from moto.events.models import events_backends

from sandbox.account import ACCOUNT, ORGANIZATION, REGION
from sandbox.compute import targets
from sandbox.iam import roles
from sandbox.iam.authorisation import allowed, policy_allows
from sandbox.iam.request import Request

_SOURCE = {"source": "aws.iam", "detail-type": "AWS API Call via CloudTrail"}
_READS = ("Get", "List", "Simulate", "Generate")


class Trail:
    """Hears of calls that were made; what rules start runs beside, by `client`'s clients."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client

    def saw(self, request: Request, status: int) -> None:
        """A call was answered."""
        account = roles.account_of(request.access_key)
        made = request.service == "iam" and status == 200
        if not made or account == ACCOUNT or request.operation.startswith(_READS):
            return
        event = {"account": account, "region": REGION, **_SOURCE, "detail": _detail(request)}
        for target in _targets(account, "default", event):
            bus = target["Arn"]
            if _may_forward(target.get("RoleArn", ""), bus):
                self._put(bus, event)

    def _put(self, bus: str, event: dict[str, Any]) -> None:
        account, name = bus.split(":")[4], bus.partition("/")[2]
        for target in _targets(account, name, event):
            given = (target["Arn"], json.dumps(event), self._client)
            threading.Thread(target=targets.start, args=given, daemon=True).start()


def _detail(request: Request) -> dict[str, Any]:
    """CloudTrail's record of a call, as far as rules and Latchkey read it."""
    held, given = roles.session(request.access_key), request.parameters
    account = roles.account_of(request.access_key)
    who: dict[str, Any] = {"type": "Root", "arn": f"arn:aws:iam::{account}:root"}
    if held:
        issuer = {"type": "Role", "arn": held.role_arn, "accountId": account}
        who = {"type": "AssumedRole", "arn": held.arn, "sessionContext": {"sessionIssuer": issuer}}
    named = {key[0].lower() + key[1:]: value for key, value in given.items()}
    return {
        "eventSource": "iam.amazonaws.com",
        "eventName": request.operation,
        "eventID": str(uuid.uuid4()),
        "recipientAccountId": account,
        "userIdentity": {**who, "accountId": account},
        "requestParameters": json.loads(json.dumps(named, default=str)),
    }


def _targets(account: str, bus: str, event: Any) -> list[dict[str, Any]]:
    """The targets of the rules on a bus that an event meets; there may be no such bus."""
    held = events_backends[account][REGION].event_buses.get(bus)
    rules = [one for one in held.rules.values() if one.state == "ENABLED"] if held else []
    return [t for one in rules if one.event_pattern.matches_event(event) for t in one.targets]


def _may_forward(role_arn: str, bus: str) -> bool:
    """Whether a rule's role and the policy of the bus in the other account allow it."""
    role = roles.role(role_arn)
    held = events_backends[bus.split(":")[4]][REGION].event_buses.get(bus.partition("/")[2])
    if not (role and held):
        return False
    context = {"aws:PrincipalArn": role_arn, "aws:PrincipalOrgID": ORGANIZATION}
    asked = ("events:PutEvents", bus, context)
    own = allowed(roles.documents(role), roles.boundary(role), *asked)
    return own and bool(held.policy) and policy_allows(held.policy, {role_arn}, *asked)
