"""The sweep: starts a check of each grant that is past its expiry, or that a run left half done."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.iam import IamGateway
from latchkey.aws.sweep_attempts import SweepAttempts
from latchkey.aws.workflow import Workflow
from latchkey.errors import LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.record import Overdue
from latchkey.iam.quota import Quota
from latchkey.keys import grant_run

PERIOD = 300
"""Seconds; sweeps within one period use the same run names, so that no grant is run twice."""

_REASONS = {
    "sweep": "sweep found it past its expiry",
    "begun": "sweep found changes that their run could not record",
}


class Swept(Frozen):
    """The grants past their expiry whose check was started.

    `oldest_overdue_seconds` is how long ago the grant should have ended that is the longest
    overdue; 0 when none is. `unrecorded` are grants whose run died and left behind what it had
    begun.
    """

    due: tuple[str, ...]
    oldest_overdue_seconds: int
    unrecorded: tuple[str, ...] = ()


class Sweeper(Frozen):
    """Starts checks of what is due; `limit` bounds how many in one sweep."""

    grants: LiveGrants
    attempts: SweepAttempts
    workflow: Workflow
    iam: IamGateway
    limit: int

    def sweep(self, now: datetime) -> Swept:
        """Start a check of each overdue grant under its name, the longest overdue first.

        Where there are more than one sweep may start, those that no sweep has tried come first,
        and then those that were tried the longest ago: what fails again and again goes behind.

        Raises
        ------
        LatchkeyError
            The first that starting a check came to, once all others are started.
        """
        overdue = self.grants.due(now)
        period = int(now.timestamp()) // PERIOD
        many = len(overdue) > self.limit
        tried = self.attempts.read() if many else {}
        started = _Started(self.workflow, period)
        order = [found.grant for found in _in_turn(overdue, tried)]
        due = [*islice(started.of("sweep", order), self.limit)]
        if many:
            asked = dict.fromkeys(started.asked, period)
            self.attempts.write({**tried, **asked}, (found.grant for found in overdue))
        begun = (grant.id for grant in islice(self.grants.begun(now), self.limit))
        unrecorded = [*started.of("begun", begun)]
        started.finish()
        oldest = max((found.seconds(now) for found in overdue), default=0)
        return Swept(tuple(map(str, due)), oldest, tuple(map(str, unrecorded)))

    def role_quota(self) -> Quota:
        """How much room there is for more roles."""
        return self.iam.role_quota()


class _Started:
    """Starts checks one after another; one that cannot be started is no reason to leave others."""

    def __init__(self, workflow: Workflow, period: int) -> None:
        self._workflow, self._period = workflow, period
        self._errors: list[LatchkeyError] = []
        self.asked: list[GrantId] = []

    def of(self, why: str, grants: Iterable[GrantId]) -> Iterator[GrantId]:
        """Those whose check was started; a check of this period may be there already."""
        order = {"action": "check", "by": "sweep", "reason": _REASONS[why]}
        for grant in grants:
            self.asked.append(grant)
            name = grant_run(why, grant, self._period)
            try:
                if self._workflow.start(name, {**order, **grant.document()}):
                    yield grant
            except LatchkeyError as error:
                self._errors.append(error)

    def finish(self) -> None:
        """Raise the first error, now that nothing waits for what failed."""
        if self._errors:
            raise self._errors[0]


def _in_turn(overdue: Iterable[Overdue], tried: Mapping[GrantId, int]) -> list[Overdue]:
    """What was never tried comes first, then what was tried the longest ago; else by expiry."""
    return sorted(overdue, key=lambda found: (tried.get(found.grant, 0), found.since))
