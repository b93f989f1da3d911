"""The resources that there are, where AWS answers: what an entry names may be mistyped."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from latchkey.errors import LatchkeyError
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack


class ExistingNames:
    """Looks up what entries name; where nobody answers it says so once, and knows nothing."""

    def __init__(self, open_stack: Callable[[], "Stack"] | None) -> None:
        self._open = open_stack

    def missing(self, entry: dict[str, Any]) -> list[str]:
        """What is wrong with the resources of an entry, with near names that exist."""
        if self._open is None:
            return []
        from botocore.exceptions import BotoCoreError, ClientError

        from latchkey_cli.errors import error_message

        try:
            return self._looked_up(self._open(), entry)
        except click.ClickException as error:
            say(f"whether these resources exist is not checked: {error.format_message()}", err=True)
            self._open = None
            return []
        except (LatchkeyError, BotoCoreError, ClientError) as error:
            say(f"whether these resources exist is not checked: {error_message(error)}", err=True)
            self._open = None
            return []

    @staticmethod
    def _looked_up(stack: "Stack", entry: dict[str, Any]) -> list[str]:
        from latchkey.aws.preflight import Preflight
        from latchkey.config.problem import ConfigRejected
        from latchkey.config.reader import read_document

        sound = read_document({"access": [entry]}, stack.context, None).sound
        (found,) = sound.get("access") or [None]
        if found is None:
            return []
        try:
            Preflight(stack.client, stack.context).resources(found, 0)
        except ConfigRejected as rejected:
            return [one.message for one in rejected.problems]
        return []
