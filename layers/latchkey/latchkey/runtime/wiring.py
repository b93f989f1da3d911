"""The one place that puts gateways into use cases.

Each builder serves one function; its imports are inside, so that a function loads only what it
needs.
"""

import os
import random
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from latchkey.runtime.clients import client
from latchkey.runtime.cold_start import ready
from latchkey.runtime.settings import (
    DigestSettings,
    DriftSettings,
    FindSettings,
    GrantSettings,
    IntakeSettings,
    NotifySettings,
    PlanSettings,
    RecordSettings,
    RegisterSettings,
    RevokeSettings,
    SweepSettings,
)

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

    from latchkey.aws.event_bus import EventBus
    from latchkey.aws.notices_topic import NoticesTopic
    from latchkey.aws.policy_checks import PolicyChecks
    from latchkey.aws.table import Table
    from latchkey.aws.workflow import Workflow
    from latchkey.grants.role import RoleNaming
    from latchkey.jobs.bulk import GrantFinder
    from latchkey.jobs.digest import DigestSender
    from latchkey.jobs.drift_check import DriftCheck
    from latchkey.jobs.register import RegisterPublisher
    from latchkey.jobs.sweep import Sweeper
    from latchkey.workflow.apply import Executor
    from latchkey.workflow.notify import Notifier
    from latchkey.workflow.plan.planner import Planner
    from latchkey.workflow.record import Recorder


def built_once[T](builder: Callable[[], T]) -> "_lru_cache_wrapper[T]":
    """Build a use case when it is first asked for; the function is ready then."""

    @cache
    def built() -> T:
        made = builder()
        ready()
        return made

    return built


def now() -> datetime:
    """The time, in UTC; the only clock of Latchkey."""
    return datetime.now(UTC)


@built_once
def intake_workflow() -> "Workflow":
    """The workflow that `intake_config` starts."""
    return _workflow(IntakeSettings.read(os.environ).grant_workflow_arn)


@built_once
def planner() -> "Planner":
    """The use case of `plan_grant`."""
    from latchkey.aws.config_bucket import ConfigBucket
    from latchkey.aws.external_ids import ExternalIds
    from latchkey.aws.grant_table import GrantTable
    from latchkey.aws.guardrails import GuardrailsParameter
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.leases import Leases
    from latchkey.aws.preflight import Preflight
    from latchkey.aws.scheduler import ScheduleGateway
    from latchkey.config.rules import StackContext
    from latchkey.iam.environment import AwsEnvironment
    from latchkey.workflow.plan.config_loader import ConfigLoader
    from latchkey.workflow.plan.identify import Identifier
    from latchkey.workflow.plan.lease import LeaseKeeper
    from latchkey.workflow.plan.load import Loader
    from latchkey.workflow.plan.lookups import LookupReader
    from latchkey.workflow.plan.planner import Planner
    from latchkey.workflow.plan.secure import Claims

    settings = PlanSettings.read(os.environ)
    place = AwsEnvironment(settings.partition, settings.aws_region, settings.account_id)
    stack = StackContext(place, frozenset(filter(None, settings.first_party_accounts.split(","))))
    table = _table(settings.grant_table)
    grants, external_ids = GrantTable(table), ExternalIds(table)
    files = ConfigBucket(client("s3"), settings.config_bucket)
    guardrails = GuardrailsParameter(client("ssm"), settings.guardrails_parameter)
    return Planner(
        identifier=Identifier(files, grants, stack),
        lease=LeaseKeeper(Leases(table), grants),
        loader=Loader(
            configs=ConfigLoader(files, grants, stack),
            lookups=LookupReader(Preflight(client, place), guardrails, external_ids),
            external_ids=external_ids,
            iam=IamGateway(client("iam")),
            schedules=ScheduleGateway(client("scheduler"), settings.schedule_group),
            naming=_naming(settings),
            place=place,
            new_external_id=_new_external_id,
        ),
        claims=Claims(grants),
    )


@built_once
def granting_executor() -> "Executor":
    """The use case of `grant_access`."""
    from latchkey.aws.policy_checks import PolicyChecks
    from latchkey.aws.scheduler import ScheduleGateway

    settings = GrantSettings.read(os.environ)
    schedules = ScheduleGateway(
        client("scheduler"),
        settings.schedule_group,
        settings.grant_workflow_arn,
        settings.schedule_role_arn,
    )
    on = settings.policy_checks == "on"
    checks = PolicyChecks(client("accessanalyzer"), client("iam")) if on else None
    return _executor(settings.grant_table, schedules, checks)


@built_once
def revoking_executor() -> "Executor":
    """The use case of `revoke_access`."""
    from latchkey.aws.scheduler import ScheduleGateway

    settings = RevokeSettings.read(os.environ)
    return _executor(
        settings.grant_table, ScheduleGateway(client("scheduler"), settings.schedule_group)
    )


@built_once
def recorder() -> "Recorder":
    """The use case of `record_outcome`."""
    from latchkey.aws.grant_table import GrantTable
    from latchkey.aws.leases import Leases
    from latchkey.aws.results_bucket import ResultsBucket
    from latchkey.workflow.record import Recorder

    settings = RecordSettings.read(os.environ)
    table = _table(settings.grant_table)
    return Recorder(
        GrantTable(table),
        Leases(table),
        ResultsBucket(client("s3"), settings.results_bucket),
        _workflow(settings.grant_workflow_arn),
    )


@built_once
def notifier() -> "Notifier":
    """The use case of `tell_outcome`."""
    from latchkey.aws.grant_table import GrantTable
    from latchkey.aws.results_bucket import ResultsBucket
    from latchkey.workflow.notify import Notifier

    settings = NotifySettings.read(os.environ)
    return Notifier(
        GrantTable(_table(settings.grant_table)),
        ResultsBucket(client("s3"), settings.results_bucket),
        _bus(settings.event_bus),
        _topic(settings.notices_topic),
        settings.aws_region,
    )


@built_once
def digest_sender() -> "DigestSender":
    """The use case of `send_digest`."""
    from latchkey.aws.grant_history import GrantHistory
    from latchkey.aws.live_grants import LiveGrants
    from latchkey.jobs.digest import DigestSender

    settings = DigestSettings.read(os.environ)
    table = _table(settings.grant_table)
    return DigestSender(
        LiveGrants(table),
        GrantHistory(table),
        _bus(settings.event_bus),
        _topic(settings.notices_topic),
    )


@built_once
def grant_finder() -> "GrantFinder":
    """The use case of `find_grants`."""
    from latchkey.aws.live_grants import LiveGrants
    from latchkey.jobs.bulk import GrantFinder

    settings = FindSettings.read(os.environ)
    return GrantFinder(LiveGrants(_table(settings.grant_table)))


@built_once
def sweeper() -> "Sweeper":
    """The use case of `sweep_grants`."""
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.live_grants import LiveGrants
    from latchkey.jobs.sweep import Sweeper

    settings = SweepSettings.read(os.environ)
    return Sweeper(
        LiveGrants(_table(settings.grant_table)),
        _workflow(settings.grant_workflow_arn),
        IamGateway(client("iam")),
        int(settings.sweep_limit),
    )


@built_once
def drift_check() -> "DriftCheck":
    """The use case of `check_drift`."""
    from latchkey.aws.guardrails import GuardrailsParameter
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.live_grants import LiveGrants
    from latchkey.aws.scheduler import ScheduleGateway
    from latchkey.jobs.drift_check import DriftCheck

    settings = DriftSettings.read(os.environ)
    return DriftCheck(
        LiveGrants(_table(settings.grant_table)),
        _workflow(settings.grant_workflow_arn),
        IamGateway(client("iam")),
        ScheduleGateway(client("scheduler"), settings.schedule_group),
        GuardrailsParameter(client("ssm"), settings.guardrails_parameter),
        _naming(settings),
        int(settings.sweep_limit),
    )


@built_once
def register_publisher() -> "RegisterPublisher":
    """The use case of `publish_register`."""
    from latchkey.aws.grant_history import GrantHistory
    from latchkey.aws.live_grants import LiveGrants
    from latchkey.aws.register_files import RegisterFiles
    from latchkey.jobs.register import RegisterPublisher
    from latchkey.reports.register_page import page_parts

    settings = RegisterSettings.read(os.environ)
    table = _table(settings.grant_table)
    return RegisterPublisher(
        LiveGrants(table),
        GrantHistory(table),
        RegisterFiles(client("s3"), settings.results_bucket),
        page_parts(),
        settings.stack_name,
    )


def _executor(table: str, schedules: Any, checks: "PolicyChecks | None" = None) -> "Executor":
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.leases import Leases
    from latchkey.workflow.apply import Executor
    from latchkey.workflow.validate_policies import PolicyValidator

    iam, leases = IamGateway(client("iam")), Leases(_table(table))
    return Executor(iam, schedules, leases, PolicyValidator(checks), _pause)


def _naming(settings: "PlanSettings | DriftSettings") -> "RoleNaming":
    from latchkey.grants.role import RoleNaming

    return RoleNaming(
        settings.stack_name,
        settings.role_path,
        settings.role_name_prefix,
        settings.permissions_boundary_arn,
    )


def _workflow(arn: str) -> "Workflow":
    from latchkey.aws.workflow import Workflow

    return Workflow(client("stepfunctions"), arn)


def _bus(name: str) -> "EventBus":
    from latchkey.aws.event_bus import EventBus

    return EventBus(client("events"), name)


def _topic(arn: str) -> "NoticesTopic":
    from latchkey.aws.notices_topic import NoticesTopic

    return NoticesTopic(client("sns"), arn)


def _table(name: str) -> "Table":
    from latchkey.aws.table import Table

    return Table(client("dynamodb"), name)


def _new_external_id() -> str:
    return secrets.token_hex(16)


def _pause(attempt: int) -> None:
    """Wait with full jitter, up to 0.5, 1, 2, … seconds: IAM is eventually consistent."""
    time.sleep(random.uniform(0, 0.25 * 2**attempt))  # noqa: S311 (no secret)
