"""The runs that a drift check starts, by the reason for each."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from latchkey.aws.grants_by_expiry import LiveGrant
from latchkey.aws.workflow import Workflow
from latchkey.frozen import Frozen
from latchkey.jobs.sweep import PERIOD
from latchkey.keys import grant_run

_REASONS = {
    "drift": "the drift check found its role changed",
    "missing": "the drift check found its role gone",
    "unscheduled": "the drift check found its expiry schedule gone",
    "orphan": "the drift check found a role of ours that no live grant has",
    "idle": "not used for longer than the guardrail max_idle_days allows",
    "guardrails": "the guardrails changed",
}


class DriftRuns(Frozen):
    """Starts runs; `limit` bounds how many for each reason at once."""

    workflow: Workflow
    limit: int

    def start(
        self,
        reason: str,
        grants: Iterable[LiveGrant],
        now: datetime,
        what: str = "report",
        once: str | None = None,
    ) -> tuple[str, ...]:
        """Start a run for each grant, once a period, or once a day where that is soon enough.

        `once` is what the run is about: one a day for each, until one has succeeded. Where an
        orphan was found, only the check can say: of its grant there may be no record.
        """
        order = {"action": "check", "by": "drift", "reason": _REASONS[reason]}
        if what == "suspend":
            order = {"action": "suspend", "reason": _REASONS[reason]}
        started = (
            str(grant.id)
            for grant in grants
            if self.workflow.start(
                grant_run(reason, grant.id, _once(reason, grant, now, once)),
                {**order, **grant.id.document(), **_found_in(reason, grant)},
            )
        )
        return tuple(islice(started, self.limit))


def _found_in(reason: str, grant: LiveGrant) -> dict[str, str]:
    """The account beside the stack's own in which an orphan was found."""
    return {"account": grant.account} if reason == "orphan" and grant.account else {}


def _once(reason: str, grant: LiveGrant, now: datetime, what: str | None) -> object:
    """What failed, or is only reported, is checked again the next day."""
    if what:
        return f"{what}-{now:%Y%m%d}"
    daily = reason == "idle" or grant.status == "failed"
    when = f"{now:%Y%m%d}" if daily else str(int(now.timestamp()) // PERIOD)
    return "-".join((*_found_in(reason, grant).values(), when))
