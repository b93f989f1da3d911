"""All checks of `latchkey doctor`, in their order."""

from collections.abc import Callable, Iterator

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code
from latchkey_cli.aws.stack import Stack
from latchkey_cli.errors import error_message
from latchkey_cli.health_checks import approvals, grants, histories, infrastructure, spokes
from latchkey_cli.health_checks.result import CheckResult, fail, skipped

CHECKS: tuple[tuple[str, Callable[[Stack], CheckResult]], ...] = (
    ("stack", infrastructure.stack_is_complete),
    ("intake", infrastructure.intake_is_enabled),
    ("queue", infrastructure.queue_is_short),
    ("dead letters", infrastructure.no_dead_letters),
    ("runs", infrastructure.no_run_failed),
    ("grants", grants.no_grant_failed),
    ("configs", grants.every_inline_config_is_as_recorded),
    ("roles", grants.every_role_is_on_record),
    ("history", histories.every_history_is_whole),
    ("overdue", grants.nothing_is_overdue),
    ("schedules", grants.every_end_is_scheduled),
    ("sweep", grants.sweep_runs),
    ("drift check", grants.drift_check_runs),
    ("spokes", spokes.every_spoke_is_checked),
    ("guardrails", infrastructure.guardrails_are_readable),
    ("approvals", approvals.approvals_can_be_believed),
    ("quota", infrastructure.role_quota_has_room),
    ("trust policies", infrastructure.trust_policies_may_be_as_long),
    ("concurrency", infrastructure.concurrency_suits),
    ("alarms", infrastructure.no_alarm),
)
_NOT_OFFERED = {
    "404",
    "UnknownOperation",
    "UnknownOperationException",
    "NotImplemented",
    "InvalidAction",
}


def run_checks(stack: Stack) -> Iterator[tuple[str, CheckResult]]:
    """The result of each check, with its name; a check that raises an error has failed.

    A check is skipped if it needs a call that an endpoint other than AWS does not offer.
    """
    for name, check in CHECKS:
        try:
            yield name, check(stack)
        except Exception as error:  # noqa: BLE001 (one check must not end the others)
            yield name, _error_result(stack, error)


def _error_result(stack: Stack, error: Exception) -> CheckResult:
    refused = error if isinstance(error, ClientError) else error.__cause__
    if not isinstance(refused, ClientError) or stack.on_aws:
        return fail(error_message(error))
    if error_code(refused) in _NOT_OFFERED:
        return skipped(f"the endpoint has no {refused.operation_name}")
    return fail(error_message(error))
