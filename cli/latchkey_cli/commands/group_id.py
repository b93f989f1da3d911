"""`latchkey group-id`: the unique ID of a role or a user, for a group of approvers."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack

_SESSION = re.compile(r"arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/[^/]+")
_SSO = "/aws-reserved/sso.amazonaws.com/"
"""The path of the roles that IAM Identity Center makes (IAM Identity Center user guide)."""


@click.command(name="group-id", short_help="Print the unique ID of a role or a user.")
@click.argument("name")
@click.pass_obj
def command(target: Target, name: str) -> None:
    """Print the unique ID of NAME, a role or an IAM user by name or ARN, for a group of approvers.

    The ARN of a role's session, as `aws sts get-caller-identity` prints it, stands for the role. A
    name may be given to another role one day; a unique ID never is. Roles of IAM Identity Center
    are named AWSReservedSSO_<permission set>_<digits>.
    """
    from latchkey_cli.output.terminal import say

    bare, kinds = _meant(name)
    found = list(_named(target.open(), bare, kinds))
    if not found:
        raise click.ClickException(f"there is no {' and no '.join(map(_kind, kinds))} named {bare}")
    if len(found) > 1:
        raise click.ClickException(f"a role and a user are named {bare}: give the ARN")
    (one,) = found
    arn, session = str(one["Arn"]), _SESSION.fullmatch(name)
    elsewhere = session[2] != arn.split(":")[4] if session else name.startswith("arn:")
    if elsewhere and arn != name:
        raise click.ClickException(f"there is no {name}; {bare} is {arn}, if you mean that")
    if _SSO in arn:
        say('people share this role: give its group "identity_center": true', err=True)
    say(str(one.get("RoleId") or one.get("UserId")))


def _meant(name: str) -> tuple[str, list[str]]:
    """The name alone, and whether a role or a user may have it."""
    if session := _SESSION.fullmatch(name):
        return session[3], ["role"]
    kinds = [kind for kind in ("role", "user") if f":{kind}/" in name] or ["role", "user"]
    bare = name.rpartition("/")[2] if name.startswith("arn:") else name
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", bare, re.ASCII):
        raise click.UsageError(
            f"{name!r} is no name or ARN of a role or an IAM user: a name has letters, digits and "
            "+=,.@_- only, 64 at most"
        )
    return bare, kinds


def _named(stack: "Stack", bare: str, kinds: list[str]) -> Iterator[dict[str, Any]]:
    from botocore.exceptions import ClientError

    from latchkey.aws.error_codes import error_code

    iam = stack.client("iam")
    for kind in kinds:
        try:
            if kind == "role":
                yield iam.get_role(RoleName=bare)["Role"]
            else:
                yield iam.get_user(UserName=bare)["User"]
        except ClientError as error:
            if error_code(error) != "NoSuchEntity":
                raise


def _kind(kind: str) -> str:
    return "IAM user" if kind == "user" else kind
