"""A plan: what the planning step stores, and the steps that carry it out and record it read."""

from collections.abc import Mapping
from typing import Any, Literal

from latchkey.config.problem import Problem
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.author import Author
from latchkey.grants.change import Change, CreateRole, PutRolePolicy
from latchkey.grants.drift import desired_digest
from latchkey.grants.pending import GroupNeed
from latchkey.grants.record import EventType, GrantRecord, Outcome, Trigger
from latchkey.grants.role import DesiredRole
from latchkey.grants.role_view import RoleView
from latchkey.grants.sessions import with_cut_off
from latchkey.newer_python import replace

_EVENT_TYPES: Mapping[str, EventType] = {
    "created": "AccessGranted",
    "updated": "AccessUpdated",
    "confirmed": "AccessConfirmed",
    "suspended": "AccessSuspended",
    "revoked": "AccessRevoked",
    "expired": "AccessExpired",
    "rejected": "ConfigRejected",
    "failed": "GrantFailed",
    "pending_approval": "ApprovalRequested",
}

_WITHOUT_A_ROLE = ("PrincipalNotFound", "QuotaExceeded", "RoleNotOwned")

Step = Literal["grant", "revoke", "record", "done"]


class Source(Frozen):
    """Where a config came from: a file's bucket, key and version, or a workflow execution."""

    bucket: str | None = None
    key: str | None = None
    version: str | None = None


class Stored(Frozen):
    """A reference to JSON data: their SHA-256, in hexadecimal, and how many items they take."""

    digest: str
    parts: int


class GrantPlan(Frozen):
    """What is to be done for a grant, and what is to be recorded when it is done.

    `step` is where the workflow goes next: `grant` and `revoke` carry out `changes`, `record` has
    none to carry out, `done` has nothing to record either. `planned_at` is a time with
    microseconds that orders the history. `state` is the grant's record on success, or None to
    leave it as it is. `released` are external IDs that are free again, `freed` the
    partitions of other claims that are. `follow_up` names grants
    that have to be looked at after this one. `replaces` is the version of the config file that the
    table had before the file was read: when it has another by then, this plan is stale.
    `before` is the role as it stood, if it was looked at and there was one.
    `begun` are changes, as JSON data, that an earlier
    run began and did not live to record. `drift` lists what had been changed of the role outside
    Latchkey, and is put right by `changes`. A plan that `ends_sessions` has a new cut-off in its
    state and its documents, a minute after it was planned: carrying it out moves that to a minute
    after the writing (`dated`). One that `repairs` may not undo what somebody took away by hand;
    `written` is what was on record as written by Latchkey. One that `closes` leaves all else of the
    role as it is by then. `by` is what set the run off,
    `order` the action that somebody ordered, if one did,
    `requested_by` who asked for it, if the request says so. `waiting` are files whose runs start
    when this one is recorded. `unsaid` are external IDs that the config names and the state does
    not, so that nobody is told of them. `role_arn` is the ARN that the role has or would have; only
    a dry run says it, since a partner may have to know it before there is a valid config; and so
    it says whether the grant, by its record, `has_role` already.
    `resolved` are findings of the record that this run did not find any more. `author` wrote or
    removed the version of the file that the run goes by. `digest` is that of
    the state that was asked for, `awaits` who has to approve it before it is granted, `approved_by`
    who did; `granted_before` is the digest of what was granted until then. A plan that only
    `adds_author` leaves the result as it is, which says what was done.
    One that `opens_end` has an end that moves on by so many days whenever somebody confirms, where
    it had a fixed one, or fewer days; no policy says so. One that is `told_anew` is
    told as if there were no role: the one that is there is not as it was granted.
    One of an `orphan` removes a role in another account whose grant nothing is on record of: until
    that is done, nothing is put there, lest who owns an account has the name of a grant taken.
    """

    step: Step
    outcome: Outcome
    planned_at: str
    reason: str
    source: Source = Source()
    grant: GrantId | None = None
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    desired: DesiredRole | None = None
    before: RoleView | None = None
    role: str | None = None
    stack: str = ""
    state: GrantRecord | None = None
    released: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    follow_up: tuple[GrantId, ...] = ()
    waiting: tuple[Source, ...] = ()
    replaces: str | None = None
    begun: tuple[dict[str, Any], ...] = ()
    drift: tuple[str, ...] = ()
    ends_sessions: bool = False
    repairs: bool = False
    closes: bool = False
    written: tuple[str, ...] = ()
    dry_run: bool = False
    by: Trigger | None = None
    order: str | None = None
    requested_by: str | None = None
    unsaid: tuple[str, ...] = ()
    role_arn: str | None = None
    has_role: bool = False
    resolved: tuple[Problem, ...] = ()
    author: Author | None = None
    digest: str | None = None
    awaits: tuple[GroupNeed, ...] = ()
    approved_by: tuple[str, ...] = ()
    granted_before: str | None = None
    adds_author: bool = False
    orphan: bool = False
    opens_end: int | None = None
    told_anew: bool = False

    @property
    def error(self) -> str | None:
        """The class of the error that a failed run ended with."""
        return self.reason.partition(":")[0] if self.outcome == "failed" else None

    @property
    def undone(self) -> GrantRecord | None:
        """The state of a run that may not have carried the plan out.

        What nobody had to approve when it was planned may have to be approved when it is planned
        again; what somebody did approve stays approved.
        """
        if self.state is None or self.approved_by:
            return self.state
        return replace(self.state, granted=self.granted_before)

    @property
    def event_type(self) -> EventType | None:
        """The type of the event that the plan's run adds to the history, if it adds any."""
        if self.drift and self.outcome in ("created", "updated", "suspended"):
            return "DriftRepaired"
        if self.outcome == "unchanged" and self.state and self.step == "record" and self.problems:
            return "FindingsReported"
        if self.outcome == "rejected" and self.order:
            return "OrderRejected"
        if self.outcome == "unchanged" and self.step == "record" and self.resolved:
            return "FindingsResolved"
        return _EVENT_TYPES.get(self.outcome)

    @property
    def wrote_nothing(self) -> bool:
        """Whether the error says that nobody got anything by the changes of a failed run.

        A policy that AWS's own checks refuse is refused before anything is written. A role that is
        made gets its permissions last; with an unknown principal, over a quota, or where another's
        has its name, it gets none.
        """
        creates = any(isinstance(change, CreateRole) for change in self.changes)
        return self.error == "PolicyRefused" or (creates and self.error in _WITHOUT_A_ROLE)


def asks_for(plan: GrantPlan) -> str | None:
    """The grant that a file is rejected for since another has it (`/grant` is what is wrong)."""
    held = any(problem.path == "/grant" for problem in plan.problems)
    return str(plan.grant) if plan.grant and plan.outcome == "rejected" and held else None


def dated(plan: GrantPlan, cut_off: str) -> GrantPlan:
    """A plan that ends the sessions issued before a time, in everything that it writes."""
    if plan.desired is None:
        return plan
    planned = plan.desired.permissions_policy
    role = replace(plan.desired, permissions_policy=with_cut_off(planned, cut_off))
    changes = (
        replace(change, document=role.permissions_policy)
        if isinstance(change, PutRolePolicy) and change.document == planned
        else change
        for change in plan.changes
    )
    state = plan.state
    if state is not None:
        known = state.role_digest and desired_digest(role)
        state = replace(state, issued_before=cut_off, role_digest=known)
    return replace(plan, desired=role, changes=tuple(changes), state=state, ends_sessions=True)
