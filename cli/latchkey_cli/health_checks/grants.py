"""Checks of the grants: that each ends on time, and that sweep and drift check run."""

from datetime import UTC, datetime, timedelta

from latchkey.aws.iam import IamGateway
from latchkey.errors import ConfigUnproven
from latchkey.times import instant
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.accounts import on_record_in, role_names
from latchkey_cli.grants.records import records
from latchkey_cli.health_checks.result import CheckResult, counted, fail, ok, skipped, warn

_OVERDUE = timedelta(minutes=15)
_SHOWN = 5
PERIODS = 3
"""The periods of a schedule within which its function must have run."""


def no_grant_failed(stack: Stack) -> CheckResult:
    """No live grant is in the state `failed`."""
    live = list(stack.live_grants.all())
    failed = [str(grant.id) for grant in live if grant.status == "failed"]
    if failed:
        text = f"{some(failed)}: {counted(len(failed), 'grant')} failed"
        return fail(f"{text}; `latchkey show` says why", "failed-runs")
    return ok(f"{counted(len(live), 'live grant')}, none failed")


def every_inline_config_is_as_recorded(stack: Stack) -> CheckResult:
    """Every live grant by workflow input has its config where, and as, it was recorded."""
    live, wrong, count = [grant.id for grant in stack.live_grants.all()], [], 0
    for record in (record for record in records(stack, live) if record.inline):
        count += 1
        try:
            stack.config_versions.read(record)
        except ConfigUnproven as error:
            wrong.append((str(record.id), str(error)))
    if wrong:
        names, (first, *_) = [name for name, _ in wrong], [text for _, text in wrong]
        return fail(f"{some(names)}: {first}", "inline-configs")
    return ok(f"{counted(count, 'live grant')} by workflow input, each with its config as recorded")


def every_role_is_on_record(stack: Stack) -> CheckResult:
    """Every role under the partner path, or with the stack's tags, is that of a live grant.

    Those of other stacks, which their boundaries tell, are left out. It is about the stack's own
    account: a grant in another has no role here.
    IAM is read after the table: what is made meanwhile is begun in the table before.
    """
    naming, on_record = stack.naming, on_record_in(stack)
    there = [*IamGateway(stack.client("iam")).roles(naming.path, naming.stack)]
    expected = role_names(stack, on_record, {role.name for role in there})
    found = [role for role in there if role.name in expected or not naming.of_another_stack(role)]
    strange = sorted(
        role.name for role in found if role.name not in expected or role.path != naming.path
    )
    begun = sorted(str(one.id) for one in stack.live_grants.begun(datetime.now(UTC)))
    if strange:
        text = f"{some(strange)}: no live grant of the table has {_these(strange)}"
        return fail(f"{text}; whoever it trusts may get in", "roles-without-a-grant")
    if begun:
        text = f"{some(begun)}: a run began changes and did not record them"
        return warn(f"{text}; the next sweep records them", "roles-without-a-grant")
    return ok(f"{counted(len(found), 'partner role')} in the stack's account, each of a live grant")


def _these(names: list[str]) -> str:
    return "this role" if len(names) == 1 else "these roles"


def nothing_is_overdue(stack: Stack) -> CheckResult:
    """No role outlives its grant by more than three sweeps."""
    now = datetime.now(UTC)
    late = stack.live_grants.due(now - _OVERDUE)
    if late:
        names = [str(found.grant) for found in late]
        minutes = late[0].seconds(now) // 60
        return fail(f"{some(names)} overdue, the longest by {minutes} minutes", "overdue-grants")
    return ok("no role outlives its grant")


def every_end_is_scheduled(stack: Stack) -> CheckResult:
    """Every live grant has its expiry schedule."""
    soon = instant(datetime.now(UTC) + timedelta(minutes=2))
    scheduled = set(stack.schedules.names())
    live = [grant for grant in stack.live_grants.all() if grant.expires_at > soon]
    missing = [str(grant.id) for grant in live if str(grant.id) not in scheduled]
    if missing:
        return fail(f"{some(missing)} without schedule; the drift check creates it again", "drift")
    return ok(f"{counted(len(live), 'live grant')}, each with its schedule")


def sweep_runs(stack: Stack) -> CheckResult:
    """The sweep is enabled, and has run recently."""
    return _runs(stack, f"{stack.names}-sweep", f"{stack.names}-sweep-grants", "the-sweep-fails")


def drift_check_runs(stack: Stack) -> CheckResult:
    """The drift check is enabled, and has run recently."""
    return _runs(stack, f"{stack.names}-drift", f"{stack.names}-check-drift", "drift")


def _runs(stack: Stack, schedule: str, function: str, section: str) -> CheckResult:
    found = stack.client("scheduler").get_schedule(Name=schedule, GroupName="default")
    rate = found["ScheduleExpression"]
    if found["State"] != "ENABLED":
        return fail(f"its schedule {schedule} is disabled", section)
    if not stack.on_aws:
        return skipped(f"{rate}, enabled; the endpoint has no metrics that show the last run")
    period = _seconds(rate)
    now = datetime.now(UTC)
    points = stack.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(seconds=PERIODS * period + 300),
        EndTime=now,
        Period=300,
        Statistics=["Sum"],
    )["Datapoints"]
    if not any(point["Sum"] for point in points):
        return fail(f"{rate}, but it has not run for {PERIODS} periods", section)
    last = max(point["Timestamp"] for point in points if point["Sum"])
    return ok(f"{rate}, last ran about {instant(last)}")


def drift_period(stack: Stack) -> timedelta:
    """The time between two drift checks."""
    named = {"Name": f"{stack.names}-drift", "GroupName": "default"}
    rate = stack.client("scheduler").get_schedule(**named)["ScheduleExpression"]
    return timedelta(seconds=_seconds(rate))


def _seconds(rate: str) -> int:
    """The seconds of `rate(5 minutes)`."""
    count, unit = rate.removeprefix("rate(").removesuffix(")").split()
    return int(count) * {"minute": 60, "hour": 3600, "day": 86_400}[unit.removesuffix("s")]


def some(names: list[str]) -> str:
    """The first few, with a sign that there are more."""
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
