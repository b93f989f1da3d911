"""`latchkey renew`: gives a grant a later end."""

import sys
from datetime import UTC, datetime

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.config_files.end_options import end_options
from latchkey_cli.grants.redaction import show_secrets


@click.command(short_help="Give a grant a later end.")
@click.argument("grant")
@end_options
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    grant: str,
    until: str | None,
    span: str | None,
    yes: bool,
    as_json: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Plan GRANT (PARTNER or PARTNER.GRANT) with a later end, ask, and apply it.

    The grant's file in the config bucket is changed in nothing but `expires_at`. If somebody else
    changes it meanwhile, nothing is uploaded.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.application import applied, planned
    from latchkey_cli.config_files.ends import end_of, require_later
    from latchkey_cli.config_files.live_file import live_file, with_expiry
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.output.terminal import print_json

    end = end_of(until, span, datetime.now(UTC))
    if end is None:
        raise click.UsageError("give the new end: --until TIME or --for PERIOD")
    stack = target.open()
    live = live_file(stack, grant_named(grant, stack))
    source, present = with_expiry(live, end)
    require_later(end, present)
    runs = WorkflowRuns(stack, timeout)
    plan = planned(stack, runs, source, live.key, secrets=show_secrets)
    results = applied(stack, runs, [plan], yes=yes, quiet=as_json)
    if as_json:
        print_json(results[0])
    sys.exit(1 if results[0].get("outcome") in ("rejected", "failed") else 0)
