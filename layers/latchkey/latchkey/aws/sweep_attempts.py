"""When sweeps last started a check of what is overdue, so that what failed does not come first."""

import json
from collections.abc import Iterable, Mapping

from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.keys import STATE, SWEEP

MOST = 8_000
"""Grants that are kept in mind: eight times IAM's default quota of roles, in an item's 400 KB."""


class SweepAttempts:
    """One item of the grant table, which only the sweep reads and writes.

    It is a hint for the order of work and no state: without it, everything is tried all the same.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self) -> dict[GrantId, int]:
        """The grants that were tried, each with the number of its last round."""
        item = self._table.get(SWEEP, STATE) or {}
        rounds = json.loads(item.get("tried", "{}"))
        return {named: int(at) for name, at in rounds.items() if (named := GrantId.parse(name))}

    def write(self, tried: Mapping[GrantId, int], overdue: Iterable[GrantId]) -> None:
        """Keep in mind what was tried, as far as it is still overdue; the newest first."""
        still = {grant: tried[grant] for grant in overdue if grant in tried}
        newest = sorted(still, key=lambda grant: (-still[grant], str(grant)))[:MOST]
        text = json.dumps({str(grant): still[grant] for grant in newest}, separators=(",", ":"))
        self._table.update(SWEEP, STATE, "SET tried = :tried", {":tried": text})
