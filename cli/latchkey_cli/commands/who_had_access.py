"""`latchkey who-had-access`: lists who had access to a resource at a time."""

from datetime import UTC, datetime

import click

from latchkey_cli.aws.target import Target


def _moment(context: click.Context, _: click.Parameter, text: str) -> datetime:
    """A time, or the end of a day in UTC, so that access during that day counts."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = "write a date like 2026-03-31, or a time like 2026-03-31T14:00:00Z"
        raise click.BadParameter(message, context) from None
    if len(text) <= len("2026-03-31"):
        return found.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    if found.tzinfo is None:
        raise click.BadParameter("a time needs an offset, like Z or +02:00", context)
    return found.astimezone(UTC)


@click.command(short_help="List who had access to a resource at a time.")
@click.argument("resource")
@click.option(
    "--at",
    required=True,
    metavar="DATE",
    callback=_moment,
    help="A date (its end in UTC) or a time with an offset.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(target: Target, resource: str, at: datetime, as_json: bool) -> None:
    """List who had access to RESOURCE at a time.

    RESOURCE is a name or an ARN, as in configs.
    """
    from latchkey_cli.aws.history import history_reader
    from latchkey_cli.output.history_table import print_history

    found = history_reader(target.open()).who_had_access(resource, at)
    none = f"nobody had access to {resource} at {at:%Y-%m-%dT%H:%M:%SZ}"
    print_history(found, as_json=as_json, none=none)
