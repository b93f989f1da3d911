"""Who wrote a version of a config file, as S3 told it."""

import re
from typing import Literal, Self

from latchkey.frozen import Frozen

_LONGEST = 256
"""Characters of an author that are kept: a user ID has 21 at most, a session's name 64."""

_ISSUER = "AWS:"
_ROLE = re.compile(r"AROA[A-Z0-9]{1,124}")
_USER = re.compile(r"AIDA[A-Z0-9]{1,124}")
_ACCOUNT = re.compile(r"[0-9]{12}")
_SESSION_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")

Kind = Literal["role", "user", "root", "federated", "service", "other"]


class Author(Frozen):
    """Who uploaded or removed a version of a file: the two parts of `aws:userid`.

    `user_id` is the unique ID of a role (`AROA…`) or an IAM user (`AIDA…`), an account's ID (of
    its root, or with a name, of a federated user), or a service of AWS. `session` is the name that
    whoever assumed the role chose for it (IAM user guide, "Policy variables": the values of
    `aws:userid` by kind of principal). Unique IDs are never used again, unlike names.
    """

    user_id: str
    session: str | None = None

    @classmethod
    def of_notification(cls, principal: object) -> Self | None:
        """The author by `userIdentity.principalId` of an S3 notification; None where it has none.

        It is `AWS:` and the unique ID of what made the request (Amazon S3 user guide, "Event
        message structure"), or the service where a lifecycle rule acts: `s3.amazonaws.com`
        ("Configuring Lifecycle event notifications"). What is of no known form is kept whole, as
        the ID of nobody that any rule could name.
        """
        if not isinstance(principal, str) or not principal.strip():
            return None
        text = principal.removeprefix(_ISSUER)[:_LONGEST]
        user_id, colon, session = text.partition(":")
        known = _ROLE.fullmatch(user_id) or _ACCOUNT.fullmatch(user_id)
        if colon and known and _SESSION_NAME.fullmatch(session):
            return cls(user_id, session)
        return cls(text)

    @property
    def kind(self) -> Kind:
        """What kind of principal it is."""
        if _ROLE.fullmatch(self.user_id):
            return "role" if self.session else "other"
        if _ACCOUNT.fullmatch(self.user_id):
            return "federated" if self.session else "root"
        if _USER.fullmatch(self.user_id):
            return "user"
        return "service" if _SERVICE.fullmatch(self.user_id) else "other"

    def __str__(self) -> str:
        return f"{self.user_id}:{self.session}" if self.session else self.user_id
