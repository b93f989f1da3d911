"""IAM's authorisation may lag behind one's own writes: a denial right after them may pass."""

from collections.abc import Callable, Iterable

from latchkey.errors import PermissionDenied
from latchkey.grants.change import (
    Change,
    CreateRole,
    DeleteSchedule,
    PutRolePermissionsBoundary,
    PutSchedule,
    TagRole,
)

PAUSES = (1, 2, 3, 4, 5, 5, 5)
"""What to hand to `pause` before each further attempt: half a minute at most."""

_DECIDES = (CreateRole, PutRolePermissionsBoundary, TagRole)
"""What conditions of our own permissions go by: that the role is there, its boundary, its tags."""


def despite_lag(
    apply: Callable[[Change], None],
    change: Change,
    done: Iterable[Change],
    pause: Callable[[int], None],
) -> None:
    """Apply a change; after a write of ours that IAM decides by, a denial is waited out.

    IAM is eventually consistent, its authorisation too (IAM user guide, "Changes that I make are
    not always immediately visible").

    Raises
    ------
    PermissionDenied
        At once where nothing of ours can be the reason, else after half a minute.
    """
    ours = any(isinstance(one, _DECIDES) and one.role == _role(change) for one in done)
    for attempt in PAUSES if ours else ():
        try:
            return apply(change)
        except PermissionDenied:
            pause(attempt)
    return apply(change)


def _role(change: Change) -> str | None:
    return None if isinstance(change, PutSchedule | DeleteSchedule) else change.role
