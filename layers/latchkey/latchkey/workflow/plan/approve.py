"""Between render and diff: a plan that gives more waits until those who have to have approved it.

The one read of AWS after load: only what was rendered says what has to be approved. Without a rule
that applies, nothing is read.
"""

from latchkey.aws.approvals import Approvals
from latchkey.aws.claims import Claims
from latchkey.config.problem import Problem
from latchkey.config.scope_rules import scope_of
from latchkey.errors import LatchkeyError, TransientError
from latchkey.frozen import Frozen
from latchkey.grants.approval import (
    Asked,
    Touched,
    counted,
    days_of,
    rules_for,
    uploader,
)
from latchkey.grants.drift import observed_digest
from latchkey.grants.pending import Pending
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import DesiredRole, ObservedRole
from latchkey.grants.state_digest import state_digest
from latchkey.grants.widening import more
from latchkey.newer_python import replace
from latchkey.services.reach import reach
from latchkey.times import instant, parse_instant
from latchkey.workflow.plan.asked_claims import of_others
from latchkey.workflow.plan.context import PlanningContext, Snapshot
from latchkey.workflow.plan.decisions import (
    Close,
    Fail,
    Hold,
    Provide,
    PutOff,
    Reject,
    Rendered,
    Unapprovable,
)
from latchkey.workflow.plan.next_state import began


class ApprovalStep(Frozen):
    """Holds what nobody, or not everybody who has to, has approved."""

    approvals: Approvals
    claims: Claims

    def approve(self, rendered: Rendered) -> Rendered:
        """The same, or what waits: as a `Hold`, or as rejected where no file can be approved."""
        if later := until_resumed(rendered):
            return replace(rendered, verdict=later)
        snapshot, provide = rendered.snapshot, rendered.verdict
        if not isinstance(provide, Provide) or rendered.role is None or rendered.digest is None:
            return rendered
        asked = asked_for(snapshot, provide, rendered.role, rendered.digest)
        if asked is None:
            return rendered
        context = snapshot.context
        if context.key is None:
            refused = Unapprovable((_only_files(asked),), provide)
            return replace(rendered, verdict=refused)
        if context.contested and context.live:
            return replace(rendered, verdict=Reject((_has_to_end(context),)))
        try:
            found = self._awaited(asked, provide, context, snapshot)
        except LatchkeyError as error:
            if isinstance(error, TransientError) and not context.reference.last_try:
                raise
            return replace(rendered, verdict=Fail(error))
        if isinstance(found, Hold) and found.counted.enough:
            return approved(rendered, provide, found.counted.people)
        return replace(rendered, verdict=found)

    def _awaited(
        self, asked: Asked, provide: Provide, context: PlanningContext, snapshot: Snapshot
    ) -> Hold | Reject:
        """What waits, with who has approved; of what is another's, nobody is asked to approve.

        While that waited, it would keep a grant from whose it is. A live grant keeps what it has.
        """
        hold, found = self._hold(asked, provide, context, snapshot), snapshot.validation
        if hold.counted.enough or found is None or context.tolerant:
            return hold
        scope = scope_of(context.key, found.lookups.rules)
        others = of_others(self.claims, dict(provide.config), account_of(context), scope)
        return Reject(others) if others else hold

    def _hold(
        self, asked: Asked, provide: Provide, context: PlanningContext, snapshot: Snapshot
    ) -> Hold:
        """What is known of the approvals; what was not on record as waiting begins to wait now."""
        members = {name: asked.approval.groups[name].members for name in asked.needed}
        listed = self.approvals.of(members, asked.grant, asked.digest, context.now)
        known, version = _waiting(context), context.config.source.version
        fresh = known is None or not known.is_for(asked.digest, version)
        pending = Pending(
            digest=asked.digest,
            version=version,
            since=instant(listed.at) if fresh or known is None else known.since,
            groups=tuple(asked.needed),
            external_id=_made(provide, snapshot),
        )
        since = parse_instant(pending.since)
        found = counted(asked, listed.given, since, listed.at, uploader(context.config.author))
        rejected = found.rejected_by or (known.rejection_of(version) if known else None)
        if rejected:
            found = replace(found, enough=False, rejected_by=rejected)
        pending = replace(pending, rejected_by=rejected)
        return Hold(provide, pending, found, unlike_granted=_unlike_granted(snapshot))


def approved(rendered: Rendered, provide: Provide, people: tuple[str, ...]) -> Rendered:
    """What is granted as people have approved it; a run that one of them set off says so."""
    if rendered.snapshot.context.request.trigger == "approval":
        said = replace(provide.decision, reason=f"approved by {', '.join(people)}")
        provide = replace(provide, decision=said)
    return replace(rendered, verdict=provide, approved_by=people)


def until_resumed(rendered: Rendered) -> PutOff | None:
    """Nothing for now, of a version that came before the order by which its grant is suspended.

    What it gives can be known only for a role that may do something. So where a rule could hold
    it, it is not granted meanwhile: neither its trust is written, nor is it on record as accepted.
    """
    snapshot, verdict = rendered.snapshot, rendered.verdict
    context, found = snapshot.context, snapshot.validation
    read = context.config.read
    if not isinstance(verdict, Provide | Close) or context.takes_away or not context.newer:
        return None
    by_order = verdict.decision.instruction == "suspend"
    if not by_order or read is None or read.config is None or read.config.status != "active":
        return None
    if found and found.lookups.rules.approval is None:
        return None
    source, reference = context.config.source, context.reference
    new = reference.on_record.version != source.version
    reason = f"{context.grant} was suspended after this version was uploaded, and may have to be "
    reason += f"approved: it is planned anew by latchkey resume {context.grant}"
    return PutOff(source, reason, recorded=new or bool(reference.earlier))


def asked_for(snapshot: Snapshot, provide: Provide, role: DesiredRole, digest: str) -> Asked | None:
    """What has to be approved; None where nothing has to be.

    That is what gives more than was granted, and is not what was granted last: a desired state
    that was approved stays approved, whoever looks at it again. An end that moves on with each
    confirmation is a later one than any fixed end, also where the next comes earlier.
    """
    context, found = snapshot.context, snapshot.validation
    approval = found.lookups.rules.approval if found else None
    record = context.record if context.live else None
    if found is None or approval is None or (record and record.granted == digest):
        return None
    confirms = _confirms(provide, record)
    opens = provide.config.confirm_every_days is not None and not confirms
    gives = more(granted_as(record, snapshot.role, context), role) or (
        "prolongs" if opens else None
    )
    if gives is None or (gives == "prolongs" and confirms):
        return None
    touched = _what_is_touched(provide, snapshot, context)
    rules = rules_for(approval, touched, gives)
    return Asked(context.grant, digest, approval, rules) if rules else None


def granted_as(
    record: GrantRecord | None, observed: ObservedRole | None, context: PlanningContext
) -> ObservedRole | None:
    """The role as it was granted, to compare with; None where it was changed by hand since.

    Whoever can write to a role could otherwise widen it first, and then ask for the same.
    """
    if record is None or observed is None:
        return None
    if record.granted is None:  # of a release before
        return observed if record.role_digest == observed_digest(observed) else None
    ends = (None, record.confirm_every_days)  # a release before had it in no digest
    known = (state_digest(observed, context.grant, account_of(context), days) for days in ends)
    return observed if record.granted in known else None


def _unlike_granted(snapshot: Snapshot) -> bool:
    """Whether there is a role that is not as it was granted.

    Held against that, what waits could look like nothing, or like less: of a role that somebody
    changed by hand, or that was suspended by a file that let others in.
    """
    context, there = snapshot.context, snapshot.role
    return context.live and there is not None and granted_as(context.record, there, context) is None


def account_of(context: PlanningContext) -> str:
    """The account that the grant's role is in."""
    return context.role_arn.split(":")[4]


def _confirms(provide: Provide, record: GrantRecord | None) -> bool:
    """Whether only the next end of a grant without a fixed end comes: as often as was approved."""
    days = provide.config.confirm_every_days
    before = record.confirm_every_days if record else None
    return days is not None and before is not None and days <= before


def _what_is_touched(provide: Provide, snapshot: Snapshot, context: PlanningContext) -> Touched:
    assert snapshot.validation  # else nothing is provided
    entries, held = provide.config.access, snapshot.validation.held.resources
    reached = (
        one
        for entry, found in zip(entries, held, strict=True)
        if found is not None
        for one in reach(entry, found, context.environment)
    )
    days = days_of(dict(provide.config), context.now, began(snapshot))
    services = frozenset(entry.service for entry in entries)
    return Touched(services, tuple(reached), account_of(context), days)


def _waiting(context: PlanningContext) -> Pending | None:
    return context.record.pending if context.record else None


def _made(provide: Provide, snapshot: Snapshot) -> str | None:
    return snapshot.external_ids[0] if provide.config.generate_external_id else None


def _has_to_end(context: PlanningContext) -> Problem:
    """What was granted goes with its file, and would take along what waits beside it."""
    record = context.record
    assert record
    then = "upload this again then" if record.instruction == "suspend" else "this is planned then"
    message = f"{record.id} is granted by {record.config_key}, which asks for it no more, and has "
    return Problem("/grant", message + f"to end first: {then}, and has to be approved")


def _only_files(asked: Asked) -> Problem:
    who = ", ".join(f"{number} of {group}" for group, number in asked.needed.items())
    return Problem(
        "",
        f"guardrail approval: this waits for approval by {who}, and only a file can be approved: "
        "upload the config as a file under partners/",
    )
