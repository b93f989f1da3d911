"""The command `latchkey`: its subcommands and their common options."""

import gc
import os

import click

from latchkey import __version__
from latchkey_cli.aws.target import Target
from latchkey_cli.command_group import LazyGroup
from latchkey_cli.grants.completion import StackName
from latchkey_cli.output.terminal import say

COMMANDS = (
    "new",
    "validate",
    "plan",
    "apply",
    "get",
    "diff",
    "renew",
    "confirm",
    "pending",
    "approve",
    "reject",
    "group-id",
    "grants",
    "show",
    "result",
    "problems",
    "handoff",
    "revoke",
    "suspend",
    "resume",
    "who-had-access",
    "partner-access",
    "partner-page",
    "register",
    "reconcile",
    "resync",
    "stacks",
    "spokes",
    "doctor",
    "teardown",
    "import",
    "audit",
)


def _version(context: click.Context, _: click.Parameter, requested: bool) -> None:
    if requested:
        say(f"latchkey {__version__}")
        context.exit()


@click.command(
    cls=LazyGroup,
    names=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "LATCHKEY"},
)
@click.option(
    "--stack",
    type=StackName(),
    show_envvar=True,
    help="A stack of the settings file (see `stacks`), or of CloudFormation.  [default: latchkey]",
)
@click.option("--region", help="The stack's region; from the AWS configuration if omitted.")
@click.option("--profile", help="The AWS profile.")
@click.option(
    "--endpoint-url", metavar="URL", help="Another endpoint, such as that of the sandbox."
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
@click.pass_context
def cli(
    context: click.Context,
    stack: str | None,
    region: str | None,
    profile: str | None,
    endpoint_url: str | None,
    debug: bool,
) -> None:
    """Grant partners access to AWS resources, review it, and revoke it.

    A grant is one JSON file in the config bucket of a Latchkey stack. It becomes one IAM role that
    the partner assumes, until the date in the file. To begin: `latchkey new` writes a file, `plan`
    shows what it would do, `apply` uploads it, `handoff` prints what the partner needs to know.

    The options below may appear anywhere on the command line. The usual AWS_* variables apply.
    """
    context.obj = Target(stack, region, profile, endpoint_url, debug)


def main() -> None:
    """Run the command line; what it loads is no garbage, and looking takes a tenth of the start."""
    gc.set_threshold(1_000_000)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look for them
    cli(prog_name="latchkey")
