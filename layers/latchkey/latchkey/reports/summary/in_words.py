"""A plan in words: the part of a result that is for people to decide by."""

from collections.abc import Iterator
from typing import Any, get_args

from latchkey.grants.change import DeleteSchedule, PutSchedule, RoleChange, TagRole, UntagRole
from latchkey.grants.plan import GrantPlan
from latchkey.grants.role_view import RoleView, view
from latchkey.reports.partner_needs import partner_needs
from latchkey.reports.summary import allows as rows
from latchkey.reports.summary import difference, line
from latchkey.reports.summary.line import Line
from latchkey.reports.summary.role_lines import role_lines
from latchkey.reports.summary.times import moment
from latchkey.reports.summary.window import shared_window, without_window

_ANEW = (
    "is not as it was granted, since it is suspended or was changed by hand: "
    "all that it is to allow is told as new"
)
_HARMLESS = {"DeleteSchedule", "PutSchedule"}


def in_words(plan: GrantPlan) -> dict[str, Any]:
    """The fields of a result that describe its plan, as JSON data (docs/results.md).

    They are made from the policies that stand and those that are written, not from the config.
    Each has a size; what does not fit is counted in a last line.
    """
    before, after = _before_and_after(plan)
    lines = line.by_risk(_lines(plan, before, after))
    documents = _documents(before), _documents(after)
    done = plan.outcome not in ("failed", "rejected")
    return {
        "summary": [one.document() for one in lines],
        "widens": any(one.effect == "widens" for one in lines),
        "policy_difference": difference.policy_difference(*documents),
        "allows": _allows(after) if done and after else [],
        "permissions_policy": after.permissions if done and after and not after.suspended else None,
        "digest": plan.digest,
        "awaits": [need.document() for need in plan.awaits],
        "approved_by": plan.approved_by,
        "partner_needs": [need.document() for need in partner_needs(plan)],
    }


def _before_and_after(plan: GrantPlan) -> tuple[RoleView | None, RoleView | None]:
    """The role as it stood and as the plan leaves it.

    A role that an earlier run began to make, and did not live to record, is new. So is one that is
    not as it was granted, and waits for approval: who changed it could hide what is asked for.
    """
    if plan.told_anew:
        return None, view(plan.desired)
    writes = any(isinstance(change, get_args(RoleChange)) for change in plan.changes)
    if plan.wrote_nothing:
        return plan.before, plan.before
    after = view(plan.desired) if writes else plan.before
    began = any(change["action"] == "CreateRole" for change in plan.begun)
    return None if began and after else plan.before, after


def _lines(plan: GrantPlan, before: RoleView | None, after: RoleView | None) -> Iterator[Line]:
    if plan.drift:
        yield Line("none", "puts back what was changed by hand; `drift` tells what that was")
    if plan.told_anew:
        yield Line("changes", _ANEW)
    of_role = [*role_lines(before, after), *_open_end(plan)]
    yield from of_role
    tags = list(_tags(plan)) if before else []
    yield from tags
    yield from _unrecorded(plan, before, after)
    if not (of_role or tags):
        yield from _schedule(plan)


def _open_end(plan: GrantPlan) -> Iterator[Line]:
    """That the end of a role is no fixed one, which its policies do not say."""
    if plan.opens_end is not None:
        days = "day" if plan.opens_end == 1 else f"{plan.opens_end} days"
        yield Line("widens", f"has no fixed end: lasts another {days} whenever it is confirmed")


def _tags(plan: GrantPlan) -> Iterator[Line]:
    """Policies elsewhere may ask for a role's tags, so that they are more than labels."""
    named: set[str] = set()
    for change in plan.changes:
        match change:
            case TagRole(tags=tags):
                named.update(tags)
            case UntagRole(keys=keys):
                named.update(keys)
            case _:
                pass
    if named:
        yield Line("changes", f"changes the tags {', '.join(sorted(named))}")


def _unrecorded(plan: GrantPlan, before: RoleView | None, after: RoleView | None) -> Iterator[Line]:
    """What an earlier run did of a role that was there: its earlier state is unknown."""
    actions = [str(change["action"]) for change in plan.begun]
    if not actions or (after and not before):
        return
    text = f"completes what an earlier run began and did not record: {', '.join(actions)}"
    if after is None:
        yield Line("ends", text)
    else:
        yield Line("none" if set(actions) <= _HARMLESS else "widens", text)


def _schedule(plan: GrantPlan) -> Iterator[Line]:
    for change in plan.changes:
        match change:
            case PutSchedule(at=at):
                yield Line("none", f"sets its expiry schedule to {moment(at)}")
            case DeleteSchedule():
                yield Line("none", "removes its expiry schedule")
            case _:
                pass


def _documents(role: RoleView | None) -> dict[str, Any]:
    return {
        "trust policy": role.trust if role else None,
        "permissions policy": role.permissions if role else None,
    }


def _allows(role: RoleView) -> list[rows.AllowsRow]:
    """What sessions may do, within the role's dates, which have lines of their own."""
    permitted = role.permitted
    if shared_window([*role.trusted, *permitted]):
        permitted = [without_window(permit) for permit in permitted]
    foreign = (
        {"service": "any", "resource": name, "may": ["whatever it allows"], "conditions": []}
        for name in role.foreign
    )
    return [*rows.allows(permitted), *foreign]
