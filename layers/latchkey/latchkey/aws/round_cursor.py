"""What one drift check keeps for the next: how far the round is, and which guardrails it saw."""

import json

from latchkey.aws.table import Item, Table
from latchkey.frozen import Frozen
from latchkey.keys import ROUND, STATE


class SeenGuardrails(Frozen):
    """The guardrails that a check saw: `text` is the last document that was valid.

    `version` names the one that it looked at, valid or not; it is empty where there was none.
    """

    text: str
    version: str


class CheckMemory:
    """One item of the grant table, which only the drift check reads and writes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self) -> "RoundCursor":
        """The item as it is, in one read."""
        return RoundCursor(self._table, self._table.get(ROUND, STATE) or {})


class RoundCursor:
    """The item as one check read it.

    The round's place is a hint and no state: without it, the round goes on from now.
    """

    def __init__(self, table: Table, item: Item) -> None:
        self._table = table
        self._item = item
        self._noted: SeenGuardrails | None = None

    @property
    def guardrails(self) -> SeenGuardrails | None:
        """The guardrails that the check before saw; None before the first that notes them."""
        found = self._item.get("guardrails")
        return SeenGuardrails.from_document(json.loads(found)) if found else None

    def note(self, seen: SeenGuardrails) -> None:
        """Have the guardrails written together with the round's place."""
        self._noted = seen

    def keep(self, seen: SeenGuardrails) -> None:
        """Write the guardrails at once, so that what was told is not told again."""
        self._write(_as_attribute(seen))

    def read(self) -> int | None:
        """The time in seconds up to which grants had their turn; None before the first round."""
        return int(self._item["reached"]) if "reached" in self._item else None

    def write(self, until: int) -> None:
        """Keep in mind how far the round is."""
        self._write({"reached": until, **_as_attribute(self._noted)})

    def _write(self, values: Item) -> None:
        expression = ", ".join(f"{name} = :{name}" for name in values)
        given = {f":{name}": value for name, value in values.items()}
        self._table.update(ROUND, STATE, f"SET {expression}", given)


def _as_attribute(seen: SeenGuardrails | None) -> Item:
    return {"guardrails": json.dumps(seen.document())} if seen else {}
