"""Labels for IAM's actions: what a session can do with a resource, in a word or two."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from latchkey.services.registry import KNOWN, spec

_SERVICE = re.compile(r"[A-Za-z0-9-]+", re.ASCII)


def labels_of(action: str) -> tuple[str, ...]:
    """The labels of an action; an action without any has its own name."""
    return _labels(service_of(action)).get(action.lower(), (action,))


def labels(actions: Iterable[str]) -> list[str]:
    """What the actions on one resource come to.

    Secondary labels appear only where there are no others.
    """
    found = {label for action in actions for label in labels_of(action)}
    service = next((service_of(action) for action in actions), "any")
    secondary = spec(service).secondary if service in KNOWN else frozenset()
    return in_order(service, found - secondary or found)


def in_order(service: str, labels: Iterable[str]) -> list[str]:
    """Labels in their order of display; names of actions come last."""
    known = list(spec(service).labels) if service in KNOWN else []
    rank = {label: index for index, label in enumerate(known)}
    return sorted(set(labels), key=lambda label: (rank.get(label, len(known)), label))


def service_of(action: str) -> str:
    """The service of an action; `any` for patterns over all services."""
    service, colon, _ = action.partition(":")
    return service.lower() if colon and _SERVICE.fullmatch(service) else "any"


@cache
def _labels(service: str) -> Mapping[str, tuple[str, ...]]:
    """The labels of each action of a service, in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for label, actions in spec(service).labels.items() if service in KNOWN else ():
        for action in actions.split():
            name = f"{service}:{action}".lower()
            found[name] = (*found.get(name, ()), label)
    return found
