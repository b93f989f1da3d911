"""The check of the accounts beside the stack's own: that each was read, and not too long ago."""

from collections.abc import Iterator
from datetime import UTC, datetime

from latchkey.times import parse_instant
from latchkey_cli.aws.stack import Stack
from latchkey_cli.health_checks.grants import PERIODS, drift_period, some
from latchkey_cli.health_checks.result import CheckResult, counted, fail, ok, warn
from latchkey_cli.spokes.known import Spoke, as_far_as_known, guardrails
from latchkey_cli.spokes.template import current_version

_SECTION = "accounts-that-cannot-be-checked"


def every_spoke_is_checked(stack: Stack) -> CheckResult:
    """The drift check could read each account the last time, and did so within three periods."""
    found = [one for one in as_far_as_known(stack) if one.is_checked]
    if not found:
        return ok("none: every grant is in the stack's own account")
    failed = [f"{one.account} ({one.why})" for one in found if one.failed]
    if failed:
        return fail(
            f"{counted(len(failed), 'account')} could not be checked: {some(failed)}", _SECTION
        )
    if late := [*_late(stack, found)]:
        return fail(f"not checked for {PERIODS} periods: {some(late)}", _SECTION)
    for text, accounts in _remarks(found).items():
        if accounts:
            return warn(f"{text}: {some(accounts)}", _SECTION)
    grants = sum(len(one.grants) for one in found)
    return ok(f"{counted(len(found), 'account')}, each checked; {counted(grants, 'live grant')}")


def _remarks(found: list[Spoke]) -> dict[str, list[str]]:
    """What needs attention, with the accounts of which it holds; what is graver comes first."""
    newest = current_version()
    return {
        "live grants, but not allowed": [one.account for one in found if _forgotten(one)],
        "not checked yet": [one.account for one in found if one.status == "never checked"],
        "a stack of an earlier version": [o.account for o in found if o.older_than(newest)],
    }


def _forgotten(one: Spoke) -> bool:
    return bool(one.grants) and not one.allowed


def _late(stack: Stack, found: list[Spoke]) -> Iterator[str]:
    """Those that were not checked for long, though they were to be.

    An account that was put on the list, and never checked, was to be from then on, which is not
    before the guardrails were written.
    """
    since = datetime.now(UTC) - PERIODS * drift_period(stack)
    for one in found:
        last = one.record.checked_at or one.record.since
        at = parse_instant(last) if last else _written(stack)
        if at < since:
            yield f"{one.account} ({f'last at {last}' if last else 'never'})"


def _written(stack: Stack) -> datetime:
    return datetime.fromisoformat(guardrails(stack).newest().written_at)
