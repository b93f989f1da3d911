"""Shell completion: names of grants and partners as they are on record (docs/cli.md)."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from latchkey.newer_python import override
from latchkey_cli.aws.settings_file import read_settings
from latchkey_cli.aws.target import Target

if TYPE_CHECKING:
    from latchkey.grant_id import GrantId


class Name(click.types.StringParamType):
    """A text that is completed to the names of what is on record."""

    def named(self, grant: "GrantId") -> str:
        """The name that is meant, of a grant."""
        return str(grant)

    @override
    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names that begin so; none where the stack does not answer: a shell shows no errors."""
        try:
            grants = _on_record(ctx)
        except Exception:  # noqa: BLE001 (whatever it is, there is nothing to complete by)
            return []
        names = sorted({self.named(grant) for grant in grants})
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class PartnerName(Name):
    """A text that is completed to the names of partners."""

    @override
    def named(self, grant: "GrantId") -> str:
        return grant.partner


class StackName(click.types.StringParamType):
    """A text that is completed to the stacks of the settings file."""

    @override
    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names that begin so; none where the file is broken."""
        try:
            names = sorted(read_settings(os.environ).stacks)
        except click.ClickException:
            return []
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


_TYPES = {"grant": Name(), "partner": PartnerName()}


def completed(command: click.Command) -> click.Command:
    """The command, whose parameters about grants and partners complete their names."""
    for parameter in command.params:
        if parameter.name in _TYPES:
            parameter.type = _TYPES[parameter.name]
    return command


def _on_record(ctx: click.Context) -> Iterable["GrantId"]:
    given = ctx.find_root().params
    target = Target(
        given["stack"], given["region"], given["profile"], given["endpoint_url"], debug=False
    )
    return target.open().on_record
