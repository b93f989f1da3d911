"""External IDs: which a partner has beside those of one grant."""

from latchkey.aws.access_history import AccessHistory
from latchkey.aws.grant_history import GrantHistory
from latchkey.aws.table import Table
from latchkey.grant_id import GrantId
from latchkey.reports.redaction import external_ids


class PartnerExternalIds:
    """The external IDs of a partner's grants, so that nobody is told one of them by another."""

    def __init__(self, table: Table) -> None:
        self._history, self._states = AccessHistory(table), GrantHistory(table)

    def beside(self, grant: GrantId) -> frozenset[str]:
        """Those of the partner's other grants, live or not, as their states have them.

        A query and, if there are others, a read for each hundred of them.
        """
        others = {*self._history.grants_of(grant.partner)} - {grant}
        states = self._states.states(sorted(others)) if others else {}
        return frozenset(found for state in states.values() for found in external_ids(state))
