"""Looks up who started the runs in a grant's history, newest orders first, within bounds."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from latchkey.aws.error_codes import translated
from latchkey.errors import LatchkeyError, PermissionDenied
from latchkey.keys import grant_run, run_of
from latchkey.newer_python import replace
from latchkey_cli.authorship.comparison import STARTERS, Compared, Verdict, compared
from latchkey_cli.authorship.starter import Starter
from latchkey_cli.aws import cloud_trail
from latchkey_cli.aws.cloud_trail import EventHistory
from latchkey_cli.aws.workflow_runs import LISTED, WorkflowRuns

if TYPE_CHECKING:
    from latchkey.grant_id import GrantId
    from latchkey_cli.aws.stack import Stack

_GAVE_UP = "AWS refused, or gave no answer"

MOST = 20
"""Runs that are looked up. Each is two lookups at most, as a rule: about a second."""

PERMISSIONS = (
    "cloudformation:ListStackResources",
    "cloudtrail:LookupEvents",
    "states:DescribeExecution",
    "states:ListExecutions",
)
"""What a caller has to be allowed; `cloudtrail:LookupEvents` knows no narrower resource than `*`
(Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudTrail")."""


@dataclass(frozen=True)
class RunStart:
    """Who started the run of an entry in the history, and how that agrees with the entry."""

    at: str
    event: str
    execution: str | None
    requested_by: str | None
    verdict: Verdict
    started_by: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class RunStartsFound:
    """The starts of the runs of a history, in its order; `incomplete` says why some are not known.

    It is set where somebody can do something about it: a permission is missing, AWS gave no answer.
    """

    runs: tuple[RunStart, ...]
    incomplete: str | None = None

    def told(self, redact: Callable[[str], str]) -> "RunStartsFound":
        """As it is printed, without what `redact` takes out of texts."""
        runs = (
            replace(
                run,
                execution=run.execution and redact(run.execution),
                requested_by=run.requested_by and redact(run.requested_by),
                started_by=run.started_by and redact(run.started_by),
                why=run.why and redact(run.why),
            )
            for run in self.runs
        )
        return RunStartsFound(tuple(runs), self.incomplete and redact(self.incomplete))

    def document(self) -> dict[str, Any]:
        """As JSON data."""
        return {"runs": [asdict(run) for run in self.runs], "incomplete": self.incomplete}


class _Unknown(Exception):
    def __init__(self, verdict: Verdict, why: str) -> None:
        super().__init__(why)
        self.verdict, self.why = verdict, why


class RunStarts:
    """The starts of runs of a stack, by Step Functions and CloudTrail's event history."""

    def __init__(self, stack: "Stack", now: datetime) -> None:
        self._stack, self._now = stack, now
        self._runs = WorkflowRuns(stack, timeout=0)
        self._history = EventHistory(stack.client("cloudtrail"))

    def of(self, grant: "GrantId", events: Sequence[Mapping[str, Any]]) -> RunStartsFound:
        """Look up who started the runs of a grant's events, and compare.

        What AWS refuses or does not answer ends the lookups, and what is known by then counts.
        """
        found: dict[int, RunStart] = {}
        incomplete: str | None = None
        for place, number in enumerate(_order(events)):
            event = events[number]
            if incomplete or place >= MOST:
                why = _GAVE_UP if incomplete else f"only {MOST} runs are looked up"
                found[number] = _start(event, Compared("not_asked", why))
                continue
            try:
                found[number] = self._compared(grant, event)
            except _Unknown as unknown:
                found[number] = _start(event, Compared(unknown.verdict, unknown.why))
            except LatchkeyError as error:
                incomplete = _advice(error)
                found[number] = _start(event, Compared("not_asked", _GAVE_UP))
        return RunStartsFound(tuple(found[number] for number in sorted(found)), incomplete)

    def _compared(self, grant: "GrantId", event: Mapping[str, Any]) -> RunStart:
        caller = self._caller(grant, event)
        trigger, said = event.get("by") or event.get("ended_by"), event.get("requested_by")
        return _start(event, compared(trigger, said, caller, self._arns(STARTERS)), caller)

    def _caller(self, grant: "GrantId", event: Mapping[str, Any]) -> Starter:
        """Who started an event's run; behind a workflow of ours, who started that one."""
        execution = _text(event.get("execution"))
        if execution is None:
            raise _Unknown("not_asked", "the entry names no run")
        self._check_place(execution)
        self._check_age(_time(event))
        starter = self._starter(execution)
        if starter.role_arn in self._arns({"ReconcileWorkflowRole"}):
            return self._starter(self._reconciliation(execution))
        if starter.role_arn in self._arns({"GrantWorkflowRole"}):
            return self._starter(self._bulk_order(grant, execution))
        return starter

    def _reconciliation(self, execution: str) -> str:
        """What started the run of a file or a check: the execution of the same name."""
        *place, _, name = execution.split(":")
        return ":".join((*place, f"{self._stack.names}-reconcile-workflow", name))

    def _bulk_order(self, grant: "GrantId", execution: str) -> str:
        """The order for many grants that a run belongs to, whose digest ends the run's name."""
        prefix, name = grant_run("order", grant, ""), run_of(execution)
        order = (
            self._runs.bulk_order(name.removeprefix(prefix)) if name.startswith(prefix) else None
        )
        if order is None:
            why = f"the bulk order that it belongs to is not among the last {LISTED} runs"
            raise _Unknown("not_found", why)
        return order

    def _starter(self, execution: str) -> Starter:
        started = self._runs.started(execution)
        if started is None:
            kept = f"they are kept for {cloud_trail.DAYS} days"
            raise _Unknown("not_found", f"Step Functions has no run {execution}; {kept}")
        identity, whole = self._history.start_of(execution, started)
        if not whole:
            why = "too many executions started in the same seconds to look through"
            raise _Unknown("not_asked", why)
        if identity is None:
            raise _Unknown("not_found", self._missing(started))
        return Starter.of(identity)

    def _missing(self, started: datetime) -> str:
        region = self._stack.region
        if self._now - started < timedelta(minutes=cloud_trail.MINUTES):
            return f"CloudTrail has no event of it yet in {region}; ask again in some minutes"
        return f"CloudTrail's event history in {region} has no StartExecution of it"

    def _check_place(self, execution: str) -> None:
        _, _, _, region, account, *_ = f"{execution}:::::".split(":")
        here = (self._stack.region, self._stack.environment.account)
        if (region, account) != here:
            raise _Unknown("not_asked", f"it ran in {account} in {region}; ask there")

    def _check_age(self, at: datetime | None) -> None:
        if at and self._now - at > timedelta(days=cloud_trail.DAYS):
            why = f"CloudTrail's event history goes back {cloud_trail.DAYS} days; a trail may"
            raise _Unknown("not_asked", f"{why} have it (docs/history.md)")

    def _arns(self, names: AbstractSet[str]) -> frozenset[str]:
        """The ARNs of roles of the stack, by their names in the template."""
        return frozenset(arn for name, arn in self._roles.items() if name in names)

    @cached_property
    def _roles(self) -> dict[str, str]:
        here = self._stack.environment
        with translated("list the stack's resources"):
            roles = [one for one in self._stack.resources if one.kind == "AWS::IAM::Role"]
        arn = f"arn:{here.partition}:iam::{here.account}:role"
        return {found.logical_id: f"{arn}/{found.name}" for found in roles}


def _order(events: Sequence[Mapping[str, Any]]) -> list[int]:
    """The events by what to look up first: those of requests of somebody, and the newest."""

    def somebodys(event: Mapping[str, Any]) -> bool:
        return event.get("by") in ("order", "resync") or bool(event.get("requested_by"))

    return sorted(range(len(events)), key=lambda n: (not somebodys(events[n]), -n))


def _start(event: Mapping[str, Any], verdict: Compared, caller: Starter | None = None) -> RunStart:
    return RunStart(
        at=str(event["sk"]).split("#")[1],
        event=str(event.get("event")),
        execution=_text(event.get("execution")),
        requested_by=_text(event.get("requested_by")),
        verdict=verdict.verdict,
        started_by=caller.words if caller else None,
        why=verdict.why,
    )


def _advice(error: LatchkeyError) -> str:
    """Why there is no answer, with what to allow where AWS refused."""
    if not isinstance(error, PermissionDenied):
        return f"no answer: {error}"
    actions = ", ".join(f'"{action}"' for action in PERMISSIONS)
    statement = f'{{"Effect": "Allow", "Action": [{actions}], "Resource": "*"}}'
    return f"not allowed: {error}. Add this statement to your policy: {statement}"


def _time(event: Mapping[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(event["sk"]).split("#")[1])
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
