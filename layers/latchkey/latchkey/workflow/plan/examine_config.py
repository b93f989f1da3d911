"""Holding a config to AWS and to the guardrails, before anything is changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from latchkey.aws.external_ids import ExternalIds
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.preflight import Preflight
from latchkey.concurrency import concurrently
from latchkey.config.guardrails import Guardrails, guardrail_problems, resource_problems
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.rules import Fields
from latchkey.frozen import Frozen
from latchkey.services.resource_info import ResourceInfo

IN_USE = Problem(
    "/external_id", "in use for another partner; each partner needs a value of its own"
)


class Examined(Frozen):
    """What looking at a config came to.

    `facts` are those of each entry, None where one is not valid or cannot be granted. `broken` are
    the guardrails that it breaks, which are `rules`, of the version `guardrails`.
    """

    facts: tuple[tuple[ResourceInfo, ...] | None, ...]
    problems: tuple[Problem, ...]
    broken: tuple[Problem, ...]
    rules: Guardrails
    guardrails: str


class Looked(Frozen):
    """What was looked up for a config's `access`: the guardrails, and the facts of each entry.

    Where an entry cannot be granted its facts are None, and `problems` say why.
    """

    access: tuple[Any, ...]
    rules: Guardrails
    guardrails: str
    facts: tuple[tuple[ResourceInfo, ...] | None, ...]
    problems: tuple[Problem, ...]


class Examiner(Frozen):
    """Looks up what configs name, and finds all that is wrong with them at once."""

    preflight: Preflight
    guardrails: GuardrailsParameter
    external_ids: ExternalIds

    def look(self, access: Sequence[Any]) -> Looked:
        """Look up the guardrails and what a config names, all of it side by side.

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say what may be granted.
        """
        looks = (partial(self._look, entry, index) for index, entry in enumerate(access))
        (rules, version), *looked = concurrently(self.guardrails.read, *looks)
        facts = tuple(found for found, _ in looked)
        problems = tuple(problem for _, wrong in looked for problem in wrong)
        return Looked(tuple(access), rules, version, facts, problems)

    def examine(
        self,
        fields: Fields,
        now: datetime,
        *,
        suspended: bool = False,
        claimless: bool = False,
        looked: Looked | None = None,
    ) -> Examined:
        """Hold fields that are valid by themselves to what there is, and to what is allowed.

        A suspended role may do nothing, so what its config names is not looked up. Whether the
        external ID is free is found out by claiming it, and looked up only when there are other
        problems to tell, or when nothing will be claimed (`claimless`). `looked` is what was looked
        up already in this run.

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say what may be granted.
        """
        access = () if suspended else fields.get("access", ())
        if looked is None or looked.access != tuple(access):
            looked = self.look(access)
        rules, problems = looked.rules, looked.problems
        broken = {
            *guardrail_problems(fields, rules, now),
            *resource_problems(access, looked.facts, rules),
        }
        if claimless or problems or broken:
            problems = (*self._external_id_problems(fields), *problems)
        return Examined(looked.facts, problems, tuple(sorted(broken)), rules, looked.guardrails)

    def _look(
        self, entry: Any, index: int
    ) -> tuple[tuple[ResourceInfo, ...] | None, tuple[Problem, ...]]:
        try:
            return (self.preflight.facts(entry, index) if entry else None), ()
        except ConfigRejected as rejected:
            return None, rejected.problems

    def _external_id_problems(self, fields: Fields) -> Iterator[Problem]:
        external_id, partner = fields.get("external_id"), fields.get("partner")
        if external_id and partner and not self.external_ids.free_for(external_id, partner):
            yield IN_USE
