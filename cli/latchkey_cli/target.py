"""Which stack a command is for, and how it is reached."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latchkey_cli.stack import Stack


@dataclass(frozen=True)
class Target:
    """The settings that all commands share, as they were given."""

    stack: str
    region: str | None
    profile: str | None
    endpoint_url: str | None
    debug: bool

    def open(self) -> "Stack":
        """The stack itself; from here on AWS is asked."""
        from latchkey_cli.stack import Stack

        return Stack(self)
