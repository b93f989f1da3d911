"""The plans of what waits for approval; a part of diff."""

from latchkey.config.problem import Problem
from latchkey.grants.approval import uploader
from latchkey.grants.pending import GroupNeed, Pending
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.newer_python import replace
from latchkey.times import instant
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.decisions import Fail, Hold, PutOff, Verdict
from latchkey.workflow.plan.newest import Newest, Standing
from latchkey.workflow.request import InlineRequest

_UNKNOWN = (
    "S3 has not told who uploaded this version, or only that some federated user did, so nobody "
    "can be known to be another person; if this stays, upload the file again, as a role or a user"
)


def held(plan: GrantPlan, hold: Hold, context: PlanningContext) -> GrantPlan:
    """A plan that changes nothing: what it would do stands in it, and waits.

    The live grant stays as it is on record, with what waits beside it; where there is none, its
    record says only that it waits.
    """
    pending, rejected = hold.pending, hold.counted.rejected_by
    problems = tuple(_problems(hold, context))
    state = _waiting_record(context, pending, rejected=rejected is not None)
    known = context.record.pending if context.record else None
    told = known == pending and _file_as_recorded(context)
    reason = f"rejected by {rejected}" if rejected else _waits(hold, context)
    return replace(
        plan,
        step="done" if told and _as_recorded(context, state) else "record",
        outcome="rejected" if rejected else "pending_approval",
        reason=reason,
        problems=problems,
        state=replace(state, reason=state.reason if context.live else reason),
        drift=(),
        ends_sessions=False,
        released=(),
        freed=(),
        awaits=hold.counted.needs,
        told_anew=hold.unlike_granted,
    )


def kept_as_recorded(
    plan: GrantPlan, needs: tuple[GroupNeed, ...], record: GrantRecord
) -> GrantPlan:
    """A plan that only takes away of a live grant what was added by hand, while the rest waits."""
    found = plan.state
    assert found  # the plan is of a live grant
    kept = replace(
        record,
        role_digest=found.role_digest,
        written=found.written,
        issued_before=found.issued_before,
        findings=found.findings,
        updated_at=found.updated_at,
    )
    return replace(plan, state=kept, awaits=needs)


def passed_over(verdict: Verdict, context: PlanningContext) -> Newest:
    """What waits, for who goes by the version before it; that it was rejected goes on record."""
    source = context.config.source
    match verdict:
        case Hold(pending=pending):
            known = context.record.pending if context.record else None
            standing: Standing = "rejected" if pending.rejected_by else "waits"
            return Newest(source, standing, pending, news=pending != known)
        case PutOff():
            return Newest(source, "put off")
        case Fail(error=error):
            return Newest(source, "failed", error=type(error).__name__)
        case _:
            return Newest(source)


def _waiting_record(context: PlanningContext, pending: Pending, *, rejected: bool) -> GrantRecord:
    before = context.record
    if before and context.live:
        return replace(before, pending=pending, updated_at=instant(context.now))
    grant, source = context.grant, context.config.source
    config = context.config.read.config if context.config.read else None
    return replace(
        before or GrantRecord(grant.partner, grant.grant, "pending_approval"),
        status="rejected" if rejected else "pending_approval",
        config_bucket=source.bucket,
        config_key=source.key,
        config_version=source.version,
        config=None,
        config_object=None,
        owner=config.owner if config else None,
        owner_contact=config.owner_contact if config else None,
        purpose=config.purpose if config else None,
        updated_at=instant(context.now),
        instruction=None,
        role_name=None,
        confirmed_at=None,
        granted=None,
        pending=pending,
        author=context.config.author,
    )


def _as_recorded(context: PlanningContext, state: GrantRecord) -> bool:
    """Whether the record says the same: then nobody has to be told again."""
    record = context.record
    if record is None or context.unrecorded:
        return False
    return (record.status, record.author) == (state.status, state.author)


def _file_as_recorded(context: PlanningContext) -> bool:
    """Whether the file is on record with the version that waits, for all that list it."""
    if context.order:
        return True
    return context.reference.on_record.version == context.config.source.version


def _problems(hold: Hold, context: PlanningContext) -> list[Problem]:
    if hold.counted.rejected_by:
        anew = "upload another version to ask again"
        return [Problem("", f"rejected by {hold.counted.rejected_by}; {anew}")]
    uploaded = not isinstance(context.request, InlineRequest)  # that is the plan of one to come
    known = uploader(context.config.author) is not None
    return [] if known or not uploaded else [Problem("", _UNKNOWN)]


def _waits(hold: Hold, context: PlanningContext) -> str:
    who = ", ".join(map(str, hold.counted.needs))
    return f"waits for approval by {who}: latchkey approve {context.grant}"
