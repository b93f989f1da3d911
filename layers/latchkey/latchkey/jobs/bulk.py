"""Bulk orders: finds their grants, a batch at a time, and sums up the outcomes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from latchkey.aws.grants_by_expiry import LiveGrant, LiveGrants
from latchkey.config.problem import ConfigRejected
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.keys import order_suffix
from latchkey.workflow.events import FindEvent, FoundSoFar, brief
from latchkey.workflow.request import BulkAction, parse_bulk_action

PORTION = 100
"""Grants that an order looks at at once: with their outcomes, they stay within `events.MOST`."""

_NAMED = 20
_NOT_DONE = ("failed", "rejected")
_WHY = "Each one's result says why; give the order again for the rest"


class GrantFinder(Frozen):
    """Finds the live grants that an order still has something to do for.

    The index of live grants is read, with those that a run has begun and not recorded, and no state
    of the order's own: an order that was cut short is simply given again, and goes on with the
    rest.
    """

    grants: LiveGrants

    def find(self, event: FindEvent) -> dict[str, Any]:
        """The next portion (`step`: `order`), or the end: `done`, `incomplete` or `reject`.

        `reject` is an order that makes no sense; planning it says why. The names of the runs end
        with `run`, which follows from the execution: a portion ordered twice is run once.
        """
        try:
            order = parse_bulk_action(event.request)
        except ConfigRejected:
            return {"step": "reject"}
        live = self._live()
        found = _following(live, order, event.found.after)
        outcomes, failed = _tally(event.found)
        if not found:
            beside = {str(one.id): one.account for one in live if one.account}
            return _end(order, outcomes, failed, beside)
        return {
            "step": "order",
            "dry_run": order.dry_run,
            "run": order_suffix(event.execution.id),
            "grants": [str(grant) for grant in found],
            "after": str(found[-1]),
            "outcomes": outcomes,
            "failed": failed,
        }

    def _live(self) -> Sequence[LiveGrant]:
        recorded = {live.id: live for live in self.grants.all()}
        begun = {found.id: found for found in self.grants.begun()}
        return [*{**begun, **recorded}.values()]


def _following(grants: Sequence[LiveGrant], order: BulkAction, after: str) -> list[GrantId]:
    meant = (
        live.id for live in grants if order.is_for(live.id.partner, live.status, live.instruction)
    )
    return sorted((grant for grant in meant if str(grant) > after), key=str)[:PORTION]


def _tally(found: FoundSoFar) -> tuple[dict[str, int], list[str]]:
    outcomes = Counter(found.outcomes) + Counter(grant.outcome for grant in found.done)
    failed = [grant.grant for grant in found.done if grant.outcome in _NOT_DONE]
    return dict(outcomes), [*found.failed, *failed][:_NAMED]


def _end(
    order: BulkAction, outcomes: dict[str, int], failed: list[str], beside: Mapping[str, str]
) -> dict[str, Any]:
    """The end of an order; `beside` has the accounts of grants that are not in the stack's own."""
    grants, left = sum(outcomes.values()), sum(outcomes.get(name, 0) for name in _NOT_DONE)
    report = {
        **order.model_dump(exclude={"confirm"}),
        "reason": brief(order.reason),
        "requested_by": brief(order.requested_by),
        "grants": grants,
        "outcomes": outcomes,
        "failed": failed,
        "accounts": {name: beside[name] for name in failed if name in beside},
    }
    named = (f"{name} (account {beside[name]})" if name in beside else name for name in failed)
    failures = f"{order.action}: {left} of {grants} grants were not done: {', '.join(named)}"
    more = "" if left == len(failed) else " and more"
    return {
        "step": "incomplete" if left else "done",
        "report": report,
        "message": f"{failures}{more}. {_WHY}",
    }
