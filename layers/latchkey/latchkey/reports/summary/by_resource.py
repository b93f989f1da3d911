"""Permits by what they are about: a service, and a resource of it in words."""

from collections import defaultdict
from collections.abc import Iterable

from latchkey.iam.condition import Conditions
from latchkey.iam.permit import Permit
from latchkey.reports.summary.resource_names import Names
from latchkey.services.labels import in_order, labels_of, service_of

ServiceResource = tuple[str, str]
"""A service and a resource of it in words."""

ConditionsByAction = dict[str, set[Conditions]]
"""By action in lower case, the sets of conditions any of which will do."""


def by_place(permits: Iterable[Permit], names: Names) -> dict[ServiceResource, list[Permit]]:
    """Permits by resource, without the conditions that are part of the resource's name."""
    resources: dict[ServiceResource, list[Permit]] = defaultdict(list)
    for permit in permits:
        name, rest = names.of(permit)
        resources[service_of(permit.action), name].append(rest)
    return resources


def allowed_of(permits: Iterable[Permit]) -> ConditionsByAction:
    """The actions of permits, with their conditions."""
    found: ConditionsByAction = defaultdict(set)
    for permit in permits:
        found[permit.action.lower()].add(permit.conditions)
    return found


def labels_text(service: str, actions: Iterable[str], besides: Iterable[str] = ()) -> str:
    """Labels of actions, with their names where actions `besides` these have the same label."""
    known = {label for action in besides for label in labels_of(action)}
    named: dict[str, list[str]] = defaultdict(list)
    for action in sorted(set(actions)):
        for label in labels_of(action):
            named[label].append(action.partition(":")[2])
    return ", ".join(
        f"{_capital(label)} ({', '.join(named[label])})" if label in known else _capital(label)
        for label in in_order(service, named)
    )


def _capital(label: str) -> str:
    return label.upper() if label.replace(" ", "").isalpha() else label
