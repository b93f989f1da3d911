"""The end of access that the options --until and --for give."""

from datetime import datetime
from typing import Any

import click

from latchkey.config.near_times import near_times, period
from latchkey.config.reader import read_document
from latchkey.config.rules import StackContext
from latchkey.iam.environment import AwsEnvironment

NOWHERE = StackContext(AwsEnvironment("aws", "us-east-1", "000000000000"))
_TIME = "write a time with an offset, like 2030-06-30T18:00:00Z, or a date"
_PERIOD = "write a period, like 90d, 12w or 1y"


def end_of(until: str | None, span: str | None, now: datetime) -> str | None:
    """The end that one of the options gives, as configs write it; None without either.

    A date is its last second in UTC, as messages about configs say, too.

    Raises
    ------
    UsageError
        If both are given, or one cannot be read.
    """
    if until and span:
        raise click.UsageError("give --until or --for, not both")
    if span:
        if not period(span):
            raise click.UsageError(f"--for: {span!r} is no period; {_PERIOD}")
        return next(near_times(span, now, ends=True), None) or _no(f"--for: {span!r}", _PERIOD)
    if until is None:
        return None
    if is_time(until):
        return until
    if period(until):
        _no(f"--until: {until!r}", f"give --for {until}")
    return next(near_times(until, None, ends=True), None) or _no(f"--until: {until!r}", _TIME)


def require_later(end: str, present: str) -> None:
    """Refuse an end that is no later than the present one, or that would end nothing.

    Raises
    ------
    UsageError
        With the present end.
    """
    if is_time(present) and _moment(end) <= _moment(present):
        raise click.UsageError(
            f"{end} is not later than the present end, {present}; to end access earlier, change "
            "the file (`latchkey get`) and apply it"
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())


def is_time(text: str) -> bool:
    """Whether configs take a text as a time."""
    problems = read_document({"expires_at": text}, NOWHERE, None).problems
    return not any(one.path == "/expires_at" for one in problems)


def _no(what: str, instead: str) -> Any:
    raise click.UsageError(f"{what} is no end of access; {instead}")
