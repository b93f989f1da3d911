"""What sessions may do from now on that they might not before, and the other way round."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from latchkey.iam.condition import Conditions
from latchkey.iam.permit import Permit, Permitted
from latchkey.reports.summary.by_resource import (
    ConditionsByAction,
    ServiceResource,
    allowed_of,
    by_place,
    labels_text,
)
from latchkey.reports.summary.condition_words import condition_lines, only, worth_showing
from latchkey.reports.summary.line import Line
from latchkey.reports.summary.resource_names import Names


def permission_lines(before: Sequence[Permit], after: Sequence[Permit]) -> Iterator[Line]:
    """What is added and what is taken away, a line for each resource, and what conditions do."""
    names = Names((*before, *after))
    old, new = by_place(before, names), by_place(after, names)
    was, will = Permitted(before), Permitted(after)
    added = by_place((p for p in after if not was.covers(p)), names)
    removed = by_place((p for p in before if not will.covers(p)), names)
    for resource in sorted(
        resource for resource in new if resource not in old and resource not in added
    ):
        yield from _sentences(Line("none", "still allows"), resource, new[resource], ())
    for resource in sorted({*added, *removed}):
        known, kept = allowed_of(old.get(resource, ())), allowed_of(new.get(resource, ()))
        gained, lost = added.get(resource, []), removed.get(resource, [])
        more = [p for p in gained if p.action.lower() not in known]
        less = [p for p in lost if p.action.lower() not in kept]
        yield from _sentences(Line("widens", "adds"), resource, more, known)
        yield from _sentences(Line("narrows", "no longer allows"), resource, less, kept)
        touched = {p.action.lower(): p.action for p in (*gained, *lost)}
        both = [name for low, name in touched.items() if low in known and low in kept]
        yield from _rebound(resource, both, known, kept)


def _sentences(
    begin: Line, resource: ServiceResource, permits: Iterable[Permit], besides: Iterable[str]
) -> Iterator[Line]:
    """One sentence for all labels under the same conditions."""
    actions: dict[str, list[str]] = defaultdict(list)
    for permit in permits:
        under = "".join(f", {phrase}" for phrase in worth_showing(permit.conditions))
        actions[under].append(permit.action)
    service, name = resource
    for under, found in actions.items():
        labels = labels_text(service, found, besides)
        yield Line(begin.effect, f"{begin.text} {labels} on {name}{under}")


def _rebound(
    resource: ServiceResource,
    actions: Iterable[str],
    known: ConditionsByAction,
    kept: ConditionsByAction,
) -> Iterator[Line]:
    """What becomes of conditions, for all actions together that have the same ones."""
    groups: dict[tuple[frozenset[Conditions], frozenset[Conditions]], list[str]]
    groups = defaultdict(list)
    for action in actions:
        low = action.lower()
        groups[frozenset(known[low]), frozenset(kept[low])].append(action)
    service, name = resource
    for (old, new), found in groups.items():
        what = f"{labels_text(service, found)} on {name}: "
        if len(old) == len(new) == 1:
            (one,), (other,) = old, new
            yield from condition_lines(one, other, what)
            continue
        for under in sorted(map(_all, new - old)):
            yield Line("widens", f"{what}also {under}")
        for under in sorted(map(_all, old - new)):
            yield Line("narrows", f"{what}no longer {under}")


def _all(conditions: Conditions) -> str:
    return " and ".join(only(conditions)) or "without conditions"
