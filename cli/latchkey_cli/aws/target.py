"""The stack that a command works on: as the command line, the environment and the file say."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latchkey_cli.aws.settings_file import Listing, SettingsFile, StackSettings, read_settings

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack

DEFAULT = "latchkey"

OVERRIDING = {
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "profile": ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"),
    "endpoint_url": ("AWS_ENDPOINT_URL",),
}
"""By setting: the variables that win over the file, which the AWS SDK and `Stack` read."""


@dataclass(frozen=True)
class Target:
    """The options that all commands share, as given or from variables LATCHKEY_…."""

    stack: str | None
    region: str | None
    profile: str | None
    endpoint_url: str | None
    debug: bool

    def open(self) -> "Stack":
        """The stack; clients are created when they are first used."""
        from latchkey_cli.aws.stack import Stack

        file = read_settings(os.environ)
        chosen = self.chosen(file)
        given = {
            "region": self.region,
            "profile": self.profile,
            "endpoint_url": self.endpoint_url,
        }
        filed = {name: getattr(chosen, name) for name in OVERRIDING}
        unset = {name: None if overriding(name, os.environ) else filed[name] for name in filed}
        return Stack(
            chosen.stack_name,
            **{name: given[name] or unset[name] for name in given},
            listing=Listing(file, chosen if chosen.name in file.stacks else None),
        )

    def chosen(self, file: SettingsFile) -> StackSettings:
        """What the file says of the stack; one that it does not list is CloudFormation's name."""
        name = self.stack or file.default or DEFAULT
        return file.stacks.get(name) or StackSettings(name, name)


def overriding(setting: str, variables: Mapping[str, str]) -> str | None:
    """The variable that wins over a setting of the file; None if none is set."""
    return next((name for name in OVERRIDING.get(setting, ()) if variables.get(name)), None)
