"""Builds what runs beside the workflow, one builder for each function.

Its imports are inside, so that a function loads only what it needs.
"""

import os
import time
from typing import TYPE_CHECKING

from latchkey.runtime.clients import client
from latchkey.runtime.settings import (
    DigestSettings,
    DriftSettings,
    FileCheckSettings,
    FindSettings,
    IntakeSettings,
    RegisterSettings,
    SweepSettings,
)
from latchkey.runtime.wiring import gateways
from latchkey.runtime.wiring.gateways import built_once

if TYPE_CHECKING:
    from latchkey.jobs.account_check import AccountCheck
    from latchkey.jobs.bulk import GrantFinder
    from latchkey.jobs.digest import DigestSender
    from latchkey.jobs.drift_check import DriftCheck
    from latchkey.jobs.file_check import FileCheck
    from latchkey.jobs.intake import Intake
    from latchkey.jobs.register import RegisterPublisher
    from latchkey.jobs.resource_watch import ResourceWatch
    from latchkey.jobs.sweep import Sweeper


@built_once
def intake() -> "Intake":
    """What `intake_config` runs."""
    from latchkey.aws.authors import Authors
    from latchkey.jobs.intake import Intake

    settings = IntakeSettings.read(os.environ)
    authors = Authors(gateways.table(settings.grant_table))
    return Intake(authors, gateways.workflow(settings.reconcile_workflow_arn))


def intake_pause() -> None:
    """Wait for as long as `intake_config` leaves between the runs of two uploads."""
    time.sleep(float(IntakeSettings.read(os.environ).start_interval))


@built_once
def grant_finder() -> "GrantFinder":
    """What `find_grants` runs."""
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.jobs.bulk import GrantFinder

    settings = FindSettings.read(os.environ)
    return GrantFinder(LiveGrants(gateways.table(settings.grant_table)))


@built_once
def sweeper() -> "Sweeper":
    """What `sweep_grants` runs."""
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.sweep_attempts import SweepAttempts
    from latchkey.jobs.sweep import Sweeper

    settings = SweepSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    return Sweeper(
        LiveGrants(table),
        SweepAttempts(table),
        gateways.workflow(settings.reconcile_workflow_arn),
        IamGateway(client("iam")),
        int(settings.sweep_limit),
    )


@built_once
def file_check() -> "FileCheck":
    """What `check_files` runs."""
    from latchkey.aws.config_files import ConfigFiles
    from latchkey.aws.config_listing import ConfigListing
    from latchkey.aws.grant_history import GrantHistory
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.jobs.file_check import FileCheck

    settings = FileCheckSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    return FileCheck(
        ConfigListing(client("s3"), settings.config_bucket),
        ConfigFiles(table),
        LiveGrants(table),
        GrantHistory(table),
        gateways.workflow(settings.reconcile_workflow_arn),
        int(settings.sweep_limit),
    )


@built_once
def drift_check() -> "DriftCheck":
    """What `check_drift` runs."""
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.aws.guardrails import GuardrailsParameter
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.round_cursor import CheckMemory
    from latchkey.aws.scheduler import ScheduleGateway
    from latchkey.jobs.drift_check import DriftCheck
    from latchkey.jobs.guardrails_watch import GuardrailsWatch

    settings = DriftSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    return DriftCheck(
        settings.reconcile_workflow_arn.split(":")[4],
        LiveGrants(table),
        gateways.workflow(settings.reconcile_workflow_arn),
        IamGateway(client("iam")),
        ScheduleGateway(client("scheduler"), settings.schedule_group),
        GuardrailsWatch(
            GuardrailsParameter(client("ssm"), settings.guardrails_parameter),
            gateways.bus(settings.event_bus),
            gateways.topic(settings.notices_topic),
        ),
        gateways.naming(settings),
        CheckMemory(table),
        int(settings.sweep_limit),
    )


@built_once
def account_check() -> "AccountCheck":
    """What `check_drift` runs for an account beside the stack's own."""
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.aws.guardrails import GuardrailsParameter
    from latchkey.aws.iam import IamGateway
    from latchkey.aws.spoke_guardrails import SpokeGuardrails
    from latchkey.aws.spoke_records import SpokeRecords
    from latchkey.iam.environment import AwsEnvironment
    from latchkey.jobs.account_check import AccountCheck, AccountGateways

    settings = DriftSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    _, partition, _, region, account, *_ = settings.reconcile_workflow_arn.split(":")
    home = AwsEnvironment(partition, region, account)
    accounts = gateways.accounts(home, settings.stack_name, "check")
    name = settings.guardrails_parameter

    def there(named: str) -> AccountGateways:
        clients = accounts.clients(home.of_account(named), "check-drift")
        guardrails = SpokeGuardrails(clients("ssm"), name, named)
        return AccountGateways(IamGateway(clients("iam")), guardrails)

    return AccountCheck(
        account,
        LiveGrants(table),
        gateways.workflow(settings.reconcile_workflow_arn),
        GuardrailsParameter(client("ssm"), name),
        gateways.naming(settings),
        there,
        SpokeRecords(table),
        int(settings.sweep_limit),
    )


@built_once
def resource_watch() -> "ResourceWatch":
    """What `check_drift` runs for a change to a resource."""
    from latchkey.aws.access_history import AccessHistory
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.jobs.resource_watch import ResourceWatch

    settings = DriftSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    return ResourceWatch(
        LiveGrants(table),
        AccessHistory(table),
        gateways.workflow(settings.reconcile_workflow_arn),
        int(settings.sweep_limit),
    )


@built_once
def digest_sender() -> "DigestSender":
    """What `send_digest` runs."""
    from latchkey.aws.grant_history import GrantHistory
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.aws.partitions import partition_of
    from latchkey.jobs.digest import DigestSender
    from latchkey.reports.links import Links

    settings = DigestSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    return DigestSender(
        LiveGrants(table),
        GrantHistory(table),
        gateways.bus(settings.event_bus),
        gateways.topic(settings.notices_topic),
        Links(partition_of(settings.aws_region), settings.aws_region, settings.links_url),
    )


@built_once
def register_publisher() -> "RegisterPublisher":
    """What `publish_register` runs."""
    from latchkey.aws.config_versions import ConfigVersions
    from latchkey.aws.grant_history import GrantHistory
    from latchkey.aws.grants_by_expiry import LiveGrants
    from latchkey.aws.register_files import RegisterFiles
    from latchkey.jobs.register import RegisterPublisher
    from latchkey.reports.register_page import page_parts

    settings = RegisterSettings.read(os.environ)
    table = gateways.table(settings.grant_table)
    return RegisterPublisher(
        LiveGrants(table),
        GrantHistory(table),
        ConfigVersions(client("s3"), settings.config_bucket),
        RegisterFiles(client("s3"), settings.results_bucket),
        page_parts(),
        settings.stack_name,
    )
