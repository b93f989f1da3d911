"""What waits for a second person less than before, however the rules are written."""

import copy
from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails
from latchkey.config.loosening import loosened

ADA, BEN, CAL = "AROAADAADAADAADA01", "AIDABENBENBENBEN01", "AROACALCALCALCAL01"
ONE, TWO = "111122223333", "444455556666"


def _rules(**fields: Any) -> Guardrails:
    return Guardrails(version=1, **fields)


APPROVAL: dict[str, Any] = {
    "groups": {"security": {"members": [ADA, BEN]}, "finance": {"members": [BEN, CAL]}},
    "rules": [
        {
            "when": {
                "services": ["kms", "s3"],
                "resources": ["arn:aws:s3:::fin*"],
                "accounts": [ONE, TWO],
                "days": 30,
            },
            "groups": {"security": 2, "finance": 1},
            "valid_for_hours": 48,
        },
        {"when": {"widening": True}, "groups": {"security": 1}},
    ],
}
WEAKER: list[tuple[str, Any, str]] = [
    ("rules/0/when/services", ["s3"], "nobody of security has to approve kms"),
    ("rules/0/when/resources", ["arn:aws:s3:::fin-*"], "nobody of security"),
    ("rules/0/when/accounts", [TWO], ONE),
    ("rules/0/when/days", 31, "more than 30 days"),
    ("rules/0/groups", {"security": 2}, "nobody of finance"),
    ("rules/0/groups/security", 1, "1 of security are enough (before: 2)"),
    ("rules/0/valid_for_hours", 49, "49 hours (before: 48)"),
    ("rules/1/valid_for_hours", 169, "169 hours (before: 168)"),
    ("rules/1/when", {"services": ["s3"]}, "nobody of security has to approve what gives more"),
    ("groups/security/members", [ADA, BEN, CAL], f"group security has more members: {CAL}"),
    ("groups/security/members", [ADA, CAL], CAL),
    ("groups/security/identity_center", True, "counted otherwise"),
]


def _approval(place: str = "", value: Any = None) -> Guardrails:
    document = copy.deepcopy(APPROVAL)
    at: Any = document
    if place:
        *parts, last = place.split("/")
        for part in parts:
            at = at[int(part)] if part.isdigit() else at[part]
        at[last] = value
        if last == "identity_center":
            document["groups"]["finance"]["members"] = [CAL]
    return _rules(approval=document)


@pytest.mark.parametrize(("place", "value", "said"), WEAKER)
def test_rule_that_is_weakened_is_told(place: str, value: Any, said: str) -> None:
    lines = loosened(_approval(), _approval(place, value))
    assert any(said in line for line in lines), lines
    assert all(line.startswith("approval: ") for line in lines)
    if value not in ([ADA, CAL], True):
        assert loosened(_approval(place, value), _approval()) == ()


def test_rules_that_go_are_told_and_rules_that_come_are_not() -> None:
    both = _approval()
    (gone,) = loosened(both, _rules())
    assert "nothing waits" in gone
    one = _approval("rules", APPROVAL["rules"][:1])
    (line,) = loosened(both, one)
    assert line.startswith("approval: rule 1 (whatever gives more access): nobody of security")
    assert loosened(_rules(), both) == loosened(one, both) == ()


def test_rule_that_is_said_otherwise_is_the_same() -> None:
    first, second = APPROVAL["rules"]
    parts = [
        {**first, "when": {**first["when"], "services": [name]}, "groups": {group: number}}
        for name in ("kms", "s3")
        for group, number in first["groups"].items()
    ]
    assert loosened(_approval(), _approval("rules", [second, *parts])) == ()
    (line,) = loosened(_approval(), _approval("rules", [second, *parts[1:]]))
    assert "nobody of security has to approve kms" in line or "1 of security" in line


def test_rule_by_days_is_kept_by_no_rule_without() -> None:
    """A later end alone waits only by rules with `days`."""
    by_days = {"when": {"days": 30}, "groups": {"security": 1}}
    widening = {"when": {"widening": True}, "groups": {"security": 1}}
    assert loosened(_approval("rules", [by_days]), _approval("rules", [widening])) != ()
    assert (
        loosened(
            _approval("rules", [widening]), _approval("rules", [{**by_days, "when": {"days": 0}}])
        )
        == ()
    )


def test_rule_with_very_many_cases_is_told_as_changed() -> None:
    many = [f"arn:aws:s3:::fin-{number}" for number in range(200)]
    rule = {
        "when": {"resources": many, "accounts": [f"{number:012}" for number in range(1, 31)]},
        "groups": {"security": 1},
    }
    old, new = _approval("rules", [rule]), _approval("rules", [{**rule, "valid_for_hours": 9}])
    assert [line.rpartition(": ")[2] for line in loosened(old, new)] == ["changed"]
    assert loosened(old, old) == ()
