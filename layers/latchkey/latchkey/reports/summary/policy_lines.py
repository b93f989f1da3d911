"""What becomes of a role's two policies, in words, with no widening left out."""

from collections.abc import Iterator, Sequence

from latchkey.grants.role_view import RoleView
from latchkey.grants.sessions import cut_off_in
from latchkey.iam.canonical import same_policy
from latchkey.iam.document import Document
from latchkey.iam.permit import Permit, lifted, within
from latchkey.iam.statement import Statement
from latchkey.reports.summary.line import Line
from latchkey.reports.summary.permission_lines import permission_lines
from latchkey.reports.summary.times import moment
from latchkey.reports.summary.trust_lines import trust_lines
from latchkey.reports.summary.window import shared_window, window_lines, without_window

_UNTOLD = "changes its policies in a way that has no words here; read the policy difference"
_SAME = "writes its policies anew, without changing what they allow"


def policy_lines(before: RoleView | None, after: RoleView) -> list[Line]:
    """Every line about the two policies; none when they mean the same as before.

    Where it cannot be shown that the new ones allow nothing more, at least one line widens.
    """
    old = [before.trust, before.permissions] if before else [None, None]
    new = [after.trust, after.permissions]
    if before and all(same_policy(one, other) for one, other in zip(old, new, strict=True)):
        return []
    lines = [*_permits(before, after), *_denials(before, after)]
    sure = all(within(one, other) for one, other in zip(new, old, strict=True))
    if not sure and not any(line.effect == "widens" for line in lines):
        lines.append(Line("widens", _UNTOLD))
    changed = lines or (before and before.suspended != after.suspended)
    return lines if changed else [Line("none", _SAME)]


def _permits(before: RoleView | None, after: RoleView) -> Iterator[Line]:
    trusted, permitted = (before.trusted, before.permitted) if before else ([], [])
    trusts, permits = after.trusted, after.permitted
    was, will = shared_window([*trusted, *permitted]), shared_window([*trusts, *permits])
    if (was or not (trusted or permitted)) and will:
        yield from window_lines(was, will)
        trusted, permitted, trusts, permits = map(_timeless, (trusted, permitted, trusts, permits))
    yield from trust_lines(trusted, trusts)
    if not after.suspended:
        yield from permission_lines(permitted, permits)


def _timeless(permits: Sequence[Permit]) -> list[Permit]:
    return [without_window(permit) for permit in permits]


def _denials(before: RoleView | None, after: RoleView) -> Iterator[Line]:
    """What explicit denials come and go, besides the suspension."""
    if before is None:
        return
    yield from _denied("trust policy", before.trust, after.trust)
    if before.suspended == after.suspended:
        yield from _denied("permissions policy", before.permissions, after.permissions)
    elif before.suspended and (cut_off := cut_off_in(after.permissions)):
        yield _ended(cut_off)


def _denied(name: str, before: Document | None, after: Document | None) -> Iterator[Line]:
    for statement in lifted(before, after):
        yield Line("widens", f"its {name} no longer denies {_actions(statement)}")
    for statement in lifted(after, before):
        cut_off = cut_off_in({"Statement": [statement.source]})
        yield (
            _ended(cut_off)
            if cut_off
            else Line("narrows", f"its {name} denies {_actions(statement)}")
        )


def _ended(cut_off: str) -> Line:
    return Line(
        "narrows",
        f"ends every session issued before {moment(cut_off)}: the partner has to assume the role "
        "again from then on, and nobody gets in until then",
    )


def _actions(statement: Statement) -> str:
    """The actions of a Deny statement; its conditions may hold an external ID, and are left out."""
    if statement.not_actions is not None:
        return f"all but {', '.join(statement.not_actions)}"
    return ", ".join(statement.actions) or "something"
