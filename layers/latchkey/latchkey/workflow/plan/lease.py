"""Step 2, lease: one run per grant at a time."""

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.leases import Leases
from latchkey.errors import GrantBusy
from latchkey.frozen import Frozen
from latchkey.grants.file_record import FileRecord
from latchkey.newer_python import replace
from latchkey.workflow.plan.context import GrantReference, Leased
from latchkey.workflow.request import FileRequest


class LeaseKeeper(Frozen):
    """Takes the lease of a run's grant, and gives it back."""

    leases: Leases
    table: GrantTable

    def take(self, reference: GrantReference) -> Leased:
        """The reference under its grant's lease, with the changes that nobody recorded.

        Of many uploads at once only a few runs have work to do: one that finds the grant busy, and
        what it was started for settled since, is done.

        Raises
        ------
        GrantBusy
            When another run is at work on the grant.
        """
        grant, request = reference.grant, reference.request
        if grant is None or request is None or request.dry_run:
            return Leased(reference)
        try:
            unrecorded = self.leases.acquire(grant, reference.run.id, reference.now)
        except GrantBusy:
            if isinstance(request, FileRequest):
                on_record = FileRecord(self.table.file(request.key))
                reference = replace(reference, on_record=on_record)
            if reference.overtaken:
                return Leased(reference, overtaken=True)
            raise
        return Leased(reference, held=True, unrecorded=unrecorded)

    def give_back(self, leased: Leased) -> None:
        """Let the next run go to work on the grant; nothing where no lease is held."""
        if leased.held and leased.reference.grant:
            self.leases.release(leased.reference.grant, leased.reference.run.id)
