"""Files that ask for a grant which another file has: what becomes of them when that one ends."""

from collections.abc import Iterator
from datetime import timedelta

from latchkey.aws.config_files import ConfigFiles
from latchkey.aws.config_listing import ConfigListing
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.errors import LatchkeyError, TransientError
from latchkey.frozen import Frozen
from latchkey.grants.plan import GrantPlan, Source
from latchkey.newer_python import replace
from latchkey.workflow.plan.context import GrantReference, Leased, PlanningContext
from latchkey.workflow.plan.identify import Identifier
from latchkey.workflow.request import FileRequest

_ON_THE_WAY = timedelta(minutes=15)
"""How long ago a file may have been uploaded that no run has read yet."""

_MOST_READ = 20
"""Files that are read to find the one that another was renamed to."""


class FoundFiles(Frozen):
    """The keys of files, the newest first, and why others could not be looked for."""

    keys: tuple[str, ...] = ()
    unread: str = ""


class WaitingFiles(Frozen):
    """Finds files that were rejected since another file had the grant that they name.

    What ends access needs no other files: where they cannot be found, it ends without them, and
    says so. The file check finds them later.
    """

    troubled: LiveGrants
    records: ConfigFiles
    listing: ConfigListing

    def asking(self, plan: GrantPlan, context: PlanningContext) -> FoundFiles:
        """Those that ask for the grant which a plan ends, or that is waited for no more.

        None where an order ends it: what somebody takes away is not given again by itself.
        """
        waited = context.record is not None and context.record.waits and plan.outcome == "revoked"
        ends = plan.step == "revoke" or (waited and plan.step == "record")
        if not ends or context.takes_away or context.request.dry_run:
            return FoundFiles()
        try:
            troubled = (file.key for file in self.troubled.troubled())
            asking = tuple(self.records.asking(troubled, context.grant))
        except LatchkeyError as error:
            return _without(error, context.reference)
        return FoundFiles(tuple(key for key in asking if key != plan.source.key))

    def uploaded(self, plan: GrantPlan, context: PlanningContext) -> FoundFiles:
        """Where a file is gone, those uploaded lately: their runs may not have begun."""
        if plan.step != "revoke" or not isinstance(context.request, FileRequest):
            return FoundFiles()
        if context.config.read is not None:
            return FoundFiles()
        since = context.now - _ON_THE_WAY
        try:
            files = [file for file in self.listing.files() if file.modified > since]
        except LatchkeyError as error:
            return _without(error, context.reference)
        newest = sorted(files, key=lambda file: file.modified, reverse=True)[:_MOST_READ]
        return FoundFiles(tuple(file.key for file in newest))


class Successors(Frozen):
    """What a run would be about if it were for another file, where its own file is gone.

    Who renames a file uploads it anew and removes it, in either order, and the notifications come
    in either order. Where the new one is there, the grant goes over to it without an end between.
    """

    identifier: Identifier

    def of(
        self, keys: tuple[str, ...], leased: Leased, context: PlanningContext
    ) -> Iterator[Leased]:
        """The same lease with each of these files that names the grant."""
        request, source = context.request, context.config.source
        if not isinstance(request, FileRequest) or context.config.read is not None:
            return
        reference = leased.reference
        run = replace(reference.run, start_time=None)  # what was settled of them is settled no more
        for key in dict.fromkeys(keys):
            bare = GrantReference(run, reference.now, last_try=reference.last_try)
            other = self.identifier.of_file(replace(bare, request=replace(request, key=key)), key)
            valid = other.read is not None and not other.read.problems
            if valid and other.grant == context.grant and key != source.key:
                yield replace(leased, reference=other)


def _without(error: LatchkeyError, reference: GrantReference) -> FoundFiles:
    """No files, and why; what passes by itself is tried again first."""
    if isinstance(error, TransientError) and not reference.last_try:
        raise error
    return FoundFiles(unread=f"{type(error).__name__}: {error}")


def with_runs_of(keys: tuple[str, ...], plan: GrantPlan, context: PlanningContext) -> GrantPlan:
    """The plan, after which the runs of these files start."""
    bucket = plan.source.bucket or (context.record.config_bucket if context.record else None)
    return replace(plan, waiting=tuple(Source(bucket, key) for key in keys) if bucket else ())


def with_unread(plan: GrantPlan, *found: FoundFiles) -> GrantPlan:
    """The plan, which says why other files could not be looked for."""
    unread = "; ".join(dict.fromkeys(one.unread for one in found if one.unread))
    if not unread:
        return plan
    reason = f"{plan.reason}; files that wait for this grant could not be looked for: {unread}"
    return replace(plan, reason=reason, state=plan.state and replace(plan.state, reason=reason))
