"""Another account than the stack's, for which whoever runs a command has credentials."""

import click
from botocore.exceptions import ProfileNotFound

from latchkey_cli.aws.stack import Stack


def chosen_account(stack: Stack, account: str | None, profile: str | None) -> Stack:
    """The stack itself, or the place of `--account` and `--profile-of-spoke`.

    Raises
    ------
    UsageError
        For a profile without an account: nobody said which it has to be of.
    """
    if account is None and profile:
        raise click.UsageError("--profile-of-spoke is for the account of --account; name it, too")
    if account in (None, stack.environment.account) and not profile:
        return stack
    return in_account(stack, account or stack.environment.account, profile)


def in_account(stack: Stack, account: str, profile: str | None) -> Stack:
    """The place of a stack, with credentials that are surely of the account.

    Its clients are of that account; it has no stack of ours, so no outputs and no table.

    Raises
    ------
    ClickException
        If the credentials are of another account.
    """
    there, region, endpoint = stack, stack.region, stack.endpoint
    try:
        if profile:
            there = Stack(stack.name, region=region, profile=profile, endpoint_url=endpoint)
    except ProfileNotFound as missing:
        raise click.ClickException(f"{missing}; `aws configure list-profiles` names them") from None
    found = there.caller.split(":")[4]
    if found != account:
        whose = f"the profile {profile!r} is" if profile else "these credentials are"
        raise click.ClickException(
            f"{whose} for account {found}, not {account}; name a profile of that account with "
            "--profile-of-spoke"
        )
    return there
