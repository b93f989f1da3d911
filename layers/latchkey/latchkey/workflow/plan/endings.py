"""The plans of runs that change nothing, and what all plans of a run have in common."""

from collections.abc import Iterable

from latchkey.config.problem import Problem
from latchkey.errors import LatchkeyError, SpokeNotEnrolled
from latchkey.grants.author import Author
from latchkey.grants.plan import GrantPlan, Source, Step
from latchkey.grants.record import GrantRecord, Outcome
from latchkey.grants.unreached import failure_reason
from latchkey.newer_python import replace
from latchkey.times import instant, stamp
from latchkey.workflow.plan.belonging import of_another_source, stays_anothers, waits_in_vain
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.decisions import Fail, Leave, Reject
from latchkey.workflow.plan.orphan import is_orphan
from latchkey.workflow.plan.taken_away import taken_away
from latchkey.workflow.plan.unsaid import unsaid

_MOST_SAID = 1_000
"""Characters of findings that are no more in a reason."""

REASON = "rejected, see the problems; what was granted before stays as it is"


def no_grant(context: PlanningContext) -> Problem:
    """What is wrong with an order for a grant that is not there."""
    return Problem("/partner", f"there is no grant {context.grant}")


def unchanged(verdict: Leave | Reject | Fail, context: PlanningContext) -> GrantPlan:
    """The plan of a run that changes nothing of its grant."""
    match verdict:
        case Leave():
            return left(verdict, context)
        case Reject(problems=problems):
            return rejected(problems, context)
        case Fail(error=error):
            return failed(error, context)


def left(leave: Leave, context: PlanningContext) -> GrantPlan:
    """The plan of a run that has nothing to do."""
    return GrantPlan(
        step="record" if leave.recorded else "done",
        outcome="unchanged",
        planned_at=stamp(context.now),
        reason=leave.reason,
        source=leave.source,
        grant=context.reference.grant,
        follow_up=context.reference.earlier if leave.recorded else (),
    )


def rejected(problems: Iterable[Problem], context: PlanningContext) -> GrantPlan:
    """Reject what a request asks for.

    A live grant keeps its state, with what a check found as its findings, and so does one of a
    scope that another file names; otherwise the state says `rejected`. A version of a file that was
    rejected before, and what a check found before, is not recorded once more. What waited for
    approval, and is another scope's by now, waits no more.
    """
    reference, problems = context.reference, tuple(problems)
    source = context.config.source if waits_in_vain(problems, context) else reference.source
    again = reference.on_record.rejected(source.version)
    kept = context.live or _others_wait(context) or stays_anothers(problems, context)
    state = None if kept else _rejected_state(source, context)
    if context.checks and context.live and context.record:
        again = context.record.findings == problems
        state = replace(context.record, findings=problems, updated_at=instant(context.now))
    return GrantPlan(
        step="done" if again else "record",
        outcome="rejected",
        planned_at=stamp(context.now),
        reason=REASON,
        source=source,
        grant=reference.grant,
        problems=problems,
        state=state,
    )


def failed(error: LatchkeyError, context: PlanningContext) -> GrantPlan:
    """What to record when the grant cannot be planned for; its role stays as it is.

    The same failure of a check that comes again and again is recorded once. A grant that has ended
    does not live again since nobody can look into its account.
    """
    reason = failure_reason(type(error).__name__, str(error), taken_away(context))
    source = context.config.source
    before = context.record or GrantRecord(context.grant.partner, context.grant.grant, "failed")
    if not context.live:
        before = replace(
            before,
            config_bucket=source.bucket,
            config_key=source.key,
            # Of an order, the version is the one that it was for.
            config_version=before.config_version if before.instruction else source.version,
            config=None,
            config_object=None,
            author=context.config.author,
            role_arn=None,
            confirmed_at=None,
        )
    again = (before.status, before.reason) == ("failed", reason)
    orphan = is_orphan(context)  # which the drift check names for as long as it is there
    ended = before.status in ("revoked", "expired") and isinstance(error, SpokeNotEnrolled)
    kept = ended or orphan or (of_another_source(context) and not context.live)
    state = replace(before, status="failed", reason=reason, updated_at=instant(context.now))
    return GrantPlan(
        step="done" if orphan or (again and context.checks) else "record",
        outcome="failed",
        planned_at=stamp(context.now),
        reason=reason,
        source=source,
        grant=context.grant,
        state=None if kept else state,
        follow_up=context.reference.earlier,
    )


def beside_newest(plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """A plan by what was accepted last, which says so where the file's newest version is another.

    Its result replaces the one that says what is wrong with that version.
    """
    newest = context.config.newest
    if plan.step == "done" or newest is None:
        return plan
    what = newest.words(plan.state.pending if plan.state else None)
    reason = f"{plan.reason}; the newest version of {newest.source.key} {what}"
    return replace(plan, reason=reason, state=plan.state and replace(plan.state, reason=reason))


def signed(plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """A plan with its requester and what it replaces; a dry run's plan is marked as such."""
    request = context.reference.request
    if request is None:
        return plan
    plan = _waiting_for_newest(_resolving(_absorbing(plan, context), context), context)
    plan = replace(
        plan,
        replaces=context.config.replaces,
        by=request.trigger,
        order=context.ordered,
        requested_by=request.requested_by or None,
        unsaid=unsaid(plan, context),
        author=_author(plan, context),
    )
    if not request.dry_run:
        return plan
    if context.reference.grant is None:
        return replace(plan, dry_run=True)
    arn = _role_arn(context)
    return replace(
        plan,
        step="record",
        outcome=_dry(plan),
        dry_run=True,
        role_arn=arn,
        has_role=context.live,
    )


def _role_arn(context: PlanningContext) -> str | None:
    """The ARN that the role has or will have; None where the config does not say it rightly."""
    read = context.config.read
    if context.live or read is None or read.config or read.grant != context.grant:
        return context.role_arn
    if not {"account", "role_name"} <= read.sound.keys():
        return None
    there = context.environment.of_account(read.sound["account"])
    return context.naming.role_arn(context.grant, there, read.sound["role_name"])


def _author(plan: GrantPlan, context: PlanningContext) -> Author | None:
    """Whose version the run goes by; what looks again at a version goes by nobody's.

    What was approved, or rejected, is what that version asks for, whoever set off the run.
    """
    rejected = context.request.trigger == "approval" and plan.outcome == "rejected"
    looks_again = context.order and not (context.newer or plan.approved_by or rejected)
    return None if looks_again else context.config.author


def _absorbing(plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """A plan that also puts on record what others began, whatever else it is about."""
    if not context.unrecorded:
        return plan
    step: Step = "record" if plan.step == "done" else plan.step
    return replace(plan, step=step, state=plan.state or context.record, begun=context.begun)


def _resolving(plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """A plan that says which findings of a grant that stays are no more."""
    before, after = context.record, plan.state
    if before is None or after is None or not after.live or plan.outcome in ("rejected", "failed"):
        return plan
    gone = tuple(one for one in before.findings if one not in after.findings)
    if not gone or plan.step == "done":
        return plan
    what = "; ".join(f"{one.path or 'the role'}: {one.message}" for one in gone)
    return replace(plan, resolved=gone, reason=f"{plan.reason}; found no more: {what[:_MOST_SAID]}")


def _waiting_for_newest(plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """A plan that puts on record that versions before the newest are waited for no more."""
    source, state = context.reference.source, plan.state or context.record
    if plan.step == "done" or context.request.dry_run or state is None:
        return plan
    if not state.waits_for_another(source.key, source.version):
        return plan
    return replace(plan, state=replace(state, pending=None, updated_at=instant(context.now)))


def _dry(plan: GrantPlan) -> Outcome:
    return plan.outcome if plan.outcome in ("rejected", "failed") else "planned"


def _rejected_state(source: Source, context: PlanningContext) -> GrantRecord | None:
    grant = context.reference.grant
    if grant is None or source.version is None:
        return None
    return replace(
        context.record or GrantRecord(grant.partner, grant.grant, "rejected"),
        status="rejected",
        reason=REASON,
        config_bucket=source.bucket,
        config_key=source.key,
        config_version=source.version,
        config=None,
        config_object=None,
        author=context.config.author,
        owner=None,
        purpose=None,
        updated_at=instant(context.now),
        instruction=None,
        confirmed_at=None,
        pending=None,
    )


def _others_wait(context: PlanningContext) -> bool:
    """Whether the grant is not there yet, and another source's config for it waits for approval."""
    record = context.record
    return record is not None and record.waits and record.config_key != context.key
