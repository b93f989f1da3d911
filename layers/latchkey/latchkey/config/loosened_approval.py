"""Approval rules: what waited for a second person, and does not wait as much any more.

A rule is taken apart into cases: one of its services, of its patterns, of its accounts. In each
case, all new rules that apply wherever it does have to ask for as many people of each group, for
as short a time, whether one rule says so or several do.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from latchkey.config.approval_rules import Approval, ApprovalRule, ApproverGroup, When
from latchkey.frozen import Frozen
from latchkey.services.reach import denied_by

_MOST_CASES = 2_000
"""Cases of one rule that are looked at; of one with more, any difference is told."""


class _Case(Frozen):
    service: str | None
    resource: str | None
    account: str | None
    days: int | None


def loosened_approval(old: Approval | None, new: Approval | None) -> Iterator[str]:
    """What waits less than it did, by rule, and who may approve that could not."""
    if old is None:
        return
    if new is None:
        yield "there are no rules any more: nothing waits for a second person"
        return
    for number, rule in enumerate(old.rules):
        if missing := next(_unkept(rule, new.rules), None):
            yield f"rule {number} ({_rule_words(rule)}): {missing}"
    asked = {name for rule in old.rules for name in rule.groups}
    for name in sorted(asked & new.groups.keys()):
        yield from _wider_group(name, old.groups[name], new.groups[name])
    for field in Approval.model_fields.keys() - COMPARED[Approval]:
        if getattr(old, field) != getattr(new, field):
            yield f"{field} changed"


COMPARED: Mapping[type, frozenset[str]] = {
    Approval: frozenset({"groups", "rules"}),
    ApproverGroup: frozenset({"members", "identity_center"}),
    ApprovalRule: frozenset({"when", "groups", "valid_for_hours"}),
    When: frozenset({"services", "resources", "accounts", "days", "widening"}),
}
"""The fields that are compared here; a rule or a group with any other is told where it changed."""


def _wider_group(name: str, old: ApproverGroup, new: ApproverGroup) -> Iterator[str]:
    if more := sorted({*new.members} - {*old.members}):
        yield f"group {name} has more members: {', '.join(more)}"
    if old.identity_center != new.identity_center:
        who = "each person" if new.identity_center else "each role"
        yield f"group {name} is counted otherwise: {who} is one approver now"
    if _unknown_fields(old) != _unknown_fields(new):
        yield f"group {name} changed"


def _unkept(old: ApprovalRule, rules: Sequence[ApprovalRule]) -> Iterator[str]:
    """What is not asked for any more in some case of a rule."""
    when = old.when
    if old in rules:
        return
    if any(
        _unknown_fields(old) != _unknown_fields(new) for new in rules
    ) or not _can_be_taken_apart(when):
        yield "changed"
        return
    for case in _cases_of(when):
        applying = [rule for rule in rules if _always_applies(rule.when, case)]
        for group, number in old.groups.items():
            asking = [rule for rule in applying if group in rule.groups]
            if not asking:
                yield f"nobody of {group} has to approve {_case_words(case)} any more"
                continue
            most = max(rule.groups[group] for rule in asking)
            if most < number:
                yield f"{most} of {group} are enough (before: {number})"
            hours = min(rule.valid_for_hours for rule in asking)
            if hours > old.valid_for_hours:
                yield f"approvals count for {hours} hours (before: {old.valid_for_hours})"


def _can_be_taken_apart(when: When) -> bool:
    lists = (when.services, when.resources, when.accounts)
    if vars(when).keys() - COMPARED[When]:
        return False
    return prod(len(each) for each in lists if each) <= _MOST_CASES


def _cases_of(when: When) -> Iterator[_Case]:
    lists = (when.services or (None,), when.resources or (None,), when.accounts or (None,))
    for service, resource, account in product(*lists):
        yield _Case(service, resource, account, when.days)


def _always_applies(when: When, case: _Case) -> bool:
    """Whether a rule applies to every grant of a case; `widening` holds of all that waits.

    What only prolongs waits by rules with `days` alone, so that no other does for one.
    """
    longest = case.days or 0
    return (
        (case.days is None or when.days is not None)
        and (when.days or 0) <= longest
        and (when.services is None or case.service in when.services)
        and (when.accounts is None or case.account in when.accounts)
        and (
            when.resources is None
            or any(denied_by(one, case.resource or "") for one in when.resources)
        )
    )


def _case_words(case: _Case) -> str:
    days = f"more than {case.days} days" if case.days is not None else None
    told = [str(one) for one in (case.service, case.resource, case.account, days) if one]
    return ", ".join(told) or "what gives more"


def _rule_words(rule: ApprovalRule) -> str:
    when = rule.when
    lists = (when.services, when.resources, when.accounts)
    told = [", ".join(each[:3]) + (", …" if len(each) > 3 else "") for each in lists if each]
    if when.days is not None:
        told.append(f"more than {when.days} days")
    return "; ".join(told) or "whatever gives more access"


def _unknown_fields(model: ApprovalRule | ApproverGroup) -> dict[str, object]:
    """The fields of which nothing is known here."""
    known = COMPARED[type(model)]
    return {name: value for name, value in model if name not in known}
