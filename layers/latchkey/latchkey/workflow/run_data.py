"""What a run's steps hand on: stored under the run, with a small reference in its state."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from latchkey.aws.run_documents import RunDocuments
from latchkey.config.problem import Problem
from latchkey.errors import PlanStale
from latchkey.frozen import Frozen
from latchkey.grants.change import change_document, together
from latchkey.grants.plan import GrantPlan, Stored, dated
from latchkey.keys import applied_partition, plan_partition
from latchkey.newer_python import replace
from latchkey.reports.result import Result
from latchkey.reports.summary.line import Line
from latchkey.times import stamp
from latchkey.workflow.events import Applied, NotifyEvent, Planned, Recorded, RecordEvent, brief
from latchkey.workflow.failures import failed_plan

_APPLIED_IN_STATE = 2_000
_LIST_IN_STATE = 2_000
_PATH_IN_STATE = 300
_TEXT_IN_STATE = 600


class RunData(Frozen):
    """Stores plans and what came of them, and reads them as they were stored."""

    documents: RunDocuments

    def keep_plan(self, plan: GrantPlan, run: str, now: datetime) -> Planned:
        """What the state of a run has of its plan; one with something to do is stored."""
        if plan.step == "done":
            return _planned(plan, None)
        return _planned(plan, self.documents.put(plan_partition(run), plan.document(), now))

    def plan_items(
        self, plan: GrantPlan, run: str, now: datetime
    ) -> tuple[Planned, list[dict[str, Any]]]:
        """The same, with the items to write for it beside others."""
        stored, items = self.documents.writes(plan_partition(run), plan.document(), now)
        return _planned(plan, stored), items

    def keep_applied(
        self, plan: GrantPlan, applied: dict[str, Any], run: str, now: datetime
    ) -> Applied:
        """What the state has of what was applied: it is stored where the plan does not say it."""
        rest = {name: value for name, value in applied.items() if name != "changes"}
        if applied["changes"] == _as_planned(plan) and len(json.dumps(rest)) <= _APPLIED_IN_STATE:
            return Applied.from_document(rest)
        return Applied(stored=self.documents.put(applied_partition(run), applied, now))

    def plan(self, planned: Planned, run: str) -> GrantPlan:
        """The plan that a run's state refers to.

        Raises
        ------
        PlanStale
            When it is not there as it was stored.
        """
        (document,) = self.documents.get(_of_plan(planned, run))
        return GrantPlan.from_document(document)

    def to_record(
        self, event: RecordEvent | NotifyEvent, now: datetime
    ) -> tuple[GrantPlan, dict[str, Any]]:
        """What to record of a run, and what was applied: its plan or, where a step failed, that.

        Where carrying it out ended sessions, it is the plan with the cut-off that was written.

        Raises
        ------
        PlanStale
            When the plan is not there as it was stored. A failure is recorded all the same, with
            what the state knows.
        """
        try:
            plan, applied = self._read(event)
        except PlanStale:
            if event.error is None:
                raise
            plan, applied = None, {}
        if event.error:
            at = event.result.recorded_at if isinstance(event, NotifyEvent) else stamp(now)
            known = event.plan.grant if event.plan else None
            plan = failed_plan(plan, event.request, event.error, at, known)
        assert plan  # without an error, planning has succeeded
        if not event.error:
            plan = _carried_out(plan, applied)
        return plan, applied if plan.changes else {}

    def _read(self, event: RecordEvent | NotifyEvent) -> tuple[GrantPlan | None, dict[str, Any]]:
        if event.plan is None:
            return None, {}
        run, applied = event.execution.name, event.applied
        if applied is None or applied.stored is None:
            plan = self.plan(event.plan, run)
            return plan, {} if applied is None else _applied(applied, plan)
        beside = (applied_partition(run), applied.stored)
        document, done = self.documents.get(_of_plan(event.plan, run), beside)
        return GrantPlan.from_document(document), done


def _carried_out(plan: GrantPlan, applied: Mapping[str, Any]) -> GrantPlan:
    """A plan with the cut-off that was written, and the unique ID of its role."""
    if cut_off := applied.get("issued_before"):
        plan = dated(plan, cut_off)
    role_id = (applied.get("verified") or {}).get("role_id")
    if plan.state is None or not role_id:
        return plan
    return replace(plan, state=replace(plan.state, role_id=role_id))


def _planned(plan: GrantPlan, stored: Stored | None) -> Planned:
    return Planned(
        step=plan.step,
        outcome=plan.outcome,
        reason=brief(plan.reason),
        changes=len(plan.changes),
        dry_run=plan.dry_run,
        grant=plan.grant,
        config_version=plan.source.version,
        stored=stored,
    )


def recorded(result: Result, bucket: str, key: str | None, version: str | None) -> Recorded:
    """What the state has of a result, which is the output of its execution."""
    actions = dict.fromkeys(str(change["action"]) for change in result.changes)
    return Recorded(
        outcome=result.outcome,
        reason=brief(result.reason),
        recorded_at=result.recorded_at,
        dry_run=result.dry_run,
        widens=result.widens,
        partner=result.partner,
        grant=result.grant,
        role_arn=result.role_arn,
        starts_at=result.starts_at,
        expires_at=result.expires_at,
        config_version=result.config_version,
        problems=tuple(_first(map(_problem, result.problems))),
        summary=tuple(_first(map(_line, result.summary))),
        changes=tuple({"action": action} for action in actions),
        result_bucket=bucket if key else None,
        result_key=key,
        result_version=version,
    )


def _problem(problem: Problem) -> dict[str, Any]:
    path, message = problem.path, problem.message
    return Problem(brief(path, _PATH_IN_STATE), brief(message, _TEXT_IN_STATE)).document()


def _line(line: Line) -> dict[str, Any]:
    return Line(line.effect, brief(line.text, _TEXT_IN_STATE)).document()


def _first(documents: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The first of a list, as far as the state has room for them; the result file has them all."""
    sizes = 0
    for document in documents:
        sizes += len(json.dumps(document))
        if sizes > _LIST_IN_STATE:
            return
        yield document


def _applied(applied: Applied, plan: GrantPlan) -> dict[str, Any]:
    found = applied.document()
    names = ("verified", "checks", "issued_before")
    return {name: found[name] for name in names} | {"changes": _as_planned(plan)}


def _as_planned(plan: GrantPlan) -> list[dict[str, Any]]:
    """The changes of a plan as JSON data, as they read when they were stored."""
    changes = together((), map(change_document, plan.changes))
    found: list[dict[str, Any]] = json.loads(json.dumps(changes))
    return found


def _of_plan(planned: Planned, run: str) -> tuple[str, Stored]:
    if planned.stored is None:
        raise PlanStale("a plan with nothing to do is not stored")
    return plan_partition(run), planned.stored
