"""STS: sessions of a function's role in other accounts, or an error; never anything in between."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from latchkey.aws.error_codes import translated
from latchkey.errors import (
    PermissionDenied,
    SpokeMismatch,
    SpokeNotEnrolled,
    SpokeUnreachable,
    TransientError,
)
from latchkey.frozen import Frozen
from latchkey.iam.document import Document
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.spoke import SpokeRole
from latchkey.keys import session_name

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import AssumeRoleRequestTypeDef

SECONDS = 900
"""The shortest that STS gives out, and more than any function runs."""


class SpokeCredentials(Frozen):
    """The credentials of one session, and the account that it is in."""

    account: str
    access_key_id: str
    secret_access_key: str
    session_token: str

    def __repr__(self) -> str:
        """Whose session it is, without what would let others use it."""
        return f"SpokeCredentials(account={self.account!r}, access_key_id={self.access_key_id!r})"


class SpokeSessions:
    """Sessions of one function's role of a stack, in the accounts that the stack grants in."""

    def __init__(self, client: "STSClient", stack: str, role: SpokeRole) -> None:
        self._sts = client
        self._stack = stack
        self._role = role

    def assume(
        self, environment: AwsEnvironment, run: str, policy: Document | None
    ) -> SpokeCredentials:
        """Credentials for the environment's account, by one call.

        `policy` narrows the session. Whose the session is, AssumeRole's answer says.

        Raises
        ------
        SpokeNotEnrolled
            When there is no such role, or it, or a policy of the organization, lets us not in: AWS
            does not say which.
        SpokeMismatch
            When the session is not of the role that was asked for.
        SpokeUnreachable
            When STS does not answer, or not now.
        """
        arn, name = self._role.arn_for(self._stack, environment), session_name(run)
        asked: AssumeRoleRequestTypeDef = {
            "RoleArn": arn,
            "RoleSessionName": name,
            "DurationSeconds": SECONDS,
        }
        if policy is not None:
            asked["Policy"] = json.dumps(policy, separators=(",", ":"))
        try:
            with translated(f"assume {arn}"):
                answer = self._sts.assume_role(**asked)
        except PermissionDenied as error:
            raise SpokeNotEnrolled(_unlet(environment.account, self._role, error)) from error
        except TransientError as error:
            raise SpokeUnreachable(_unanswered(environment.account, error)) from error
        wanted = _session_arn(self._role.name_for(self._stack), name, environment)
        found = answer["AssumedRoleUser"]["Arn"]
        if found != wanted:
            raise SpokeMismatch(
                f"account {environment.account}: asked for a session {wanted}, and was given "
                f"{found}, which is not used"
            )
        return _credentials(environment.account, answer["Credentials"])


def _credentials(account: str, given: Mapping[str, object]) -> SpokeCredentials:
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return SpokeCredentials(account, *(str(given[name]) for name in names))


def _session_arn(role: str, name: str, environment: AwsEnvironment) -> str:
    """The ARN of a role's session, which has no path (IAM user guide, "IAM identifiers")."""
    return f"arn:{environment.partition}:sts::{environment.account}:assumed-role/{role}/{name}"


def _unanswered(account: str, error: TransientError) -> str:
    return (
        f"account {account} could not be reached after several attempts; once it can be, give the "
        f"order again, or have the grant looked at again: see docs/spokes.md ({error})"
    )


def _unlet(account: str, role: SpokeRole, error: PermissionDenied) -> str:
    return (
        f"account {account} has no role for this step that lets Latchkey in ({role}): it is not "
        "enrolled, its spoke stack is of another hub or Region, or a policy of the organization "
        f"denies it; see docs/spokes.md ({error})"
    )
