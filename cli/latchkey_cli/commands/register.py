"""`latchkey register`: builds the page that shows who has access to what."""

from pathlib import Path

import click

from latchkey_cli.aws.account_options import in_accounts
from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import say


@click.command(short_help="Build the page that shows who has access to what.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the page to a file.")
@click.option(
    "--publish",
    is_flag=True,
    help="Upload the page to the results bucket, as the daily build does.",
)
@in_accounts("With -o: only grants in this AWS account; can be repeated.")
@click.pass_obj
def command(
    target: Target, *, output: Path | None, publish: bool, accounts: frozenset[str]
) -> None:
    """Build the register, an HTML page that shows who has access to what until when.

    The page works offline in any browser and contains no external IDs.
    """
    if output is None and not publish:
        raise click.UsageError("say where the page goes: -o FILE, --publish, or both")
    if publish and accounts:
        raise click.UsageError("--account is for a file of your own: the published page has all")
    from datetime import UTC, datetime

    from latchkey_cli.aws.register import register_publisher

    stack, now = target.open(), datetime.now(UTC)
    publisher = register_publisher(stack)
    if output:
        output.write_text(publisher.build(now, accounts), encoding="utf-8")
        say(f"written to {output}", err=True)
    if publish:
        bucket = stack.output("ResultsBucketName")
        say(f"published as s3://{bucket}/{publisher.publish(now)}", err=True)
