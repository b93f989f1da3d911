"""Policy checks refuse what Latchkey is about to give, and never what it takes away."""

from copy import replace
from typing import Any

import pytest

from latchkey.errors import PolicyRefused
from latchkey.grants.change import Change, PutRolePolicy, UpdateAssumeRolePolicy
from latchkey.grants.policy_validation import Finding
from latchkey.grants.sessions import suspended_policy
from tests.kit.examples import policy
from tests.unit.test_policy_validation import _plan, _prover

ERROR = Finding("ERROR", "what somebody else wrote")
FAULTY: dict[str, Any] = {"trust": [ERROR], "permissions": [ERROR], "public": [ERROR]}
DENIES = policy("s3:*", "Deny")
MIXED = {**DENIES, "Statement": [*DENIES["Statement"], *policy("s3:GetObject")["Statement"]]}
ROLE = _plan().role or ""


@pytest.mark.parametrize("document", [suspended_policy(), DENIES], ids=["suspended", "denial"])
def test_nobody_is_asked_about_what_only_denies(document: dict[str, Any]) -> None:
    """Suspending waits for no other service, and none can refuse it."""
    put = PutRolePolicy(ROLE, "latchkey-access", document)
    assert _prover(**FAULTY).before(replace(_plan(), changes=(put,))) == []


REPAIRS: dict[str, Change] = {
    "our policy, with a denial of somebody else's": PutRolePolicy(ROLE, "latchkey-access", MIXED),
    "the trust policy, as far as it is left": UpdateAssumeRolePolicy(ROLE, MIXED),
}


@pytest.mark.parametrize("change", REPAIRS.values(), ids=REPAIRS)
def test_repair_is_not_refused_for_what_somebody_else_wrote(change: Change) -> None:
    plan = replace(_plan(), changes=(change,), repairs=True)
    found = _prover(**FAULTY).before(plan)
    assert {check.result for check in found} == {"failed"}, "and yet it is told"
    with pytest.raises(PolicyRefused):
        _prover(**FAULTY).before(replace(plan, repairs=False))
