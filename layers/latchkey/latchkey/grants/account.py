"""The account of a grant: its config says it, and while the grant lives its record does."""

from typing import TYPE_CHECKING

from latchkey.config.problem import Problem
from latchkey.grants.record import GrantRecord
from latchkey.newer_python import replace

if TYPE_CHECKING:
    from latchkey.config.schema import PartnerConfig
    from latchkey.grants.role import RoleNaming
    from latchkey.iam.environment import AwsEnvironment


def account_in_force(record: GrantRecord | None, config: "PartnerConfig | None") -> str | None:
    """The account that a grant's role is in, or will be; None is the stack's own.

    Of a live grant the record knows it, whatever a new version of its file says: what is to be
    taken away is where it was made. Where no config says any, so it is of one that has ended.
    """
    if record and record.account and (record.live or config is None):
        return record.account
    return config.account if config else None


def account_problems(
    record: GrantRecord | None, config: "PartnerConfig | None", environment: "AwsEnvironment"
) -> tuple[Problem, ...]:
    """A live grant does not move to another account: its role, and who uses it, would not."""
    if config is None or not (record and record.live and record.account):
        return ()
    asked = config.account or environment.own
    if asked == record.account:
        return ()
    own = record.account == environment.own
    kept = "leave `account` out" if own else f'write `account`: "{record.account}"'
    message = f"a live grant stays in its account: {kept}, or remove the file and grant anew"
    return (Problem("/account", message),)


def naming_in(naming: "RoleNaming", account: str) -> "RoleNaming":
    """What roles have in common, in an account: the boundaries have the same names everywhere."""
    return replace(
        naming,
        boundary_arn=_in(account, naming.boundary_arn),
        boundaries={kind: _in(account, arn) for kind, arn in naming.boundaries.items()},
    )


def _in(account: str, policy_arn: str) -> str:
    head, _, rest = policy_arn.partition("::")
    return f"{head}::{account}:{rest.partition(':')[2]}"
