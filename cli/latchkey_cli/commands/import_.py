"""`latchkey import`: writes the config for a role that was created by hand."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from latchkey_cli.aws.account_options import in_account_options
from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import json_document, print_json, say

if TYPE_CHECKING:
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.importing.config import ImportedConfig
    from latchkey_cli.importing.role import ExistingRole
    from latchkey_cli.importing.role_fields import ImportOptions

_HEADINGS = {
    "lost": "Not kept",
    "wider": "NOT KEPT, so the grant would be wider than the role",
    "added": "Added, but reaches no other data",
    "decide": "For you to decide",
}


@click.command("import", short_help="Write the config for a role created by hand.")
@click.argument("role")
@click.option("--partner", help="The partner's name; derived from the role if omitted.")
@click.option("--grant", help="The grant's name; main if omitted.")
@click.option("--owner", help="The responsible team; from the role's tags if omitted.")
@click.option("--expires-at", metavar="TIME", help="End of access; required if the role has none.")
@in_account_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.pass_obj
def command(
    target: Target,
    *,
    role: str,
    partner: str | None,
    grant: str | None,
    owner: str | None,
    expires_at: str | None,
    account: str | None,
    profile: str | None,
    output: Path | None,
) -> None:
    """Write the config for ROLE, a role's name or ARN. The role itself is not changed.

    Anything that a config cannot express is reported on standard error, with the reason. The config
    is valid and allows no more than the role, except for actions that reach no other data; if it
    would be wider than the role, the command says so and exits with 1. It contains the role's
    external ID: with -o, only you can read the file that is written.

    The role is in the stack's account, or in --account, which is read with the credentials of
    --profile-of-spoke; the config then names that account.
    """
    from latchkey_cli.aws.other_account import chosen_account
    from latchkey_cli.importing.partner import partner_notes
    from latchkey_cli.importing.role_fields import ImportOptions
    from latchkey_cli.output.files import write_secret

    stack = target.open()
    there = chosen_account(stack, account, profile)
    found = _read_role(stack, there, role.rpartition("/")[2])
    options = ImportOptions(partner, grant, owner, expires_at)
    seen = _seen(stack) if found.attached else []
    imported = _imported(found, options, stack, account, seen)
    others = partner_notes(imported.config, found.name, options, _others(stack, found))
    imported = replace(imported, notes=(*imported.notes, *others))
    _print_notes(found.name, imported)
    if any(problem.path == "/expires_at" for problem in imported.problems):
        raise click.UsageError(_expiry_error(imported))
    if imported.problems:
        sys.exit(1)
    if output:
        write_secret(output, json_document(imported.config).encode())
        say(f"written to {output}; next: latchkey plan {output}", err=True)
    else:
        print_json(imported.config)
    if any(note.kind == "wider" for note in imported.notes):
        sys.exit(1)


def _others(stack: "Stack", role: "ExistingRole") -> "list[GrantRecord]":
    """The records of live grants but the role's own; none where they may not be read."""
    from latchkey.errors import LatchkeyError
    from latchkey_cli.grants.records import records

    try:
        return [one for one in records(stack, stack.on_record) if one.role_arn != role.arn]
    except LatchkeyError as error:
        say(f"grants could not be compared: {error}", err=True)
        return []


def _imported(
    role: "ExistingRole",
    options: "ImportOptions",
    stack: "Stack",
    account: str | None,
    seen: list[str],
) -> "ImportedConfig":
    """The config of a role, which names its account if that is not the stack's own."""
    from latchkey_cli.importing.config import import_role

    context = stack.context.of_account(account)
    imported = import_role(role, options, context, datetime.now(UTC), seen)
    if not context.environment.home:
        return imported
    config = {"version": 1, "account": account} | imported.config
    return replace(imported, config=config)


def _read_role(stack: "Stack", there: "Stack", name: str) -> "ExistingRole":
    """The role, without the permissions boundary that it has as a role of Latchkey."""
    from latchkey.grants.account import naming_in
    from latchkey_cli.aws.iam_roles import read_role

    found = read_role(there, name)
    if found is None:
        whose = there.caller.split(":")[4]
        raise click.ClickException(
            f"there is no role {name} in account {whose}; --account and --profile-of-spoke read "
            "another"
        )
    if found.boundary_arn in naming_in(stack.naming, found.arn.split(":")[4]).own_boundaries:
        return replace(found, boundary_arn=None, boundary=None)
    return found


def _seen(stack: "Stack") -> list[str]:
    """What roles may see whose access is an AWS-managed policy, by their boundaries."""
    from latchkey.services.registry import specs
    from latchkey_cli.aws.iam_roles import allowed_by_policy

    boundaries = stack.naming.boundaries
    mine = (kind for kind in boundaries if specs()[kind].managed)
    return [action for kind in mine for action in allowed_by_policy(stack, boundaries[kind])]


def _print_notes(name: str, imported: "ImportedConfig") -> None:
    for kind, heading in _HEADINGS.items():
        texts = [note.text for note in imported.notes if note.kind == kind]
        if texts:
            say(f"{heading}:", err=True, style="bold")
        for text in texts:
            say(f"  {text}", err=True)
    rest = [p for p in imported.problems if p.path != "/expires_at"]
    if rest:
        say(f"{name} cannot be described by a config:", err=True, style="bold")
    for problem in rest:
        say(f"  {problem.path}: {problem.message}", err=True)


def _expiry_error(imported: "ImportedConfig") -> str:
    given = imported.config.get("expires_at")
    if given is None:
        return "the role never expires; set the end of the grant: --expires-at 2027-01-31T18:00:00Z"
    problem = next(p for p in imported.problems if p.path == "/expires_at")
    return f"--expires-at: {given}: {problem.message}"
