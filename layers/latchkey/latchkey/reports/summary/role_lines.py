"""What a plan does to a role, in words."""

from collections.abc import Iterator

from latchkey.config.managed_rules import CONFIGURATION
from latchkey.grants.role_view import RoleView
from latchkey.reports.summary.line import Line
from latchkey.reports.summary.policy_lines import policy_lines
from latchkey.reports.summary.times import span

_ENDS = "ends: the role is deleted, and all access with it"
_SUSPENDS = "suspends: everything is denied at once, also to sessions already issued"
_RESUMES = "resumes: what the role allows is allowed again"
_BORN_SUSPENDED = "creates the role suspended: everything is denied until it is resumed"


def role_lines(before: RoleView | None, after: RoleView | None) -> Iterator[Line]:
    """Everything that differs between a role before and after; nothing where nothing does."""
    if after is None:
        if before is not None:
            yield Line("ends", _ENDS)
        return
    yield from _state(before, after)
    yield from policy_lines(before, after)
    if after.managed_access and not (before and before.managed_access):
        yield Line("none", CONFIGURATION)
    if before is None:
        yield Line("none", f"sessions may last {span(after.max_session_duration)}")
        return
    yield from _session(before, after)
    yield from _boundary(before, after)
    yield from _foreign(before, after)
    if before.description != after.description:
        yield Line("none", "changes the description")


def _state(before: RoleView | None, after: RoleView) -> Iterator[Line]:
    if before is None:
        if after.suspended:
            yield Line("changes", _BORN_SUSPENDED)
        else:
            yield Line("none", "creates the role")
    elif after.suspended and not before.suspended:
        yield Line("narrows", _SUSPENDS)
    elif before.suspended and not after.suspended:
        yield Line("widens", _RESUMES)


def _session(before: RoleView, after: RoleView) -> Iterator[Line]:
    old, new = before.max_session_duration, after.max_session_duration
    if old != new:
        text = f"sessions may last {span(new)} instead of {span(old)}"
        yield Line("widens" if new > old else "narrows", text)


def _boundary(before: RoleView, after: RoleView) -> Iterator[Line]:
    """A boundary can only take away; whether a foreign one takes away less is unknown."""
    old, new = before.boundary_arn, after.boundary_arn
    if old is None and new:
        yield Line("narrows", "puts the permissions boundary back on")
    elif old != new and {old, new} <= {*after.own_boundaries}:
        yield _other_kind(after)
    elif old != new:
        yield Line("widens", f"replaces the permissions boundary {old}, whatever that was")


def _other_kind(after: RoleView) -> Line:
    """Another of the stack's boundaries; each of them allows more than the usual one."""
    text = f"puts on the permissions boundary {after.boundary_arn}, by what is allowed now"
    return Line("narrows" if after.boundary_arn == after.own_boundaries[0] else "widens", text)


def _foreign(before: RoleView, after: RoleView) -> Iterator[Line]:
    """A policy of somebody else's may have denied something: what is in it is not known here."""
    for name in (*before.foreign, *before.denying):
        if name not in (*after.foreign, *after.denying):
            again = "what it allowed ends; what it denied, if anything, is denied no longer"
            yield Line("widens", f"takes off the {name}: {again}")
