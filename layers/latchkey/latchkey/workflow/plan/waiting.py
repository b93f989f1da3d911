"""Files that ask for a grant which another file has: what becomes of them when that one ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import replace
from datetime import timedelta

from latchkey.aws.config_files import ConfigFiles
from latchkey.aws.config_listing import ConfigListing, ListedFile
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.errors import PermanentError, TransientError
from latchkey.frozen import Frozen
from latchkey.grants.plan import GrantPlan, Source
from latchkey.workflow.plan.context import GrantReference, Leased, PlanningContext
from latchkey.workflow.plan.identify import Identifier
from latchkey.workflow.request import FileRequest

_ON_THE_WAY = timedelta(minutes=15)
"""How long ago a file may have been uploaded that no run has read yet."""

_MOST_READ = 20
"""Files that are read to find the one that another was renamed to."""


class WaitingFiles(Frozen):
    """Finds files that were rejected since another file had the grant that they name."""

    troubled: LiveGrants
    records: ConfigFiles
    listing: ConfigListing

    def keys(self, plan: GrantPlan, context: PlanningContext) -> tuple[str, ...]:
        """Those that ask for the grant which a plan ends, the newest first.

        None where an order ends it: what somebody takes away is not given again by itself.
        """
        if plan.step != "revoke" or context.takes_away or context.request.dry_run:
            return ()
        with _in_no_ones_way(context.reference):
            troubled = (file.key for file in self.troubled.troubled())
            asking = self.records.asking(troubled, context.grant)
            return tuple(key for key in asking if key != plan.source.key)
        return ()

    def uploaded(self, reference: GrantReference) -> tuple[str, ...]:
        """Files that were uploaded lately, the newest first: their runs may not have begun."""
        since, files = reference.now - _ON_THE_WAY, list[ListedFile]()
        with _in_no_ones_way(reference):
            files = [file for file in self.listing.files() if file.modified > since]
        newest = sorted(files, key=lambda file: file.modified, reverse=True)[:_MOST_READ]
        return tuple(file.key for file in newest)


class Successors(Frozen):
    """What a run would be about if it were for another file, where its own file is gone.

    Who renames a file uploads it anew and removes it, in either order, and the notifications come
    in either order. Where the new one is there, the grant goes over to it without an end between.
    """

    waiting: WaitingFiles
    identifier: Identifier

    def of(
        self, keys: tuple[str, ...], leased: Leased, context: PlanningContext
    ) -> Iterator[Leased]:
        """The same lease with each file that names the grant, those that wait for it first."""
        request, source = context.request, context.config.source
        if not isinstance(request, FileRequest) or context.config.read is not None:
            return
        reference = leased.reference
        run = replace(reference.run, start_time=None)  # what was settled of them is settled no more
        for key in dict.fromkeys((*keys, *self.waiting.uploaded(reference))):
            bare = GrantReference(run, reference.now, last_try=reference.last_try)
            other = self.identifier.of_file(replace(bare, request=replace(request, key=key)), key)
            valid = other.read is not None and not other.read.problems
            if valid and other.grant == context.grant and key != source.key:
                yield replace(leased, reference=other)


@contextmanager
def _in_no_ones_way(reference: GrantReference) -> Iterator[None]:
    """What ends access needs no other files: where they cannot be found, it ends without them."""
    try:
        yield
    except TransientError:
        if not reference.last_try:
            raise
    except PermanentError:
        pass


def with_runs_of(keys: tuple[str, ...], plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """The plan, after which the runs of these files start."""
    bucket = plan.source.bucket or (context.record.config_bucket if context.record else None)
    return replace(plan, waiting=tuple(Source(bucket, key) for key in keys) if bucket else ())
