"""External IDs that a plan keeps from being told."""

from itertools import accumulate

from latchkey.grants.plan import GrantPlan
from latchkey.reports.redaction import named_external_ids
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.request import InlineRequest

_MOST_UNSAID = 16_384
"""Characters of external IDs that a plan keeps from being told."""


def unsaid(plan: GrantPlan, context: PlanningContext) -> tuple[str, ...]:
    """The external IDs in what was read, as far as they have room; of a valid one the state has."""
    request, file = context.reference.request, context.reference.file
    text = context.config.text or (file.text if file else None) or ""
    if isinstance(request, InlineRequest):
        text = request.text
    known = plan.state.external_ids if plan.state else ()
    named = sorted({*named_external_ids(text)} - {*known})
    sizes = accumulate(map(len, named))
    return tuple(name for name, size in zip(named, sizes, strict=True) if size <= _MOST_UNSAID)
