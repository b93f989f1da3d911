"""Accounts that could not be reached: what that comes to for the grants whose roles are there."""

from collections.abc import Mapping

UNREACHED = ("SpokeMismatch", "SpokeNotEnrolled", "SpokeUnreachable")
"""The errors of whoever gets no session in another account."""

_COMES_TO: Mapping[str, str] = {
    "expired": "ended by its dates, role remains",
    "revoked": "not revoked, role remains",
    "suspended": "not suspended, role remains as it was",
}


def failure_reason(error: str, cause: str, wanted: str) -> str:
    """The reason on record of a failure; `wanted` is the outcome that there was to be.

    Where the role's account could not be reached, it says first what was not done.
    """
    if error not in UNREACHED:
        return f"{error}: {cause}"
    return f"{error}: {_COMES_TO.get(wanted, 'not carried out')}: {cause}"
