"""Questions about the past: who had access to a resource, and what a partner could ever do."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from latchkey.aws.access_history import AccessHistory
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.leases import Leases
from latchkey.aws.table import Table
from latchkey.errors import ResourceUnclear
from latchkey.grant_id import GrantId
from latchkey.history.periods import Period, periods
from latchkey.history.resource_query import resource_queries
from latchkey.history.snapshot import AccessSnapshot, snapshot_of


class HistoryReader:
    """Answers from the grant table by key; what grants do not concern the question is not read.

    Answers are JSON data: `partner`, `grant`, `principals`, `service`, `resource`, `arn`, `may`
    (labels), `since`, `until`, `ended`, `since_known`, `certain`, `role_arn`, `purpose`, `owner`,
    `author`; `history.periods.Period` says what they mean.
    """

    def __init__(self, table: Table) -> None:
        self._history = AccessHistory(table)
        self._live, self._leases = LiveGrants(table), Leases(table)

    def who_had_access(
        self, resource: str, at: datetime, until: datetime | None = None
    ) -> list[dict[str, Any]]:
        """The accesses that were given to a resource, or to any part of it, at a moment.

        With `until`, those that were given at any moment from `at` to then.

        Raises
        ------
        ResourceUnclear
            When `resource` names none, or a time has no offset.
        """
        until = until or at
        for moment in (at, until):
            if moment.tzinfo is None:
                raise ResourceUnclear(f"{moment} has no offset; write it like 2026-05-01T12:00:00Z")
        about = resource_queries(resource)
        begun = {found.id for found in self._live.begun()}
        grants = begun | self.concerned(resource)
        return _documents(
            period
            for grant in grants
            for period in periods(self._snapshots(grant, begun))
            if period.overlaps(at, until)
            and any(one.concerns(arn) for one in about for arn in period.access.allowed.arns)
        )

    def knows(self, resource: str) -> bool:
        """Whether any grant ever allowed anything on a resource, or on any part of it.

        Raises
        ------
        ResourceUnclear
            When `resource` names none.
        """
        about = resource_queries(resource)
        if self.concerned(resource):
            return True
        return any(
            one.concerns(arn)
            for found in self._live.begun()
            for period in periods(self._snapshots(found.id, {found.id}))
            for one in about
            for arn in period.access.allowed.arns
        )

    def concerned(self, resource: str) -> set[GrantId]:
        """The grants that have ever allowed anything on a resource, or on any part of it."""
        about = resource_queries(resource)
        return {grant for one in about for grant in self._history.grants_on(one)}

    def everything_of(self, partner: str) -> list[dict[str, Any]]:
        """All that a partner could ever do, by its grants and their times."""
        begun = {found.id for found in self._live.begun() if found.id.partner == partner}
        return _documents(
            period
            for grant in begun | {*self._history.grants_of(partner)}
            for period in periods(self._snapshots(grant, begun))
        )

    def _snapshots(self, grant: GrantId, begun: set[GrantId]) -> list[AccessSnapshot]:
        """What is on record, and what runs may have given that have not recorded it."""
        log = self._leases.unrecorded(grant) if grant in begun else ()
        unrecorded = (found for intent in log if (found := snapshot_of(intent)))
        return [*self._history.snapshots(grant), *unrecorded]

    def grants_of(self, partner: str) -> list[str]:
        """The grants that a partner has or had, as `<partner>.<grant>`."""
        return [str(grant) for grant in self._history.grants_of(partner)]


def _documents(found: Iterable[Period]) -> list[dict[str, Any]]:
    ordered = sorted(found, key=lambda p: (p.grant, p.since, p.access.allowed.resource))
    return [period.document() for period in ordered]
