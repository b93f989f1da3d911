"""Looking up the guardrails and what configs name; a part of load."""

from collections.abc import Sequence
from copy import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from latchkey.aws.external_ids import ExternalIds
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.preflight import Preflight
from latchkey.concurrency import concurrently
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.rules import Fields
from latchkey.config.trust_fields import listed_external_ids
from latchkey.errors import LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grants.lifecycle import expired
from latchkey.services.resource_info import ResourceInfo
from latchkey.workflow.plan.context import Leased
from latchkey.workflow.plan.validation import Lookups, Validation, in_use, validated

_AT_ONCE = timedelta(seconds=2)


class LookupReader(Frozen):
    """Looks up what configs name, concurrently."""

    preflight: Preflight
    guardrails: GuardrailsParameter
    external_ids: ExternalIds

    def ahead(self, leased: Leased) -> Lookups | None:
        """What a file's config names, looked up while the table is read.

        Not for a run that had to wait: it may have nothing left to do.
        """
        reference, now = leased.reference, leased.reference.now
        config = reference.read.config if reference.file and reference.read else None
        if config is None or _waited(leased) or config.status != "active":
            return None
        if expired(config.expires_at, now):
            return None
        try:
            return self._look_up(config.access)
        except LatchkeyError:
            return None  # it is looked up again where it is needed, and reported there

    def validate(
        self,
        fields: Fields,
        access: Sequence[Any],
        now: datetime,
        *,
        claimless: bool,
        ahead: Lookups | None = None,
    ) -> Validation:
        """Hold a config to what its entries name; `ahead` is what was looked up already.

        Whether the external IDs are free is found out by claiming them, and looked up only when
        there are other problems to report, or when nothing will be claimed (`claimless`).

        Raises
        ------
        GuardrailsUnreadable
            When nobody can say what may be granted.
        """
        if ahead is None or ahead.access != tuple(access):
            ahead = self._look_up(access)
        found = validated(fields, ahead, now, self.preflight.stack)
        given, partner = fields.get("external_id"), fields.get("partner")
        if not (claimless or found.problems or found.broken) or not (given and partner):
            return found
        taken = self.external_ids.taken(listed_external_ids(given), partner)
        return replace(found, problems=(*in_use(taken, given), *found.problems))

    def _look_up(self, access: Sequence[Any]) -> Lookups:
        """The guardrails and what entries name; None stands for one that is not valid."""
        looks = (partial(self._look, entry, index) for index, entry in enumerate(access))
        (rules, digest), *looked = concurrently(self.guardrails.read, *looks)
        resources = tuple(found for found, _ in looked)
        problems = tuple(problem for _, wrong in looked for problem in wrong)
        return Lookups(tuple(access), rules, digest, resources, problems)

    def _look(
        self, entry: Any, index: int
    ) -> tuple[tuple[ResourceInfo, ...] | None, tuple[Problem, ...]]:
        try:
            return (self.preflight.resources(entry, index) if entry else None), ()
        except ConfigRejected as rejected:
            return None, rejected.problems


def _waited(leased: Leased) -> bool:
    started = leased.reference.run.start_time
    if not (leased.held and started):
        return False
    return leased.reference.now - datetime.fromisoformat(started) > _AT_ONCE
