"""The settings of each function, from its environment: one frozen model per function.

The names of the fields are the names of the environment variables, in lower case; a contract test
holds that the template declares exactly these.
"""

from collections.abc import Mapping
from typing import Self

from latchkey.errors import SettingsMissing
from latchkey.frozen import Frozen, field_types


class Settings(Frozen):
    """Base of the models: reads them from an environment."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """The settings in an environment.

        Raises
        ------
        SettingsMissing
            Naming every variable that is missing.
        """
        names = {field: field.upper() for field in field_types(cls)}
        missing = sorted(name for name in names.values() if name not in environment)
        if missing:
            raise SettingsMissing(f"environment variables not set: {', '.join(missing)}")
        return cls(**{field: environment[name] for field, name in names.items()})


class IntakeSettings(Settings):
    """`intake_config`: where authors are noted, and runs started; how far apart (seconds)."""

    grant_table: str
    reconcile_workflow_arn: str
    start_interval: str


class PlanSettings(Settings):
    """`plan_grant`: where configs, grants and roles are, and who we are.

    `first_party_accounts` is a comma-separated list of account IDs, possibly empty;
    `trust_policy_limit` is in characters; `spoke_role` names the function's role in other accounts
    (`iam.spoke`).
    """

    grant_table: str
    config_bucket: str
    schedule_group: str
    role_path: str
    role_name_prefix: str
    permissions_boundary_arn: str
    kms_boundary_arn: str
    account_boundary_arn: str
    guardrails_parameter: str
    stack_name: str
    first_party_accounts: str
    account_id: str
    partition: str
    trust_policy_limit: str
    spoke_role: str
    aws_region: str


class GrantSettings(Settings):
    """`grant_access`: the schedules that it puts start the workflow, under the schedule role.

    `policy_checks` is `on` or `off`: whether AWS is asked about the policies that are written.
    `spoke_role` is the function's role in other accounts (`iam.spoke`).
    """

    grant_table: str
    schedule_group: str
    schedule_role_arn: str
    reconcile_workflow_arn: str
    policy_checks: str
    stack_name: str
    account_id: str
    partition: str
    spoke_role: str
    aws_region: str


class RevokeSettings(Settings):
    """`revoke_access`: where leases and schedules are, who we are, and the role in other accounts.

    `spoke_role` is as in `GrantSettings`.
    """

    grant_table: str
    schedule_group: str
    stack_name: str
    account_id: str
    partition: str
    spoke_role: str
    aws_region: str


class RecordSettings(Settings):
    """`record_outcome`: where outcomes are written, and what starts follow-ups."""

    grant_table: str
    results_bucket: str
    reconcile_workflow_arn: str


class NotifySettings(Settings):
    """`notify_outcome`: where configs are, sheets and results for people, and notifications go.

    `event_bus` is the bus's name, `notices_topic` the topic's ARN, `chat_topic` that for chats or
    empty, `facts_bucket` where security tools find facts or empty; below `links_url` messages link
    to objects, or to the AWS console if it is empty.
    """

    grant_table: str
    config_bucket: str
    results_bucket: str
    event_bus: str
    notices_topic: str
    chat_topic: str
    facts_bucket: str
    links_url: str
    aws_region: str


class DigestSettings(Settings):
    """`send_digest`: where the live grants are, who is reminded, and where links lead."""

    grant_table: str
    event_bus: str
    notices_topic: str
    links_url: str
    aws_region: str


class FindSettings(Settings):
    """`find_grants`: where the live grants are."""

    grant_table: str


class SweepSettings(Settings):
    """`sweep_grants`: at most `sweep_limit` grants a run."""

    grant_table: str
    reconcile_workflow_arn: str
    sweep_limit: str


class FileCheckSettings(Settings):
    """`check_files`: at most `sweep_limit` files a run."""

    grant_table: str
    config_bucket: str
    reconcile_workflow_arn: str
    sweep_limit: str


class DriftSettings(Settings):
    """`check_drift`: at most `sweep_limit` grants a run, for each reason.

    Events and notices are of changes to the guardrails.
    """

    grant_table: str
    reconcile_workflow_arn: str
    sweep_limit: str
    schedule_group: str
    guardrails_parameter: str
    role_path: str
    role_name_prefix: str
    permissions_boundary_arn: str
    kms_boundary_arn: str
    account_boundary_arn: str
    stack_name: str
    event_bus: str
    notices_topic: str


class RegisterSettings(Settings):
    """`publish_register`: where grants and configs are, where the register is, and whose it is."""

    grant_table: str
    config_bucket: str
    results_bucket: str
    stack_name: str
