"""Options that name accounts."""

import re
from collections.abc import Callable
from typing import Any

import click

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)


def account_id(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    """An option's value, if it is an account's ID."""
    if text is not None and not _ACCOUNT.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no account ID, which has 12 digits")
    return text


def account_ids(
    context: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> frozenset[str]:
    """The values of an option that may be repeated, or hold several with commas between."""
    texts = [part.strip() for text in given for part in text.split(",")]
    return frozenset(str(account_id(context, param, text)) for text in texts)


def in_accounts(help_: str, name: str = "--account") -> Callable[..., Any]:
    """An option for what has its role in one of some accounts; none is any."""
    return click.option(
        name, "accounts", metavar="ID", multiple=True, callback=account_ids, help=help_
    )


def in_account_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--account` and `--profile-of-spoke`, for commands that read roles of one account."""
    options = (
        click.option(
            "--account",
            metavar="ID",
            callback=account_id,
            help="The account to read, if it is not the stack's own.",
        ),
        profile_option("The AWS profile for --account."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def profile_option(help_: str) -> Callable[..., Any]:
    """`--profile-of-spoke`: credentials for another account than the stack's."""
    return click.option("--profile-of-spoke", "profile", metavar="NAME", help=help_)
