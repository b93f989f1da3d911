"""Approval rules of the guardrails: what nobody could keep is refused, with what to write."""

import copy
import json
from typing import Any

import pytest
from pydantic import ValidationError

from latchkey.config.approval_rules import Approval

ADA, BEN, SSO = "AROAADAADAADAADA01", "AIDABENBENBENBEN01", "AROASSOSSOSSOSSO01"
VALID: dict[str, Any] = {
    "groups": {
        "security": {"members": [ADA, BEN]},
        "finance": {"members": [BEN]},
        "people": {"members": [SSO], "identity_center": True},
    },
    "rules": [
        {"when": {"widening": True}, "groups": {"security": 1, "finance": 1, "people": 9}},
        {"when": {"days": 30, "services": ["s3"]}, "groups": {"people": 2}, "valid_for_hours": 24},
    ],
}


def test_rules_that_can_be_kept_are_taken() -> None:
    found = Approval.model_validate(VALID)
    assert [rule.valid_for_hours for rule in found.rules] == [168, 24]
    assert found.groups["people"].identity_center


REFUSED: list[tuple[str, Any, str]] = [
    ("rules/0/groups", {"sec": 1}, "there is no group sec; there are: finance, people, security"),
    ("rules/0/groups", {"finance": 2}, "finance has 1 members, and 2 of them cannot approve"),
    ("rules/0/groups", {"finance": 1, "security": 2}, "one person counts once: add members"),
    ("rules/0/groups", {"finance": 0}, "greater than or equal to 1"),
    ("rules/0/groups", {}, "at least 1"),
    ("rules/0/when", {}, '{"widening": true}'),
    ("rules/0/when", {"widening": False}, "True"),
    ("rules/0/when", {"resources": ["finance-*"]}, "pattern"),
    ("rules/0/when", {"services": []}, "at least 1"),
    ("rules/0/when", {"account": ["111122223333"]}, "Extra"),
    ("rules/0/valid_for_hours", 0, "greater than or equal to 1"),
    ("rules", [], "at least 1"),
    ("groups/finance/members", [], "at least 1"),
    ("groups/finance/members", ["arn:aws:iam::111122223333:role/approver"], "latchkey group-id"),
    ("groups/finance/members", ["approver"], "write its unique ID (AROA… or AIDA…)"),
    ("groups/finance/members", [f"{ADA}:ada"], "latchkey group-id"),
    ("groups/finance/members", [ADA.lower()], "latchkey group-id"),
    ("groups/finance/members", ["AROA*"], "latchkey group-id"),
    ("groups/finance/members", [f"{ADA}\n"], "latchkey group-id"),
    ("groups/finance/members", ["AKIAADAADAADAADA01"], "latchkey group-id"),
    ("groups/finance/members", [SSO], "mark both groups alike"),
    ("groups", {"Security": {"members": [ADA]}}, "pattern"),
    ("groups", {"a/b": {"members": [ADA]}}, "pattern"),
]


@pytest.mark.parametrize(("place", "value", "said"), REFUSED)
def test_rules_that_nobody_can_keep_are_refused(place: str, value: Any, said: str) -> None:
    document = copy.deepcopy(VALID)
    *way, last = place.split("/")
    at: Any = document
    for step in way:
        at = at[int(step) if step.isdigit() else step]
    at[last] = value
    with pytest.raises(ValidationError) as refused:
        Approval.model_validate(json.loads(json.dumps(document)))
    assert said in str(refused.value)
