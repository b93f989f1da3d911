"""Who may assume the role from now on that might not before, and the other way round."""

import re
from collections.abc import Iterator, Sequence

from latchkey.iam.condition import Conditions
from latchkey.iam.permit import Permit, Permitted, stands_for
from latchkey.reports.summary.condition_words import condition_lines
from latchkey.reports.summary.line import Line

_ASSUME = "sts:assumerole"
_GONE = re.compile(r"A(ROA|IDA)[A-Z0-9]+", re.ASCII)


def trust_lines(before: Sequence[Permit], after: Sequence[Permit]) -> Iterator[Line]:
    """New principals and those that go, then what becomes of the conditions on them."""
    named = {permit.principal for permit in before}
    for permit in after:
        if not _any_for(before, permit):
            yield Line("widens", f"{_may(permit, 'a new principal may')}: {_who(permit)}")
        elif permit.principal not in named:
            yield Line("none", f"{_may(permit, 'may still')}: {_who(permit)}")
    for permit in before:
        if not _any_for(after, permit):
            yield Line("narrows", _may(permit, f"principal {_who(permit)} may no longer"))
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
    assume = permit.action.lower() == _ASSUME
    return f"{begin} assume" if assume else f"{begin} call {permit.action}"


def _who(permit: Permit) -> str:
    name = permit.principal
    if name == "*":
        return "anybody at all (*)"
    return f"{name} (a principal that was deleted)" if _GONE.fullmatch(name) else name
