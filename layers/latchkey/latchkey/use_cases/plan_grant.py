"""Planning: look at one grant, under its lease, and say what has to change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.leases import Leases
from latchkey.domain.config_reader import ReadConfig
from latchkey.domain.errors import PermanentError
from latchkey.domain.grant import GrantId, GrantRecord, Outcome, instant
from latchkey.domain.grant_plan import GrantPlan, Source, stamp
from latchkey.domain.problem import ConfigRejected, Problem
from latchkey.domain.request import ActionRequest, FileRequest, InlineRequest, Request
from latchkey.use_cases.case import Case, decision_for
from latchkey.use_cases.find_config import ConfigFinder, FoundConfig, Subject
from latchkey.use_cases.plan_role import RolePlanner
from latchkey.use_cases.rejection import rejection
from latchkey.use_cases.step_event import Execution


@dataclass(frozen=True)
class Planner:
    """Plans what to do for a request."""

    finder: ConfigFinder
    roles: RolePlanner
    table: GrantTable
    leases: Leases

    def plan(self, request: Request, run: Execution, now: datetime) -> GrantPlan:
        """What to do for a request; the grant's lease stays with `run` unless nothing is to do.

        Raises
        ------
        GrantBusy
            When another run is at work on the grant.
        """
        if isinstance(request, FileRequest) and (problems := self.finder.misplaced(request)):
            return self._misplaced(request, problems, now)
        subject = self.finder.subject(request, run.name, now)
        if subject.grant is None:
            return replace(self._nameless(request, subject, now), dry_run=request.dry_run)
        if request.dry_run:
            plan = self._plan(request, subject, subject.grant, now)
            return replace(plan, step="record", outcome=_dry(plan), dry_run=True)
        if _seen_since(run, subject):
            reason = "a run that began after this one looked at the same version"
            done = GrantPlan("done", "unchanged", stamp(now), reason, subject.source)
            return replace(done, grant=subject.grant)
        begun = tuple(self.leases.acquire(subject.grant, run.id, now))
        try:
            plan = self._plan(request, subject, subject.grant, now, begun)
            self._bind(request, subject, plan)
        except Exception:
            self.leases.release(subject.grant, run.id)
            raise
        if plan.step == "done":
            self.leases.release(subject.grant, run.id)
        return plan

    def _misplaced(
        self, request: FileRequest, problems: Sequence[Problem], now: datetime
    ) -> GrantPlan:
        """Reject a file; of another bucket's nothing is recorded under the config's own key."""
        ours = request.bucket == self.finder.bucket
        source = Source(request.bucket, request.key) if ours else Source()
        plan = rejection(problems, Subject(source), now)
        return replace(plan, dry_run=request.dry_run)

    def _bind(self, request: Request, subject: Subject, plan: GrantPlan) -> None:
        live = plan.state is not None and plan.state.live
        if isinstance(request, FileRequest) and live and plan.grant not in subject.bound:
            assert plan.grant
            self.table.bind(request.key, plan.grant)

    def _nameless(self, request: Request, subject: Subject, now: datetime) -> GrantPlan:
        found = self.finder.config(request, subject, None, now)
        if found.read:
            plan = rejection(self._all_problems(found.read, now), subject, now)
        else:
            reason = "the file was removed before it was read, and had granted nothing"
            plan = GrantPlan("record", "unchanged", stamp(now), reason, subject.source)
        return replace(plan, replaces=found.replaces)

    def _plan(
        self,
        request: Request,
        subject: Subject,
        grant: GrantId,
        now: datetime,
        begun: tuple[dict[str, Any], ...] = (),
    ) -> GrantPlan:
        record = self.table.get(grant)
        found = self.finder.config(request, subject, record, now)
        plan = self._planned(request, subject, grant, now, begun, record, found)
        return replace(plan, replaces=found.replaces)

    def _planned(
        self,
        request: Request,
        subject: Subject,
        grant: GrantId,
        now: datetime,
        begun: tuple[dict[str, Any], ...],
        record: GrantRecord | None,
        found: FoundConfig,
    ) -> GrantPlan:
        problems = self._problems(request, found, grant, record, now)
        if problems:
            return rejection(problems, subject, now, record)
        if _not_its_file(request, found, record):
            reason = f"{grant} is granted by {record.config_key if record else 'another source'}"
            plan = GrantPlan("done", "unchanged", stamp(now), reason, found.source, grant)
            others = subject.earlier
            return replace(plan, step="record", follow_up=others) if others else plan
        if found.read and found.read.problems:  # an order or a check, while the file is invalid
            found = self.finder.accepted(record)
        case = Case(request, found, grant, record, subject.earlier, now, begun)
        if found.read and found.read.grant != grant:
            case = replace(case, found=replace(found, source=Source()))  # another grant's by now
        try:
            decision = decision_for(case)
            if decision is None:
                reason = f"nothing is granted to {grant}, and its config is invalid"
                return GrantPlan("done", "unchanged", stamp(now), reason, found.source, grant)
            plan = self.roles.plan(case, decision)
        except ConfigRejected as rejected:
            return rejection(rejected.problems, subject, now, record)
        except PermanentError as error:
            return _failure(error, case)
        if record is None and isinstance(request, ActionRequest) and plan.step == "record":
            return rejection([_no_grant(grant)], subject, now)
        return plan

    def _problems(
        self,
        request: Request,
        found: FoundConfig,
        grant: GrantId,
        record: GrantRecord | None,
        now: datetime,
    ) -> tuple[Problem, ...]:
        if isinstance(request, ActionRequest):
            return _order_problems(request, grant, record)
        if found.read and found.read.problems:
            return self._all_problems(found.read, now)
        key = _key_of(request, found.source)
        if found.read and record and record.live and record.config_key != key:
            return self._claim_problems(key, record)
        return ()

    def _all_problems(self, read: ReadConfig, now: datetime) -> tuple[Problem, ...]:
        """All that is wrong with an invalid config, its valid parts held to AWS and guardrails."""
        try:
            more = self.roles.renderer.examiner.examine(read.sound, now)
        except PermanentError:
            return read.problems
        return ConfigRejected([*read.problems, *more.problems, *more.broken]).problems

    def _claim_problems(self, key: str | None, record: GrantRecord) -> tuple[Problem, ...]:
        """Two sources that claim one grant: the first keeps it for as long as it is there."""
        if record.config_key is None:
            holder, mend = "workflow input", "revoke it by workflow input and upload this again"
        elif key and not self.finder.file_exists(record.config_key):
            return ()
        else:
            holder, mend = record.config_key, f"remove {record.config_key} and upload this again"
        message = f"{record.id} is already granted by {holder}; {mend}, or choose another `grant`"
        return (Problem("/grant", message),)


def _key_of(request: Request, source: Source) -> str | None:
    """The file that a config is from or, in a dry run, is to be."""
    return request.as_file if isinstance(request, InlineRequest) else source.key


def _seen_since(run: Execution, subject: Subject) -> bool:
    """Whether what this run was started for was looked at after its start, and is settled.

    So of many uploads at once only a few runs have work to do.
    """
    if not (run.start_time and subject.seen_at):
        return False
    return datetime.fromisoformat(run.start_time) < datetime.fromisoformat(subject.seen_at)


def _order_problems(
    request: ActionRequest, grant: GrantId, record: GrantRecord | None
) -> tuple[Problem, ...]:
    if request.action not in ("suspend", "resume"):
        return ()  # where nothing is on record, there may be a role whose run could not record it
    if record is None:
        return (_no_grant(grant),)
    if not record.live:
        again = "upload its file again to grant it anew"
        return (Problem("/action", f"{grant} is {record.status}, not active; {again}"),)
    return ()


def _no_grant(grant: GrantId) -> Problem:
    return Problem("/partner", f"there is no grant {grant}")


def _not_its_file(request: Request, found: FoundConfig, record: GrantRecord | None) -> bool:
    """Whether a file that is gone had not granted the grant that it named last."""
    if not isinstance(request, FileRequest) or found.read is not None:
        return False
    return record is None or record.config_key != request.key


def _failure(error: PermanentError, case: Case) -> GrantPlan:
    """What to record when the grant cannot be planned for; its role stays as it is.

    The same failure of a check that comes again and again is recorded once.
    """
    reason, source = f"{type(error).__name__}: {error}", case.found.source
    before = case.record or GrantRecord(case.grant.partner, case.grant.grant, "failed")
    if not case.live:
        before = replace(
            before,
            config_bucket=source.bucket,
            config_key=source.key,
            config_version=source.version,
            config=None,
        )
    again = (before.status, before.reason) == ("failed", reason)
    checked = isinstance(case.request, ActionRequest) and case.request.action == "check"
    return GrantPlan(
        step="done" if again and checked else "record",
        outcome="failed",
        planned_at=stamp(case.now),
        reason=reason,
        source=source,
        grant=case.grant,
        state=replace(before, status="failed", reason=reason, updated_at=instant(case.now)),
        follow_up=case.earlier,
    )


def _dry(plan: GrantPlan) -> Outcome:
    return plan.outcome if plan.outcome in ("rejected", "failed") else "planned"
