"""A role of ours in another account whose grant nothing is on record of, as the drift check found.

The run that is started for it looks there, and removes it, as it removes one in the stack's own
account. Its grant's name is only what a tag says, and whoever owns that account can write tags:
such a run may put on record that the role was removed, and nothing else.
"""

from latchkey.workflow.plan.context import PlanningContext


def orphan_in(context: PlanningContext) -> str | None:
    """The account that a check names, where nothing on record says any."""
    return context.order.account if context.order and not context.record else None


def is_orphan(context: PlanningContext) -> bool:
    """Whether the run looks where it does only since the drift check found a role there."""
    there = context.environment
    return bool(there.home) and orphan_in(context) == there.account
