"""The reader of access history, built for a stack."""

from typing import TYPE_CHECKING

from latchkey_cli.aws.stack import Stack

if TYPE_CHECKING:
    from latchkey.aws.access_queries import HistoryReader


def history_reader(stack: Stack) -> "HistoryReader":
    """The reader that answers questions about past access."""
    from latchkey.aws.access_queries import HistoryReader

    return HistoryReader(stack.table)
