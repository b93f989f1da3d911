"""Holding a config to AWS and to the guardrails, before anything is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from latchkey.aws.external_ids import ExternalIds
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.preflight.gateway import Preflight
from latchkey.domain.catalogue.entry import Facts
from latchkey.domain.config_rules import Fields
from latchkey.domain.guardrails import Guardrails, guardrail_problems, resource_problems
from latchkey.domain.problem import ConfigRejected, Problem

IN_USE = Problem(
    "/external_id", "in use for another partner; each partner needs a value of its own"
)


@dataclass(frozen=True)
class Examined:
    """What looking at a config came to.

    `facts` are those of each entry, None where one is not valid or cannot be granted. `broken` are
    the guardrails that it breaks, which are `rules`, of the version `guardrails`.
    """

    facts: tuple[tuple[Facts, ...] | None, ...]
    problems: tuple[Problem, ...]
    broken: tuple[Problem, ...]
    rules: Guardrails
    guardrails: str


@dataclass(frozen=True)
class Examiner:
    """Looks up what configs name, and finds all that is wrong with them at once."""

    preflight: Preflight
    guardrails: GuardrailsParameter
    external_ids: ExternalIds

    def examine(
        self, fields: Fields, now: datetime, *, suspended: bool = False, claimless: bool = False
    ) -> Examined:
        """Hold fields that are valid by themselves to what there is, and to what is allowed.

        A suspended role may do nothing, so what its config names is not looked up. Whether the
        external ID is free is found out by claiming it, and looked up only when there are other
        problems to tell, or when nothing will be claimed (`claimless`).

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say what may be granted.
        """
        rules, version = self.guardrails.read()
        access = () if suspended else fields.get("access", ())
        facts: list[tuple[Facts, ...] | None] = []
        problems: list[Problem] = []
        for index, entry in enumerate(access):
            try:
                facts.append(self.preflight.facts(entry, index) if entry else None)
            except ConfigRejected as rejected:
                facts.append(None)
                problems += rejected.problems
        broken = {
            *guardrail_problems(fields, rules, now),
            *resource_problems(access, facts, rules),
        }
        if claimless or problems or broken:
            problems = [*self._external_id_problems(fields), *problems]
        return Examined(tuple(facts), tuple(problems), tuple(sorted(broken)), rules, version)

    def _external_id_problems(self, fields: Fields) -> Iterator[Problem]:
        external_id, partner = fields.get("external_id"), fields.get("partner")
        if external_id and partner and not self.external_ids.free_for(external_id, partner):
            yield IN_USE
