"""Holding a config to AWS and to the guardrails: what it names, what it may, whose ID it has."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails, guardrail_problems
from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.config.reach_rules import own_problems, resource_problems
from latchkey.config.rules import Fields, StackContext
from latchkey.config.web_identity_rules import web_identity_broken
from latchkey.frozen import Frozen
from latchkey.grants.role_name import TAKEN
from latchkey.services.resource_info import ResourceInfo

IN_USE = "in use for another partner; each partner needs a value of its own"


class Lookups(Frozen):
    """What was looked up for a config: the guardrails, providers, and the resources of each entry.

    Where an entry is not valid or cannot be granted its resources are None, and `problems` say why.
    `guardrails` is the digest of `rules`.
    """

    access: tuple[Any, ...]
    principals: tuple[Any, ...]
    rules: Guardrails
    guardrails: str
    resources: tuple[tuple[ResourceInfo, ...] | None, ...]
    problems: tuple[Problem, ...] = ()


class Validation(Frozen):
    """What is wrong with a config, by its lookups: `broken` are the guardrails that it breaks.

    A live grant may be let keep what breaks a guardrail, never what has another of the `problems`.
    """

    lookups: Lookups
    problems: tuple[Problem, ...] = ()
    broken: tuple[Problem, ...] = ()

    def refusals(self, *, tolerant: bool) -> tuple[Problem, ...]:
        """All that keeps the config from being granted; where `tolerant`, no guardrail does."""
        if self.problems or (self.broken and not tolerant):
            return ConfigRejected([*self.problems, *self.broken]).problems
        return ()


def in_use(taken: Iterable[str | None], given: Any) -> Iterator[Problem]:
    """The problems of what another has: external IDs, and None for the name of the role.

    `given` is the config's field of external IDs.
    """
    for external_id in taken:
        if external_id is None:
            yield TAKEN
            continue
        several = isinstance(given, list)
        where = ["external_id", given.index(external_id)] if several else ["external_id"]
        yield Problem(pointer(where), IN_USE)


def validated(fields: Fields, lookups: Lookups, now: datetime, stack: StackContext) -> Validation:
    """Hold fields that are valid by themselves to what there is, and to what is allowed."""
    found = (lookups.access, lookups.resources)
    broken = {
        *guardrail_problems(fields, lookups.rules, now),
        *external_id_broken(fields, lookups.rules, stack),
        *web_identity_broken(fields, lookups.rules),
        *resource_problems(*found, lookups.rules, stack.environment),
    }
    problems = {*lookups.problems, *own_problems(*found, stack.environment)}
    return Validation(lookups, tuple(sorted(problems)), tuple(sorted(broken)))
