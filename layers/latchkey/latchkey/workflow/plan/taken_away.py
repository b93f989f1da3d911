"""What a run was to take away, for who has to be told that it did not."""

from latchkey.times import instant
from latchkey.workflow.plan.context import PlanningContext


def taken_away(context: PlanningContext) -> str:
    """The outcome of what takes access away; of all else, nobody has to be told that."""
    record, ordered = context.record, context.ordered
    if ordered in ("suspend", "revoke"):
        return "suspended" if ordered == "suspend" else "revoked"
    ends = record.expires_at if record and record.live else None
    if ends and ends <= instant(context.now):
        return "expired"
    return _by_file(context) if context.live and not context.contested else ""


def _by_file(context: PlanningContext) -> str:
    """The same of a live grant's file, by its absence or a version that is not carried out yet."""
    read = context.config.read
    if read is None:
        return "revoked"
    if read.config is None or not context.newer:
        return ""
    if read.grant != context.grant:
        return "revoked"
    return read.config.status if read.config.status != "active" else ""
