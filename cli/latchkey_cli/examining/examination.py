"""All checks in their order, and what becomes of one that cannot be made."""

from collections.abc import Callable, Iterator

from botocore.exceptions import ClientError

from latchkey.aws.translate import error_code
from latchkey_cli.complaint import complaint
from latchkey_cli.examining import grants, plumbing
from latchkey_cli.examining.verdict import Verdict, fail, skipped
from latchkey_cli.stack import Stack

CHECKS: tuple[tuple[str, Callable[[Stack], Verdict]], ...] = (
    ("stack", plumbing.stack_is_whole),
    ("intake", plumbing.files_are_taken_in),
    ("queue", plumbing.queue_moves),
    ("dead letters", plumbing.no_dead_letters),
    ("runs", plumbing.runs_end_well),
    ("grants", grants.no_grant_failed),
    ("overdue", grants.nothing_is_overdue),
    ("schedules", grants.every_end_is_scheduled),
    ("sweep", grants.sweep_runs),
    ("drift check", grants.drift_check_runs),
    ("guardrails", plumbing.guardrails_are_readable),
    ("quota", plumbing.roles_have_room),
    ("alarms", plumbing.no_alarm),
)
_NOT_OFFERED = {"UnknownOperation", "UnknownOperationException", "NotImplemented", "InvalidAction"}


def examine(stack: Stack) -> Iterator[tuple[str, Verdict]]:
    """Each check by its name with its verdict; what cannot be looked at has failed.

    An endpoint other than AWS may not offer a call; then nothing is known, which is not `ok`.
    """
    for name, check in CHECKS:
        try:
            yield name, check(stack)
        except Exception as error:  # noqa: BLE001 (a check that fails is a finding, not the end)
            yield name, _not_made(stack, error)


def _not_made(stack: Stack, error: Exception) -> Verdict:
    refused = error if isinstance(error, ClientError) else error.__cause__
    if not isinstance(refused, ClientError) or stack.on_aws:
        return fail(complaint(error))
    if error_code(refused) in _NOT_OFFERED:
        return skipped(f"the endpoint has no {refused.operation_name}")
    return fail(complaint(error))
