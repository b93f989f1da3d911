"""How far the daily round is."""

from latchkey.aws.table import Table
from latchkey.keys import ROUND, STATE


class RoundCursor:
    """One item of the grant table, which only the daily round reads and writes.

    It is a hint and no state: without it, the round goes on from now.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self) -> int | None:
        """The time in seconds up to which grants had their turn; None before the first round."""
        item = self._table.get(ROUND, STATE)
        return int(item["reached"]) if item else None

    def write(self, until: int) -> None:
        """Keep in mind how far the round is."""
        self._table.update(ROUND, STATE, "SET reached = :reached", {":reached": until})
