"""Builds what the steps of the workflow do, one builder for each function.

Its imports are inside, so that a function loads only what it needs.
"""

import os
import random
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from latchkey.runtime.clients import client
from latchkey.runtime.settings import (
    GrantSettings,
    NotifySettings,
    PlanSettings,
    RecordSettings,
    RevokeSettings,
)
from latchkey.runtime.wiring import gateways
from latchkey.runtime.wiring.gateways import built_once

if TYPE_CHECKING:
    from latchkey.aws.policy_checks import PolicyChecks
    from latchkey.aws.scheduler import ScheduleGateway
    from latchkey.config.rules import StackContext
    from latchkey.grants.place import RolePlace
    from latchkey.runtime.accounts import Clients
    from latchkey.workflow.apply_step import ApplyStep
    from latchkey.workflow.notify import NotifyStep
    from latchkey.workflow.plan.lookups import AccountReader, Place, Readers
    from latchkey.workflow.plan.planner import Planner
    from latchkey.workflow.record import RecordStep


@built_once
def planner() -> "Planner":
    """What `plan_grant` runs."""
    from latchkey.aws.approvals import Approvals
    from latchkey.aws.authors import Authors
    from latchkey.aws.claims import Claims as ClaimsTable
    from latchkey.aws.config_bucket import ConfigBucket
    from latchkey.aws.config_files import ConfigFiles
    from latchkey.aws.config_listing import ConfigListing
    from latchkey.aws.config_versions import ConfigVersions
    from latchkey.aws.grant_table import GrantTable
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.aws.guardrails import GuardrailsParameter
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.leases import Leases
    from latchkey.aws.partitions import aws_environment
    from latchkey.aws.preflight import Preflight
    from latchkey.aws.scheduler import ScheduleGateway
    from latchkey.config.rules import StackContext
    from latchkey.workflow.plan.approve import ApprovalStep
    from latchkey.workflow.plan.config_loader import ConfigLoader
    from latchkey.workflow.plan.identify import Identifier
    from latchkey.workflow.plan.lease import LeaseKeeper
    from latchkey.workflow.plan.load import Loader
    from latchkey.workflow.plan.lookups import AccountReader, LookupReader
    from latchkey.workflow.plan.planner import Planner
    from latchkey.workflow.plan.secure import Claims
    from latchkey.workflow.plan.waiting import WaitingFiles

    settings = PlanSettings.read(os.environ)
    environment = aws_environment(
        settings.partition,
        settings.aws_region,
        settings.account_id,
        trust_policy_limit=int(settings.trust_policy_limit),
    )
    stack = StackContext(
        environment, frozenset(filter(None, settings.first_party_accounts.split(",")))
    )
    table = gateways.table(settings.grant_table)
    grants, claims = GrantTable(table), ClaimsTable(table)
    files = ConfigBucket(client("s3"), settings.config_bucket)
    versions = ConfigVersions(client("s3"), settings.config_bucket)
    guardrails = GuardrailsParameter(client("ssm"), settings.guardrails_parameter)
    naming = gateways.naming(settings)
    own = AccountReader(IamGateway(client("iam")), Preflight(client, stack), guardrails)
    readers = _readers(own, settings, stack)
    return Planner(
        identifier=Identifier(files, grants, stack),
        lease=LeaseKeeper(Leases(table), grants),
        loader=Loader(
            configs=ConfigLoader(files, versions, grants, Authors(table), stack),
            lookups=LookupReader(readers, stack, naming, guardrails, claims),
            readers=readers,
            schedules=ScheduleGateway(client("scheduler"), settings.schedule_group),
            naming=naming,
            environment=environment,
            new_external_id=_new_external_id,
        ),
        approvals=ApprovalStep(Approvals(client("s3"), settings.config_bucket), claims),
        claims=Claims(grants, versions, gateways.run_data(table)),
        waiting=WaitingFiles(
            LiveGrants(table),
            ConfigFiles(table),
            ConfigListing(client("s3"), settings.config_bucket),
        ),
    )


@built_once
def granting_step() -> "ApplyStep":
    """What `grant_access` runs."""
    from latchkey.aws.policy_checks import PolicyChecks
    from latchkey.aws.scheduler import ScheduleGateway

    settings = GrantSettings.read(os.environ)
    schedules = ScheduleGateway(
        client("scheduler"),
        settings.schedule_group,
        settings.reconcile_workflow_arn,
        settings.schedule_role_arn,
    )
    on = settings.policy_checks == "on"

    def checks(there: "Clients") -> PolicyChecks | None:
        return PolicyChecks(there("accessanalyzer"), there("iam")) if on else None

    return _apply_step(settings, schedules, checks)


@built_once
def revoking_step() -> "ApplyStep":
    """What `revoke_access` runs."""
    from latchkey.aws.scheduler import ScheduleGateway

    settings = RevokeSettings.read(os.environ)
    schedules = ScheduleGateway(client("scheduler"), settings.schedule_group)
    return _apply_step(settings, schedules, lambda _: None)


@built_once
def record_step() -> "RecordStep":
    """What `record_outcome` runs."""
    from latchkey.aws.grant_table import GrantTable
    from latchkey.aws.leases import Leases
    from latchkey.aws.results_bucket import ResultsBucket
    from latchkey.workflow.record import Recorder, RecordStep

    settings = RecordSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    recorder = Recorder(
        GrantTable(table, _account_of(settings.reconcile_workflow_arn)),
        Leases(table),
        ResultsBucket(client("s3"), settings.results_bucket),
        gateways.workflow(settings.reconcile_workflow_arn),
    )
    return RecordStep(gateways.run_data(table), recorder)


@built_once
def notify_step() -> "NotifyStep":
    """What `notify_outcome` runs."""
    from latchkey.aws.config_versions import ConfigVersions
    from latchkey.aws.external_ids import PartnerExternalIds
    from latchkey.aws.grant_table import GrantTable
    from latchkey.aws.partitions import partition_of
    from latchkey.aws.results_bucket import ResultsBucket
    from latchkey.reports.links import Links
    from latchkey.workflow.notify import Notifier, NotifyStep

    settings = NotifySettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    notifier = Notifier(
        GrantTable(table),
        ConfigVersions(client("s3"), settings.config_bucket),
        PartnerExternalIds(table),
        ResultsBucket(client("s3"), settings.results_bucket),
        gateways.bus(settings.event_bus),
        gateways.topic(settings.notices_topic),
        settings.aws_region,
        Links(partition_of(settings.aws_region), settings.aws_region, settings.links_url),
        _account_of(settings.notices_topic),
        gateways.chat(settings.chat_topic, _chat_failed),
        gateways.facts(settings.facts_bucket),
    )
    return NotifyStep(gateways.run_data(table), notifier)


def _readers(own: "AccountReader", settings: PlanSettings, stack: "StackContext") -> "Readers":
    """What reads the account of a grant: a run has one session in another's.

    `now` is part of the place, so that no later attempt of a run has a session that may be over.
    """

    @lru_cache(maxsize=1)
    def there(place: "Place") -> "AccountReader":
        from latchkey.runtime.wiring.spokes import reader

        return reader(place, settings, stack)

    return lambda place: there(place) if place.environment.home else own


def _apply_step(
    settings: GrantSettings | RevokeSettings,
    schedules: "ScheduleGateway",
    checks: "Callable[[Clients], PolicyChecks | None]",
) -> "ApplyStep":
    """What works by the clients of the account that a role is in, all of one session."""
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.leases import Leases
    from latchkey.workflow.apply import Executor
    from latchkey.workflow.apply_step import ApplyStep
    from latchkey.workflow.validate_policies import PolicyValidator

    table, clients = gateways.table(settings.grant_table), gateways.clients_for_role(settings)

    def executor(place: "RolePlace", run: str) -> Executor:
        there = clients(place, run)
        validator = PolicyValidator(checks(there), settings.aws_region)
        return Executor(IamGateway(there("iam")), schedules, Leases(table), validator, _pause)

    return ApplyStep(gateways.run_data(table), executor)


def _chat_failed(error: Exception) -> None:
    """The outcome is told by event, e-mail and file; that the chat lacks it shows in the log."""
    from latchkey.runtime.observability import logger, metrics

    metrics.add_metric(name="ChatFailed", unit="Count", value=1)
    logger.warning("chat not told", error=str(error))


def _account_of(arn: str) -> str:
    return arn.split(":")[4]


def _new_external_id() -> str:
    return secrets.token_hex(16)


def _pause(attempt: int) -> None:
    """Wait with full jitter, up to 0.5, 1, 2, … seconds: IAM is eventually consistent."""
    time.sleep(random.uniform(0, 0.25 * 2**attempt))  # noqa: S311 (no secret)
