"""The record of a grant once its plan is carried out."""

from datetime import datetime, timedelta

from latchkey.config.scope_rules import scope_of
from latchkey.grants.config_reference import ConfigReference, reference_to
from latchkey.grants.lifecycle import Decision
from latchkey.grants.pending import Pending
from latchkey.grants.record import GrantRecord
from latchkey.keys import config_place
from latchkey.services.resource_info import NamedResource
from latchkey.times import instant, parse_instant, stamp
from latchkey.workflow.plan.context import PlanningContext, Snapshot
from latchkey.workflow.request import InlineRequest


def state_after(
    snapshot: Snapshot, decision: Decision, external_ids: tuple[str, ...]
) -> GrantRecord:
    """The grant's record on success; what the config does not say stays as it was on record."""
    context = snapshot.context
    before, found = context.record, context.config
    config = found.read.config if found.read and found.read.grant == context.grant else None
    starts_at = instant(config.starts_at) if config and config.starts_at else None
    expires_at = instant(config.expires_at) if config and config.expires_at else None
    days = config.confirm_every_days if config else before.confirm_every_days if before else None
    confirmed = expires_at and instant(parse_instant(expires_at) - timedelta(days=days or 0))
    told, stays = config or before, decision.target != "absent"
    of_file = None if _comes_with_the_input(context) else before
    return GrantRecord(
        partner=context.grant.partner,
        grant=context.grant.grant,
        status=decision.status,
        reason=decision.reason,
        role_arn=context.role_arn,
        external_id=external_ids[0] if external_ids else None,
        external_ids=external_ids if decision.target != "absent" else (),
        starts_at=starts_at if config else before.starts_at if before else None,
        expires_at=expires_at if config else before.expires_at if before else None,
        config_bucket=found.source.bucket or (of_file.config_bucket if of_file else None),
        config_key=found.source.key or (of_file.config_key if of_file else None),
        config_version=found.source.version or (before.config_version if before else None),
        updated_at=instant(context.now),
        config=found.text if config else before.config if before else None,
        instruction=decision.instruction,
        instructed_at=_instructed_at(context, decision),
        last_used=_last_used(snapshot),
        active_since=active_since(context, decision),
        began=_began(snapshot, decision),
        role_id=_role_id(snapshot, decision),
        issued_before=before.issued_before if before and context.live else None,
        config_object=_config_object(context, accepted=config is not None),
        owner=told.owner if told else None,
        owner_contact=told.owner_contact if told else None,
        purpose=told.purpose if told else None,
        resources=_resources(snapshot, decision),
        scope=_scope(snapshot),
        author=found.author if config else before.author if before else None,
        role_name=before.role_name if before and context.live else context.demanded,
        confirm_every_days=days,
        confirmed_at=_confirmed_at(confirmed, before) if days else None,
        granted=before.granted if before and context.live and stays else None,
        pending=_pending(context, decision),
    )


def _comes_with_the_input(context: PlanningContext) -> bool:
    """Whether the config is no file's, also where a file had the grant before."""
    return isinstance(context.request, InlineRequest) and not context.request.dry_run


def _pending(context: PlanningContext, decision: Decision) -> Pending | None:
    """What waits for approval, as long as it is what the newest version asks for.

    What nobody has asked for while the grant is suspended may be asked for when it is resumed. What
    somebody has rejected stays rejected when the grant ends, or comes without its file.
    """
    newest, source = context.config.newest, context.config.source
    if newest and newest.rejected:
        return newest.rejected
    known = context.record.pending if context.record else None
    if known and known.rejected_by and (decision.target == "absent" or source.key is None):
        return known
    if known is None or not context.live or decision.target == "absent":
        return None
    if newest is None and decision.target != "suspended":
        return None
    version = newest.source.version if newest else source.version
    return known if context.takes_away or known.version == version else None


def _scope(snapshot: Snapshot) -> tuple[str, ...]:
    """The scope of the config's key; where none holds it, or none was read, as on record."""
    context, found = snapshot.context, snapshot.validation
    before = context.record.scope if context.record else ()
    if found is None or (before and context.tolerant):
        return before
    scope = scope_of(config_place(context.key, context.grant), found.lookups.rules)
    return scope.names if scope else before


def _confirmed_at(confirmed: str | None, before: GrantRecord | None) -> str | None:
    return confirmed or (before.confirmed_at if before else None)


def _resources(snapshot: Snapshot, decision: Decision) -> tuple[NamedResource, ...]:
    """The grant's resources as they were looked up; a suspended grant keeps them on record."""
    if decision.target == "present" and snapshot.validation:
        return snapshot.validation.held.named
    before, live = snapshot.context.record, snapshot.context.live
    return before.resources if before and live and decision.target != "absent" else ()


def _config_object(context: PlanningContext, *, accepted: bool) -> ConfigReference | None:
    """Where the accepted config is; one that came with the input is written once it is planned."""
    source, text = context.config.source, context.config.text
    if accepted and source.key and source.version and text:
        return reference_to(source.key, source.version, text)
    fresh = accepted and isinstance(context.request, InlineRequest)
    return context.record.config_object if context.record and not fresh else None


def _instructed_at(context: PlanningContext, decision: Decision) -> str | None:
    """When the order was given that the decision goes by: of two such, the later one."""
    if decision.instruction is None:
        return None
    before = context.record
    known = before.instructed_at if before else None
    if not context.order or context.checks or context.confirms:
        return known
    given = stamp(context.reference.given_at)
    again = before is not None and before.instruction == decision.instruction
    return max(given, known or "") if again else given


def active_since(context: PlanningContext, decision: Decision) -> str | None:
    """Since when the grant has been active without a break."""
    if decision.status != "active":
        return None
    before = context.record
    unbroken = before is not None and before.status == "active"
    return (before.active_since if before and unbroken else None) or instant(context.now)


def began(snapshot: Snapshot) -> datetime | None:
    """When access by a live grant began, or will; None where there is none.

    Suspending and resuming it begins nothing anew, and neither does a start that comes later. Of a
    record of a release before, nobody knows: its role or its activity may be older than its start.
    """
    context, record = snapshot.context, snapshot.context.record
    if record is None or not context.live:
        return None
    if record.began:
        return parse_instant(record.began)
    since = [record.active_since, snapshot.role.created_at if snapshot.role else None]
    return min([context.now, *(parse_instant(one) for one in since if one)])


def _began(snapshot: Snapshot, decision: Decision) -> str | None:
    """What is on record of it: only the start of what has not begun yet can change."""
    context, known = snapshot.context, began(snapshot)
    if decision.target == "absent":
        return None
    read = context.config.read
    config = read.config if read and read.grant == context.grant else None
    if known and (config is None or known <= context.now):
        return instant(known)
    return instant(
        max(config.starts_at if config and config.starts_at else context.now, context.now)
    )


def _role_id(snapshot: Snapshot, decision: Decision) -> str | None:
    """The unique ID of the role as it is or, where it was not looked at, as on record.

    A grant that has ended keeps that of its last role, so that a second look changes nothing.
    """
    before = snapshot.context.record
    if snapshot.role:
        return snapshot.role.role_id
    keeps = snapshot.context.live or decision.target == "absent"
    return before.role_id if before and keeps else None


def _last_used(snapshot: Snapshot) -> str | None:
    """When the role was last used, by the role itself or by what is on record."""
    before, observed = snapshot.context.record, snapshot.role
    used = (before.last_used if before else None, observed.last_used if observed else None)
    return max(filter(None, used), default=None)
