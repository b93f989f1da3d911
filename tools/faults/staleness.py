"""An IAM whose reads lag behind its writes, as the real one's do for a while."""

import json
from copy import deepcopy
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import aws
from tests.kit.stack.taps import Call, refusal

_READS = {
    "GetRole": lambda iam, role: iam.get_role(RoleName=role),
    "GetRolePolicy": lambda iam, role: iam.get_role_policy(
        RoleName=role, PolicyName="latchkey-access"
    ),
    "ListRolePolicies": lambda iam, role: iam.list_role_policies(RoleName=role),
    "ListAttachedRolePolicies": lambda iam, role: iam.list_attached_role_policies(RoleName=role),
}


class Stale:
    """After each write to a role, so many `reads` of it answer as before the write."""

    def __init__(self, role: str, reads: int, account: str = ACCOUNT) -> None:
        self._role, self._reads, self._account = role, reads, account
        self._before: dict[str, Any] = {}
        self._left = 0

    def answer(self, call: Call) -> Any:
        """What IAM says in place of the truth, or None."""
        if call.service != "iam" or call.parameters.get("RoleName") != self._role:
            return None
        if call.operation not in _READS:
            if not call.operation.startswith(("Get", "List")):
                self._before = {name: self._now(name) for name in _READS}
                self._left = self._reads
            return None
        if not self._left:
            return None
        self._left -= 1
        return deepcopy(self._before[call.operation])  # botocore decodes it in place

    def _now(self, read: str) -> Any:
        try:
            parsed = _READS[read](aws("iam", self._account), self._role)
        except ClientError as error:
            found = error.response["Error"]
            return refusal(str(found["Code"]), str(found["Message"]), 404)
        return refusal("", status=200)[0], _on_the_wire(parsed)


def _on_the_wire(parsed: Any) -> Any:
    """IAM sends policies URL-encoded; botocore decodes them once more on the way in."""
    if not isinstance(parsed, dict):
        return parsed
    return {
        key: quote(json.dumps(value)) if key.endswith("PolicyDocument") else _on_the_wire(value)
        for key, value in parsed.items()
    }
