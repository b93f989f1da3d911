"""`latchkey result`: what became of a file or a grant."""

import sys
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack


@click.command(short_help="Show what became of a file or a grant.")
@click.argument("name", metavar="KEY|GRANT")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@show_secrets
@click.pass_obj
def command(target: Target, name: str, *, as_json: bool, show_secrets: bool) -> None:
    """Show the last result of KEY, a file in the config bucket, or of GRANT.

    KEY is like partners/acme/main.json, with or without s3://BUCKET/; GRANT is PARTNER or
    PARTNER.GRANT. Exits with 1 if the file was rejected or failed.
    """
    from latchkey_cli.output.plans import show_result
    from latchkey_cli.output.terminal import print_json

    stack = target.open()
    result = told(_result(stack, name), stack=stack, secrets=show_secrets)
    if as_json:
        print_json(result)
    else:
        show_result(result)
    sys.exit(1 if result.get("outcome") in ("rejected", "failed") else 0)


def _result(stack: "Stack", name: str) -> dict[str, Any]:
    from latchkey_cli.aws.results_bucket import result_of_file, result_of_grant
    from latchkey_cli.grants.names import grant_named

    if name.startswith("s3://") or "/" in name or name.endswith(".json"):
        key = name.removeprefix(f"s3://{stack.output('ConfigBucketName')}/")
        found, what = result_of_file(stack, key), key
    else:
        grant = grant_named(name, stack)
        found, what = result_of_grant(stack, grant), str(grant)
    if found is None:
        raise click.ClickException(
            f"there is no result of {what}; `latchkey grants` lists grants, `latchkey problems` "
            "files that were rejected"
        )
    return found
