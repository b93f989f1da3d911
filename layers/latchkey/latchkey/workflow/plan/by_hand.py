"""What somebody changed by hand, and may or may not be undone by this run; a part of diff."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from latchkey.config.problem import Problem
from latchkey.grants.drift import BARE, SUSPENDED, boundary_part, drift, written_parts
from latchkey.grants.repair import KEPT, Written, repaired
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.grants.sessions import far_ahead, suspended_policy
from latchkey.iam.canonical import same_policy
from latchkey.iam.permit import denies_all
from latchkey.newer_python import replace
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.decisions import Provide

_CLOSED = "everything is denied, since what was taken away cannot be told apart from what was added"
_UNTIL = "; it stays until somebody orders `resume`, or uploads a version with other content"


def may_widen(context: PlanningContext, provide: Provide) -> bool:
    """Whether a person asks for the role as the file has it, whatever was changed by hand.

    That is who grants anew, orders `resume`, or uploads content that was not granted before. A
    suspension asks for nothing of the kind.
    """
    order = context.order
    if not context.live:
        return True
    if provide.suspended:
        return False
    return (order is not None and order.action == "resume") or other_content(context)


def other_content(context: PlanningContext) -> bool:
    """Whether the config is another than the one on record: not merely another version of it."""
    record = context.record
    if record and record.config_version == context.config.source.version:
        return False
    return record is None or _content(record.config) != _content(context.config.text)


def written_before(context: PlanningContext) -> Written:
    """What Latchkey wrote of the role, or may have written in runs that were not recorded."""
    parts = context.record.written if context.record and context.live else ()
    if not parts:
        return Written()
    between = {SUSPENDED for change in context.begun if _closes(change)}
    between |= {BARE for change in context.begun if change["action"] == "CreateRole"}
    between |= {boundary_part(c["boundary_arn"]) for c in context.begun if "boundary_arn" in c}
    return Written((*parts, *sorted(between)))


def written_after(
    context: PlanningContext, meant: DesiredRole, kept: DesiredRole
) -> tuple[str, ...]:
    """What is on record as written by Latchkey afterwards.

    A policy that was changed by hand and is kept is not: else the next run would put it back.
    """
    before = context.record.written if context.record and context.live else ()
    found: list[str] = []
    for full, part in zip(written_parts(meant), written_parts(kept), strict=True):
        kind = full.partition(":")[0]
        known = [one for one in before if one.startswith(f"{kind}:")]
        found += [part] if part == full or not known else known
    return tuple(found)


def former_tags(context: PlanningContext, desired: DesiredRole) -> tuple[str, ...]:
    """The tags that an earlier config put on the role and this one does not; others' stay."""
    config = _content(context.record.config) if context.record and context.live else None
    tags = config.get("tags") if isinstance(config, dict) else None
    begun = (c["keys"] for c in context.begun if c["action"] == "UntagRole")
    named = {*(tags if isinstance(tags, dict) else ()), *(key for keys in begun for key in keys)}
    return tuple(sorted(named - desired.tags.keys()))


def without_what_was_taken(
    context: PlanningContext, provide: Provide, desired: DesiredRole, observed: ObservedRole | None
) -> DesiredRole:
    """The role that is to be, as far as this run may put back what somebody took away."""
    if observed is None or may_widen(context, provide):
        return desired
    unsure = context.record is not None and context.record.status == "failed"
    return repaired(desired, observed, written_before(context), unsure=unsure)


def told(
    context: PlanningContext, meant: DesiredRole, kept: DesiredRole, observed: ObservedRole | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was changed by hand, in words: what this run puts right, and what it leaves."""
    known = context.record.written if context.live and context.record else ()
    if not known or (context.record and context.record.status == "failed"):
        return (), ()
    if observed is None:
        return (() if other_content(context) else drift(meant, None)), ()
    written = written_before(context)
    own = written.policies_of(observed)
    found, right = drift(replace(meant, **own), observed), drift(replace(kept, **own), observed)
    left = tuple(sentence for sentence in found if sentence not in right)
    closed = denies_all(kept.permissions_policy) and not denies_all(meant.permissions_policy)
    closes = closed and not same_policy(kept.permissions_policy, observed.permissions_policy)
    if closes or kept.boundary_arn not in (meant.boundary_arn, observed.boundary_arn):
        left = (*left, _CLOSED)
    return (() if other_content(context) else right), left  # else it may be the file that differs


def noted(context: PlanningContext) -> tuple[str, ...]:
    """What this run put right before, and could not record: now the role no longer shows it."""
    run = context.reference.run.id
    own = (intent.plan.drift for intent in context.unrecorded if intent.run == run)
    return tuple(dict.fromkeys(sentence for drift in own for sentence in drift))


def moved_on(cut_off: str | None, now: datetime) -> tuple[str, ...]:
    """That somebody ends sessions that are not issued yet, if so."""
    ahead = f"everything is denied to sessions issued before {cut_off}, which is yet to come"
    return (ahead,) if far_ahead(cut_off, now) else ()


def kept_problems(sentences: Iterable[str]) -> tuple[Problem, ...]:
    """What was changed by hand and is left so."""
    return tuple(Problem("", f"{KEPT}{sentence}{_UNTIL}") for sentence in sentences)


def _closes(change: dict[str, Any]) -> bool:
    if change["action"] != "PutRolePolicy" or change["policy"] != POLICY_NAME:
        return False
    return same_policy(change["document"], suspended_policy())


def _content(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
