"""Recording an outcome: the result file, and the grant's state and history in the table."""

from datetime import datetime
from typing import Any

from latchkey import keys
from latchkey.aws.config_files import Versions
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.leases import Leases
from latchkey.aws.results_bucket import ResultsBucket
from latchkey.aws.run_record import RunRecord
from latchkey.aws.workflow import Workflow
from latchkey.errors import LeaseLost
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.intent import Intent, record_with
from latchkey.grants.plan import GrantPlan, Source, asks_for
from latchkey.history.snapshot import AccessSnapshot, snapshot_after
from latchkey.keys import (
    claim_partition,
    event_sort_key,
    file_partition,
    file_run,
    follow_up_run,
    grant_partition,
    run_of,
)
from latchkey.reports.result import Result
from latchkey.workflow.events import Recorded, RecordEvent
from latchkey.workflow.found import as_recorded, explained
from latchkey.workflow.result import result_key, result_of
from latchkey.workflow.run_data import RunData, recorded


class RecordStep(Frozen):
    """The step RecordOutcome: the plan that the state refers to, or a failure, recorded."""

    data: RunData
    recorder: "Recorder"

    def record(self, event: RecordEvent, now: datetime) -> tuple[GrantPlan, Result, Recorded]:
        """What was recorded: plan and result, and what the workflow's state has of the result."""
        plan, applied = self.data.to_record(event, now)
        if event.plan_only:
            return plan, *self.recorder.describe(plan, event.execution.name)
        return plan, *self.recorder.record(plan, applied, event.execution.id)


class Recorder(Frozen):
    """Records the outcome of a run, and starts the runs that follow from it."""

    table: GrantTable
    leases: Leases
    results: ResultsBucket
    workflow: Workflow

    def record(self, plan: GrantPlan, applied: dict[str, Any], run: str) -> tuple[Result, Recorded]:
        """Write state, event and file item, and the result file.

        Answers the result, and what the workflow's state has of it.

        The result file comes last: who has seen it finds the table as it says. It is written while
        the lease is still held, so that no older run can overwrite a newer one's. A dry run writes
        its result file and nothing else.

        Raises
        ------
        LeaseLost
            When another run has taken over, or has recorded another version of the file; the
            caller has to plan anew.
        """
        result = result_of(plan, applied)
        if plan.dry_run:
            return result, self._put(plan, result)
        for grant in plan.follow_up:
            name = follow_up_run(grant, plan.planned_at)
            by, reason = plan.by or "order", plan.reason[:200]
            wake = {"action": "check", **grant.document(), "reason": reason, "by": by}
            self.workflow.start(name, wake)
        for file in plan.waiting:
            name = file_run(str(file.key), plan.planned_at)
            self.workflow.start(name, {"bucket": file.bucket, "key": file.key})
        last = self._record(plan, applied, run, result)
        # If it is not the last, a newer run may have written its result by now.
        writes = last and not plan.adds_author
        place = self._put(plan, result) if writes else self._said(plan, result, None)
        if plan.grant:
            self.leases.release(plan.grant, run)
        return result, place

    def describe(self, plan: GrantPlan, run: str) -> tuple[Result, Recorded]:
        """Write the result of a plan that is not to be carried out, beside no other result."""
        result, key = result_of(plan, {}), keys.plan_key(run)
        version = self.results.put(key, result.document())
        return result, recorded(result, self.results.name, key, version)

    def _record(self, plan: GrantPlan, applied: dict[str, Any], run: str, result: Result) -> bool:
        without = plan.outcome == "failed" and plan.state is None
        lost = without and not plan.orphan  # the plan, and with it the state
        log = self.leases.unrecorded(plan.grant) if plan.grant and (plan.begun or lost) else ()
        found = [*as_recorded(log, plan, "" if lost else run)]
        entry = RunRecord(
            owner=run,
            grant=plan.grant,
            state=plan.state or record_with(log, None),
            event=None if explained(plan, found) else _event(plan, result, run),
            found=tuple(_found(each, intent, applied, run) for each, intent in found),
            file=_file(plan),
            expected=_expected_versions(plan),
            ended=_ended(plan),
            released=(*map(claim_partition, plan.released), *plan.freed),
            snapshot=snapshot_after(plan, applied, plan.event_type, run_of(run)),
        )
        try:
            return self.table.record(entry)
        except LeaseLost:
            if plan.grant:  # it is another grant's file by now: this one's lease is not needed
                self.leases.abandon(plan.grant, run)
            raise

    def _put(self, plan: GrantPlan, result: Result) -> Recorded:
        key = result_key(plan)
        version = self.results.put(key, result.document()) if key else None
        return self._said(plan, result, version)

    def _said(self, plan: GrantPlan, result: Result, version: str | None) -> Recorded:
        return recorded(result, self.results.name, result_key(plan), version)


def _found(
    plan: GrantPlan, intent: Intent, applied: dict[str, Any], run: str
) -> tuple[dict[str, Any], AccessSnapshot | None]:
    """What a run that died began: that it was carried out, what `run` has read back proves."""
    read = {} if plan.outcome == "failed" else {"verified": applied.get("verified")}
    event = _event(plan, result_of(plan, {"changes": list(intent.changes), **read}), intent.run)
    snapshot = snapshot_after(plan, {}, plan.event_type, run_of(intent.run))
    return {**(event or {}), "found_by": run}, snapshot  # what changes something adds an event


def _event(plan: GrantPlan, result: Result, run: str) -> dict[str, Any] | None:
    event_type = plan.event_type
    if event_type is None:
        return None
    key = grant_partition(plan.grant) if plan.grant else file_partition(_name(plan, run))
    left_out = ("allows", "permissions_policy", "partner_needs")
    fields = {k: v for k, v in result.document().items() if v is not None and k not in left_out}
    return {
        "pk": key,
        "sk": event_sort_key(plan.planned_at, run_of(run)),
        "event": event_type,
        "execution": run,
        **fields,
    }


def _file(plan: GrantPlan) -> dict[str, Any] | None:
    """The outcome for the config file; a file that names no grant has its status here."""
    source: Source = plan.source
    if source.key is None:
        return None
    return {
        **(vars(plan.grant) if plan.grant else {}),
        "status": None if plan.grant else plan.outcome,
        "config_bucket": source.bucket,
        "config_key": source.key,
        "config_version": source.version,
        "author": plan.author.document() if plan.author else None,
        "outcome": plan.outcome,
        "asks_for": asks_for(plan),
        "reason": plan.reason,
        "problems": [problem.document() for problem in plan.problems],
        "updated_at": plan.planned_at,
    }


def _expected_versions(plan: GrantPlan) -> Versions | None:
    """The versions of the file that this outcome may replace; a failure is always recorded."""
    return None if plan.outcome == "failed" else (plan.source.version, plan.replaces)


def _ended(plan: GrantPlan) -> tuple[str, GrantId] | None:
    """The file of a grant whose role is gone, and the grant."""
    state = plan.state
    key = state.config_key if state and state.status in ("revoked", "expired") else None
    return (key, state.id) if state and key else None


def _name(plan: GrantPlan, run: str) -> str:
    return plan.source.key or f"workflow/{run_of(run)}"
