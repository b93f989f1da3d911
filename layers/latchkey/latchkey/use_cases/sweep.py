"""The sweep: whatever nobody else would look at again in time is looked at again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.iam import IamGateway
from latchkey.aws.workflow import Workflow
from latchkey.domain.grant import GrantId
from latchkey.domain.quota import Quota
from latchkey.domain.role import RoleNaming

PERIOD = 300
"""Seconds; sweeps within one period use the same run names, so that no grant is run twice."""


@dataclass(frozen=True)
class Swept:
    """The grants whose check was started, by the reason for it.

    They are past their expiry, or were last held to other guardrails than today's, or have a
    principal in their trust policy that was deleted.
    """

    due: tuple[str, ...]
    other_guardrails: tuple[str, ...]
    principal_gone: tuple[str, ...]

    def document(self) -> dict[str, list[str]]:
        """The same as JSON data."""
        return {name: list(grants) for name, grants in asdict(self).items()}


@dataclass(frozen=True)
class Sweeper:
    """Starts checks; `limit` bounds how many of each kind in one sweep."""

    table: GrantTable
    workflow: Workflow
    iam: IamGateway
    guardrails: GuardrailsParameter
    naming: RoleNaming
    limit: int

    def sweep(self, now: datetime) -> Swept:
        """Start the checks: first of what is due, which has to go whatever else fails."""
        period = int(now.timestamp()) // PERIOD
        due = self._check(
            ((grant, f"sweep-{grant}-{period}") for grant in self.table.due(now, self.limit)),
            "sweep found it past its expiry",
        )
        _, version = self.guardrails.read()
        other = self.table.held_to_other(version)
        guarded = self._check(
            ((grant, f"guardrails-{grant}-{version}") for grant in other),
            f"the guardrails changed: version {version}",
        )
        gone = self._check(self._principals_gone(), "a partner principal no longer exists")
        return Swept(due, guarded, gone)

    def role_quota(self) -> Quota:
        """How much room there is for more roles."""
        return self.iam.role_quota()

    def _check(self, grants: Iterable[tuple[GrantId, str]], reason: str) -> tuple[str, ...]:
        """Start a check of each grant under its name; one that was started before is not again."""
        request = {"action": "check", "reason": reason}
        started = (
            str(grant)
            for grant, name in grants
            if self.workflow.start(name, {**request, **asdict(grant)})
        )
        return tuple(islice(started, self.limit))

    def _principals_gone(self) -> Iterable[tuple[GrantId, str]]:
        for role in self.iam.roles(self.naming.path):
            grant, gone = self.naming.grant_of(role), role.gone_principals()
            if grant and gone:
                which = sha256(" ".join(gone).encode()).hexdigest()[:12]
                yield grant, f"gone-{grant}-{which}"
