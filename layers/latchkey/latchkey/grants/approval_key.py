"""The key of an approval: all that is believed of one, read strictly (docs/decisions/0061)."""

import re
from datetime import datetime

from latchkey.frozen import Frozen
from latchkey.grant_id import SLUG, GrantId
from latchkey.iam.principal import UNIQUE_ID
from latchkey.keys import APPROVALS, APPROVER_GROUP, REJECTING

_SESSION = r"[\w+=,.@-]{2,64}"
"""The name of a role's session (AWS STS API reference, AssumeRole, RoleSessionName)."""

_KEY = re.compile(
    rf"{APPROVALS}(?P<group>{APPROVER_GROUP})/(?P<grant>{SLUG}\.{SLUG})/(?P<digest>[0-9a-f]{{64}})/"
    rf"(?P<rejects>{REJECTING})?(?P<user_id>{UNIQUE_ID})(?::(?P<session>{_SESSION}))?\.json",
    re.ASCII,
)


class GivenApproval(Frozen):
    """A file under `approvals/`: by whom, for what, and when S3 took it. `rejects` is the contrary.

    `user_id` and `session` are the two parts of the `aws:userid` that its key ends with.
    """

    group: str
    grant: str
    digest: str
    user_id: str
    session: str | None
    rejects: bool
    at: datetime


def approval_in(key: str, at: datetime) -> GivenApproval | None:
    """The approval that the key of an object is; None for every key of another form."""
    found = _read(key)
    if found is None:
        return None
    return GivenApproval(
        group=found["group"],
        grant=found["grant"],
        digest=found["digest"],
        user_id=found["user_id"],
        session=found["session"],
        rejects=bool(found["rejects"]),
        at=at,
    )


def approved_grant(key: str) -> GrantId | None:
    """The grant that the key of an approval names."""
    found = _read(key)
    return GrantId.parse(found["grant"]) if found else None


def _read(key: str) -> re.Match[str] | None:
    """The parts of a key; of a role a session is named, of a user none.

    That is how their `aws:userid` differ (IAM user guide, "Policy variables").
    """
    found = _KEY.fullmatch(key)
    if found is None or (found["session"] is None) == found["user_id"].startswith("AROA"):
        return None
    return found
