"""Files that ask for a grant which another file has: what becomes of them when that one ends."""

from collections.abc import Iterator
from copy import replace
from datetime import datetime, timedelta

from latchkey.aws.config_files import ConfigFiles
from latchkey.aws.config_listing import ConfigListing
from latchkey.aws.grants_by_expiry import LiveGrants
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
        troubled = (file.key for file in self.troubled.troubled())
        return tuple(
            key for key in self.records.asking(troubled, context.grant) if key != plan.source.key
        )

    def uploaded(self, now: datetime) -> tuple[str, ...]:
        """Files that were uploaded lately, the newest first: their runs may not have begun."""
        files = [file for file in self.listing.files() if file.modified > now - _ON_THE_WAY]
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
        for key in dict.fromkeys((*keys, *self.waiting.uploaded(context.now))):
            bare = GrantReference(leased.reference.run, leased.reference.now)
            other = self.identifier.of_file(replace(bare, request=replace(request, key=key)), key)
            valid = other.read is not None and not other.read.problems
            if valid and other.grant == context.grant and key != source.key:
                yield replace(leased, reference=other)


def with_runs_of(keys: tuple[str, ...], plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """The plan, after which the runs of these files start."""
    bucket = plan.source.bucket or (context.record.config_bucket if context.record else None)
    return replace(plan, waiting=tuple(Source(bucket, key) for key in keys) if bucket else ())
