"""Whether what a request says of who asks agrees with who started its run."""

import re
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple, TypeAlias

from latchkey_cli.authorship.starter import Starter

Verdict: TypeAlias = Literal[
    "agrees", "differs", "not_comparable", "unclaimed", "own", "not_own", "not_found", "not_asked"
]
"""What there is to say of a run.

`agrees`, `differs`, `not_comparable`: of the name in the request, which may be no ARN or ID.
`unclaimed`: the request names nobody. `own`: Latchkey started it itself. `not_own`: its history
says that Latchkey did, and somebody else did. `not_found`, `not_asked`: CloudTrail does not tell.
"""

STARTERS = frozenset(
    {
        "CheckDriftRole",
        "CheckFilesRole",
        "IntakeConfigRole",
        "RecordOutcomeRole",
        "ScheduleRole",
        "SweepGrantsRole",
    }
)
"""The roles of the stack, by their names in the template, that start runs by themselves."""

_BY_ITSELF = ("file", "file_check", "schedule", "sweep", "drift", "approval")
"""Triggers whose runs Latchkey starts; a resync and an order are somebody's."""

_CUT = 256
"""Characters of the caller's ARN that the command line has room for in a request."""

_IDENTITY = re.compile(r"arn:[^\s]+|(AROA|AIDA)[A-Z0-9]{8,}(:\S+)?")


class Compared(NamedTuple):
    """A verdict, and what there is to say to it beside both names."""

    verdict: Verdict
    why: str | None = None


def compared(
    trigger: str | None, said: str | None, starter: Starter, own: AbstractSet[str]
) -> Compared:
    """Compare a run's request with who started it; `own` are the ARNs of `STARTERS`.

    `said` is the request's `requested_by`, `trigger` the `by` of the run's entry in the history.
    """
    if said:
        return _named(said, starter)
    if starter.role_arn in own:
        return Compared("own")
    return Compared("not_own" if trigger in _BY_ITSELF else "unclaimed")


def _named(said: str, starter: Starter) -> Compared:
    arn = starter.arn or ""
    if said in {arn, starter.user_id} or (len(said) == _CUT and arn.startswith(said)):
        return Compared("agrees")
    if said in {starter.unique_id, starter.role_arn}:
        return Compared("agrees", "the request names no session")
    if not _IDENTITY.fullmatch(said):
        return Compared("not_comparable", "what the request says is no ARN and no unique ID")
    if _role(said) and _role(said) in {_role(arn), _role(starter.user_id or "")}:
        return Compared("differs", "the same role, in another session")
    return Compared("differs")


def _role(name: str) -> str | None:
    """What two sessions of one role have in common: the ARN up to it, or the role's unique ID."""
    if ":assumed-role/" in name:
        return name.rpartition("/")[0]
    role, session, _ = name.partition(":")
    return role if session and role.startswith("AROA") else None
