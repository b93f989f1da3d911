"""Holding a config to AWS and to the guardrails: what it names, what it may, whose ID it has."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from latchkey.config.account_rules import account_broken, of_spoke
from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails, guardrail_problems
from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.config.reach_rules import own_problems, resource_problems
from latchkey.config.rules import Fields, StackContext
from latchkey.config.scope_rules import Asked, scope_problems
from latchkey.config.web_identity_rules import web_identity_broken
from latchkey.frozen import Frozen
from latchkey.grants.resources import Held, Looked, held
from latchkey.grants.role_name import TAKEN
from latchkey.newer_python import replace
from latchkey.services.resource_info import NamedResource

IN_USE = "in use for another partner; each partner needs a value of its own"
OF_ANOTHER_SCOPE = (
    "in use for another partner, or of the scope that used it first, which is not this one; each "
    "partner needs a value of its own"
)


class Lookups(Frozen):
    """What was looked up for a config: the guardrails, providers, and the resources of each entry.

    `looked` is None where an entry is not valid; `unknown` is what is wrong with the principals.
    `guardrails` is the digest of `rules`. `spoke_rules` are those of the grant's account, where it
    is not the stack's own, and `guardrails` has their digest, too (`<own>/<account's>`). `account`
    is where it was looked up; `unreached` says why nobody can look there.
    """

    access: tuple[Any, ...]
    principals: tuple[Any, ...]
    rules: Guardrails
    guardrails: str
    looked: tuple[Looked | None, ...]
    unknown: tuple[Problem, ...] = ()
    spoke_rules: Guardrails | None = None
    account: str | None = None
    unreached: Problem | None = None


class Validation(Frozen):
    """What is wrong with a config, by its lookups: `broken` are the guardrails that it breaks.

    A live grant may be let keep what breaks a guardrail, never what has another of the `problems`.
    `held` are the resources that it is rendered from, with what was found of them that keeps
    nothing from being granted.
    """

    lookups: Lookups
    held: Held = Held()
    problems: tuple[Problem, ...] = ()
    broken: tuple[Problem, ...] = ()

    def refusals(self, *, tolerant: bool) -> tuple[Problem, ...]:
        """All that keeps the config from being granted; where `tolerant`, no guardrail does."""
        if self.problems or (self.broken and not tolerant):
            return ConfigRejected([*self.problems, *self.broken]).problems
        return ()


def in_use(taken: Iterable[str | Problem | None], given: Any, *, scoped: bool) -> Iterator[Problem]:
    """The problems of what another has: external IDs, and None for the name of the role.

    `given` is the config's field of external IDs, `scoped` whether they were claimed for a scope.
    A problem stands for itself.
    """
    for external_id in taken:
        if isinstance(external_id, Problem):
            yield external_id
            continue
        if external_id is None:
            yield TAKEN
            continue
        several = isinstance(given, list)
        where = ["external_id", given.index(external_id)] if several else ["external_id"]
        yield Problem(pointer(where), OF_ANOTHER_SCOPE if scoped else IN_USE)


def validated(
    fields: Fields,
    lookups: Lookups,
    now: datetime,
    stack: StackContext,
    record: Iterable[NamedResource] = (),
    *,
    key: str | None = None,
    tolerant: bool = False,
) -> Validation:
    """Hold fields that are valid by themselves to what there is, and to what is allowed.

    `key` is the file's, or where an inline config is kept. `record` are the resources of a live
    grant. Where it is `tolerant`, what is gone since keeps nothing from being looked at again.
    """
    environment = stack.environment
    there = held(lookups.access, lookups.looked, record, environment, tolerant=tolerant)
    found = (lookups.access, there.resources)

    def broken_of(rules: Guardrails) -> set[Problem]:
        return {
            *guardrail_problems(fields, rules, now),
            *external_id_broken(fields, rules, stack),
            *web_identity_broken(fields, rules),
            *resource_problems(*found, rules, environment),
            *scope_problems(key, rules, Asked(fields, *found, environment, now)),
        }

    broken = {*broken_of(lookups.rules), *account_broken(fields, lookups.rules, stack)}
    if lookups.spoke_rules:  # held to both, so that neither can allow what the other does not
        broken |= {*of_spoke(broken_of(lookups.spoke_rules), environment.account)}
    unknown = () if tolerant else lookups.unknown
    findings = (*there.findings, *(lookups.unknown if tolerant else ()))
    there = replace(there, findings=tuple(sorted(set(findings))))
    problems = {*unknown, *there.problems, *own_problems(*found, environment)}
    if lookups.unreached:
        problems.add(lookups.unreached)
    return Validation(lookups, there, tuple(sorted(problems)), tuple(sorted(broken)))
