"""Who may assume the role from now on that might not before, and the other way round."""

import re
from collections.abc import Iterator, Sequence

from latchkey.iam.condition import Conditions
from latchkey.iam.permit import Permit, Permitted, stands_for
from latchkey.iam.web_identity import FEDERATED, provider_of
from latchkey.newer_python import replace
from latchkey.reports.summary.condition_words import condition_lines
from latchkey.reports.summary.line import Line

_SAYS = {
    "sts:assumerole": "assume",
    "sts:assumerolewithwebidentity": "assume",
    "sts:tagsession": "pass session tags",
    "sts:setsourceidentity": "set a source identity",
}
_BESIDE = {"sts:tagsession": "session tags: ", "sts:setsourceidentity": "source identity: "}
"""What goes with assuming a role, and gives no session; how lines about its conditions begin."""
_BY_ARN = ("ArnEquals", "aws:principalarn")
_GONE = re.compile(r"A(ROA|IDA)[A-Z0-9]+", re.ASCII)


def trust_lines(before: Sequence[Permit], after: Sequence[Permit]) -> Iterator[Line]:
    """New principals and those that go, then what becomes of the conditions on them.

    First of those who may assume the role, then of what they may pass: of that only what differs.
    """
    said: set[str] = set()
    for action, what in {"": "", **_BESIDE}.items():
        old, new = (
            [exact for p in permits if _group(p) == action for exact in _exact(p)]
            for permits in (before, after)
        )
        yield from _principal_lines(old, new)
        lines = list(_condition_lines(old, new))
        yield from (Line(one.effect, what + one.text) for one in lines if one.text not in said)
        held = (one for p in new for one in condition_lines(frozenset(), p.conditions))
        said.update(one.text for one in (*lines, *held))


def _group(permit: Permit) -> str:
    action = permit.action.lower()
    return action if action in _BESIDE else ""


def _exact(permit: Permit) -> Iterator[Permit]:
    """The principals that a permit is for: those that `aws:PrincipalArn` names of an account."""
    for condition in permit.conditions:
        in_account = [stands_for(permit.principal, arn) for arn in condition.values]
        if condition.about == _BY_ARN and not permit.opaque and in_account and all(in_account):
            rest = permit.conditions - {condition}
            for arn in condition.values:
                yield replace(permit, principal=arn, conditions=rest)
            return
    yield permit


def _principal_lines(before: Sequence[Permit], after: Sequence[Permit]) -> Iterator[Line]:
    named = {permit.principal for permit in before}
    for permit in after:
        if not _any_for(before, permit):
            yield Line("widens", f"{_may(permit, 'a new principal may')}: {_who(permit)}")
        elif permit.principal not in named:
            yield Line("none", f"{_may(permit, 'may still')}: {_who(permit)}")
    for permit in before:
        if not _any_for(after, permit):
            yield Line("narrows", _may(permit, f"principal {_who(permit)} may no longer"))


def _condition_lines(before: Sequence[Permit], after: Sequence[Permit]) -> Iterator[Line]:
    for old, new in dict.fromkeys(_pairs(before, after)):
        lines = condition_lines(old, new)
        yield from lines if before else (Line("none", line.text) for line in lines)


def _pairs(
    before: Sequence[Permit], after: Sequence[Permit]
) -> Iterator[tuple[Conditions, Conditions]]:
    """The conditions that a principal is held to, before and after; of all, if they are the same.

    Those of a role that nobody could assume before are listed as they are.
    """
    olds, news = ({p.conditions for p in permits} for permits in (before, after))
    if len(olds) <= 1 and len(news) == 1:
        yield olds.pop() if olds else frozenset(), news.pop()
    else:
        was, will = Permitted(before), Permitted(after)
        for permit in after:
            if not was.covers(permit):
                yield from ((p.conditions, permit.conditions) for p in was.reaching(permit))
        for permit in before:
            if not will.covers(permit):
                yield from ((permit.conditions, p.conditions) for p in will.reaching(permit))


def _any_for(permits: Sequence[Permit], permit: Permit) -> bool:
    return any(
        other.action.lower() == permit.action.lower()
        and other.opaque == permit.opaque
        and stands_for(other.principal, permit.principal)
        for other in permits
    )


def _may(permit: Permit, begin: str) -> str:
    return f"{begin} {_SAYS.get(permit.action.lower(), f'call {permit.action}')}"


def _who(permit: Permit) -> str:
    name = permit.principal
    if name.startswith(f"{FEDERATED} "):
        principal = name.removeprefix(f"{FEDERATED} ")
        return f"who has a token of {provider_of(principal) or principal}"
    if name == "*":
        return "anybody at all (*)"
    return f"{name} (a principal that was deleted)" if _GONE.fullmatch(name) else name
