"""The stack with all that drives it: notifications, executions, schedules, the sweep, and time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote_plus

from moto.scheduler.models import Schedule, scheduler_backends
from moto.stepfunctions.models import stepfunctions_backends

from latchkey.runtime import clients
from latchkey.times import parse_instant
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import CONFIG_BUCKET, GROUP, KEY, RECONCILE, WORKFLOW, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.machine import Execution, StateMachine, TaskFailed, reconciliation
from tests.kit.stack.taps import Killed, Taps

MOST_RECEIVES = 5
"""As the template's redrive policy says."""

_TASK = timedelta(milliseconds=100)
_VISIBILITY = 180


@dataclass
class Message:
    """A message in the queue, received so many times."""

    id: str
    body: str
    receives: int = 0


@dataclass
class World:
    """Everything around the functions behaves as on AWS, and time is set, not passed."""

    stack: StackDriver
    taps: Taps = field(default_factory=Taps)
    now: datetime = NOW
    queue: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    uploads: dict[str, datetime] = field(default_factory=dict)
    deaths: int = 0
    failed_sweeps: int = 0
    _orders: int = 0

    def __post_init__(self) -> None:
        self.passing = self.advance
        self.stack.hears_of_clients(self.taps.tap)
        self.machine = StateMachine(self._task, self.wait)
        events = clients.client("s3").meta.events
        events.unregister("after-call.s3.GetObject", unique_id="world")
        events.register("after-call.s3.GetObject", self._uploaded_at, unique_id="world")

    def wait(self, seconds: float) -> None:
        """Let time pass for all that wait."""
        self.passing(seconds)

    def advance(self, seconds: float) -> None:
        """Set the clock forward."""
        self.now += timedelta(seconds=seconds)

    def upload(self, key: str = KEY, /, *, body: bytes | None = None, **changes: Any) -> str:
        """Upload a config file, of which S3 notifies; answers its version."""
        version = self.stack.upload(body, key, **changes)
        self.uploads[version] = self.now
        self.notify(key)
        return version

    def remove(self, key: str = KEY) -> None:
        """Remove a config file, of which S3 notifies."""
        self.stack.remove(key)
        self.notify(key)

    def notify(self, *keys: str) -> None:
        """A notification about files, whether anything happened to them or not."""
        records = [
            {"s3": {"bucket": {"name": CONFIG_BUCKET}, "object": {"key": quote_plus(key, "/")}}}
            for key in keys
        ]
        self._orders += 1
        self.queue.append(Message(f"message-{self._orders}", json.dumps({"Records": records})))

    def order(self, request: Any) -> str:
        """Start the workflow directly; answers the execution's name."""
        return self._start(WORKFLOW, json.dumps(request))

    def _start(self, machine: str, given: str) -> str:
        self._orders += 1
        name = f"order-{self._orders}"
        aws("stepfunctions").start_execution(stateMachineArn=machine, name=name, input=given)
        return name

    def settle(self, until: datetime | None = None) -> None:
        """Deliver, run and fire whatever is due, until there is nothing left."""
        if until:
            self.now = max(self.now, until)
        while self.pump(lambda _, work: work()):
            pass

    def pump(self, start: Callable[[str, Callable[[], object]], object]) -> bool:
        """Start what has come up since, under a name; answers whether there was anything."""
        waiting = bool(self.queue)
        if waiting:
            start("intake", self._deliver)
        new = list(self._new())
        for execution in new:
            self.executions.append(execution)
            execution.started = self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for execution in new:
            start(execution.arn, partial(self.machine.run, execution))
        return self._fire() or bool(new) or waiting

    def sweep(self) -> None:
        """Run the sweep as Scheduler does: when it fails, the next one comes in five minutes."""
        for _ in range(MOST_RECEIVES):
            try:
                self._task("sweep_grants", {})
            except TaskFailed:
                self.failed_sweeps += 1
                self.wait(300)
            else:
                return

    def versions(self) -> dict[str, str]:
        """Every version of every config file, by a name that is the same in every run."""
        found = aws("s3").list_object_versions(Bucket=CONFIG_BUCKET).get("Versions", [])
        return {item["VersionId"]: f"version {n}" for n, item in enumerate(reversed(found))}

    def _uploaded_at(self, parsed: dict[str, Any], **_: Any) -> None:
        """What moto says when a file was uploaded is by its own clock."""
        if at := self.uploads.get(str(parsed.get("VersionId"))):
            parsed["LastModified"] = at

    def _task(self, function: str, event: Any) -> Any:
        self.now += _TASK
        try:
            return self.stack.invoke(function, event, self.now)
        except Killed:
            self.deaths += 1
            raise TaskFailed("Runtime.ExitError", "exit status 137") from None
        except Exception as error:  # as Lambda answers it
            raise TaskFailed(type(error).__name__, str(error)) from error

    def _deliver(self) -> None:
        """One batch: what failed, or was in hand when the process died, comes again later."""
        batch, self.queue = self.queue, []
        if not batch:
            return
        records = [{"messageId": m.id, "body": m.body, "eventSource": "aws:sqs"} for m in batch]
        try:
            answer = self._task("intake_config", {"Records": records})
            failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        except TaskFailed:
            failed = {message.id for message in batch}
        again = [message for message in batch if message.id in failed]
        for message in again:
            message.receives += 1
            kept = message.receives < MOST_RECEIVES
            (self.queue if kept else self.dead).append(message)
        if again:
            self.wait(_VISIBILITY)

    def _new(self) -> Iterator[Execution]:
        """Executions that were started, by moto's own list: this is looked at before each call."""
        known = {execution.name for execution in self.executions}
        started = [
            run
            for machine in stepfunctions_backends[ACCOUNT]["us-east-1"].state_machines
            if machine.arn in (WORKFLOW, RECONCILE)
            for run in machine.executions
            if run.name not in known
        ]
        for run in sorted(started, key=lambda run: run.start_date):
            arn, request = run.execution_arn, json.loads(run.execution_input)
            if run.state_machine_arn == RECONCILE:  # it starts the workflow under the same name
                request = reconciliation(request)
                arn = arn.replace("reconcile-workflow", "grant-workflow")
            yield Execution(arn, run.name, request)

    def _due(self) -> list[Schedule]:
        groups = scheduler_backends[ACCOUNT]["us-east-1"].schedule_groups
        found = groups[GROUP].schedules.values() if GROUP in groups else ()
        return [schedule for schedule in found if _at(schedule) <= self.now]

    def _fire(self) -> bool:
        """Scheduler starts the target and then deletes the schedule (ActionAfterCompletion)."""
        due = self._due()
        for schedule in due:
            self._start(schedule.target["Arn"], schedule.target["Input"])
            aws("scheduler").delete_schedule(Name=schedule.name, GroupName=GROUP)
        return bool(due)


def _at(schedule: Schedule) -> datetime:
    expression = schedule.schedule_expression.removeprefix("at(").removesuffix(")")
    return parse_instant(f"{expression}Z").astimezone(UTC)
