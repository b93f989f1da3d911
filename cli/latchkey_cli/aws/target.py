"""The stack that a command works on, as named on the command line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack


@dataclass(frozen=True)
class Target:
    """The options that all commands share, as given."""

    stack: str
    region: str | None
    profile: str | None
    endpoint_url: str | None
    debug: bool

    def open(self) -> "Stack":
        """The stack; clients are created when they are first used."""
        from latchkey_cli.aws.stack import Stack

        return Stack(
            self.stack, region=self.region, profile=self.profile, endpoint_url=self.endpoint_url
        )
