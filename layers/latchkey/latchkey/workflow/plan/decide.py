"""Step 4, decide: what becomes of the grant, and why.

`verdict` has the rules in their order: the first that applies is the answer. They go by what is on
record and what the config says; `decide` adds what the lookups found.
"""

from collections.abc import Iterable
from datetime import datetime

from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.reader import ReadConfig
from latchkey.config.schema import PartnerConfig
from latchkey.grants.account import account_problems
from latchkey.grants.confirmation import Given, is_known, refusal
from latchkey.grants.lifecycle import Decision, expired
from latchkey.grants.lifecycle import decide as decision_by
from latchkey.grants.record import GrantRecord, Instruction
from latchkey.grants.role_kind import kind_problems
from latchkey.grants.role_name import role_name_problems
from latchkey.newer_python import replace
from latchkey.times import parse_instant
from latchkey.workflow.plan.belonging import of_another_source
from latchkey.workflow.plan.context import PlanningContext, Snapshot
from latchkey.workflow.plan.decisions import (
    Close,
    Decided,
    Early,
    Fail,
    Invalid,
    Leave,
    Provide,
    Reject,
    Remove,
)
from latchkey.workflow.plan.endings import no_grant
from latchkey.workflow.request import ActionRequest, FileRequest


def decide(snapshot: Snapshot) -> Decided:
    """What becomes of the snapshot's grant, with all that was looked up."""
    if snapshot.failure:
        return Decided(snapshot, Fail(snapshot.failure))
    match verdict(snapshot.context):
        case Invalid(read=read):
            found = snapshot.validation
            more = (*found.problems, *found.broken) if found else None
            rejected = Reject(read.problems) if more is None else _rejected([*read.problems, *more])
            return Decided(snapshot, rejected)
        case Provide() as provide:
            return Decided(snapshot, _provided(provide, snapshot))
        case other:
            return Decided(snapshot, other)


def _provided(provide: Provide, snapshot: Snapshot) -> Reject | Provide | Close:
    """A role as it was validated; suspending a live one needs no guardrail, kept or readable."""
    found, context = snapshot.validation, snapshot.context
    closes = provide.suspended and context.live and not of_another_source(context)
    if closes and (found is None or (found.broken and not found.problems)):
        return Close(provide.decision, found.broken if found else ())
    assert found  # else loading has failed
    problems = found.refusals(tolerant=context.tolerant)
    return Reject(problems) if problems else provide


def verdict(context: PlanningContext) -> Early:
    """What becomes of a grant by what is on record and what its config says."""
    return _refused(context) or _nothing_to_do(context) or _wanted(context)


def _refused(context: PlanningContext) -> Reject | Invalid | None:
    """What makes no sense, whatever AWS holds."""
    read = context.config.read
    if problems := context.reference.problems or _order_problems(context):
        return Reject(problems)
    if read and read.problems and not context.order:
        return Invalid(read)
    rivals = (*_rival_problems(context), *fixed_problems(context))
    return Reject(rivals) if rivals else None


def _nothing_to_do(context: PlanningContext) -> Leave | None:
    reference, config = context.reference, context.config
    if context.overtaken:
        reason = "a run that began after this one looked at the same version"
        return Leave(reference.source, reason)
    if reference.grant is None:
        reason = "the file was removed before it was read, and had granted nothing"
        return Leave(reference.source, reason, recorded=True)
    if not _not_its_file(context):
        return None
    holder = context.record.config_key if context.record else "another source"
    reason = f"{context.grant} is granted by {holder}"
    known = reference.on_record.version is not None  # that it is gone was not recorded yet
    return Leave(config.source, reason, recorded=known or bool(reference.earlier))


def _wanted(context: PlanningContext) -> Early:
    order, read = context.order, context.config.read
    if order and context.takes_away:
        return _taken_away(order)
    if read and read.config:
        return _by_config(context, read, read.config)
    return _without_config(context)


def _taken_away(order: ActionRequest) -> Remove | Close:
    """What an order takes away, by itself: whatever the config says, or whoever can read it."""
    if order.action == "revoke":
        reason = order.reason or "revoked by workflow input"
        return Remove(Decision("absent", "revoked", reason, "revoke"))
    reason = order.reason or "suspended by workflow input"
    return Close(Decision("suspended", "suspended", reason, "suspend"))


def _order_problems(context: PlanningContext) -> tuple[Problem, ...]:
    order, record = context.order, context.record
    if order is None or order.action not in ("suspend", "resume", "confirm"):
        return ()  # where nothing is on record, there may be a role whose run could not record it
    if record is None:
        return (no_grant(context),)
    if not record.live:
        again = "upload its file again to grant it anew"
        return (Problem("/action", f"{context.grant} is {record.status}, not active; {again}"),)
    if order.action == "resume" and _suspended_since(record, context.reference.given_at):
        again = "if it is to be resumed all the same, order `resume` again"
        return (Problem("/action", f"{context.grant} was suspended after this order; {again}"),)
    read = context.config.read
    config = read.config if read and read.grant == context.grant else None
    if not context.confirms:
        return ()
    refused = refusal(record, config, context.now, context.reference.given_at)
    return (Problem("/action", refused),) if refused else ()


def _suspended_since(record: GrantRecord, given_at: datetime) -> bool:
    """Whether somebody suspended a grant after another order was given, which comes late."""
    at = record.instructed_at if record.instruction == "suspend" else None
    return at is not None and given_at < datetime.fromisoformat(at)


def _rival_problems(context: PlanningContext) -> tuple[Problem, ...]:
    """Two sources that claim one grant: the first keeps it for as long as it is there."""
    record = context.record
    if record is None or not context.contested:
        return ()
    if record.config_key is None:
        holder, mend = "workflow input", "revoke it by workflow input and upload this again"
    elif not context.rival_exists:
        return ()
    else:
        holder, mend = record.config_key, f"remove {record.config_key} and upload this again"
    how = "asked for" if record.waits else "granted"
    message = f"{record.id} is already {how} by {holder}; {mend}, or choose another `grant`"
    message += " (another `partner`, if that is of another scope)" if record.scope else ""
    return (Problem("/grant", message),)


def fixed_problems(context: PlanningContext) -> tuple[Problem, ...]:
    """What a config asks for that a live grant cannot change: its role's name, account and kind.

    One that revokes the grant asks for no role: what is taken away is the one on record.
    """
    read = context.config.read
    if not (read and read.config) or read.grant != context.grant or context.takes_away:
        return ()
    config = read.config
    if config.status == "revoked" and context.live:
        return ()
    named = role_name_problems(context.record, context.grant, context.demanded, context.naming)
    moved = account_problems(context.record, config, context.environment)
    return (*named, *moved, *kind_problems(context.record, config))


def _not_its_file(context: PlanningContext) -> bool:
    """Whether a file that is gone had not granted the grant that it named last."""
    if not isinstance(context.request, FileRequest) or context.config.read is not None:
        return False
    return context.record is None or context.record.config_key != context.request.key


def _by_config(context: PlanningContext, read: ReadConfig, config: PartnerConfig) -> Early:
    if read.grant != context.grant:
        file = context.record.config_key if context.record else "its file"
        return Remove(Decision("absent", "revoked", f"{file} now names {read.grant}"))
    instruction = _instruction(context)
    confirmed = "confirmed by workflow input" if context.confirms else ""
    reason = context.request.reason or confirmed
    decision = decision_by(config, instruction, context.now, reason)
    given = Given(context.config.source.version, context.config.text)
    decision = replace(decision, confirms=context.confirms and is_known(context.record, given))
    if decision.target != "absent":
        return Provide(decision, config)
    if of_another_source(context):
        holder = context.record.config_key if context.record else None
        reason = f"this has granted nothing; {context.grant} is of {holder or 'workflow input'}"
        return Leave(context.config.source, reason, recorded=True)
    return Remove(decision)


def _without_config(context: PlanningContext) -> Early:
    """A file that is gone, or a config that was accepted once and would not be today.

    By the latter the grant stays as it is until it expires.
    """
    record, config = context.record, context.config
    if record is None:
        reason = "its role was made, and no config asks for it any more"
        return Remove(Decision("absent", "revoked", reason))
    if config.read is None:
        if config.source.key:
            return Remove(Decision("absent", "revoked", f"{config.source.key} was removed"))
        reason = f"nothing is granted to {context.grant}, and no file asks for it"
        return Leave(config.source, reason)
    ended = expired(parse_instant(record.expires_at), context.now) if record.expires_at else None
    return Remove(ended) if ended else _rejected(config.read.problems)


def _instruction(context: PlanningContext) -> Instruction | None:
    """The operator's order in force: this request's, or an earlier one, until the next upload.

    A version that was uploaded before the order, and is looked at after it, does not end it.
    """
    if context.order and context.order.action in ("suspend", "revoke", "resume"):
        return context.order.action
    record, config = context.record, context.config
    if record is None or record.instruction is None:
        return None
    if record.config_version == config.source.version:
        return record.instruction
    given, ordered = config.given_at, record.instructed_at
    overtaken = given and ordered and given < datetime.fromisoformat(ordered)
    return record.instruction if overtaken else None


def _rejected(problems: Iterable[Problem]) -> Reject:
    return Reject(ConfigRejected(problems).problems)
