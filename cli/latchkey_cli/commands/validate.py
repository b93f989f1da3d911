"""`latchkey validate`: checks config files offline, and reports every problem's position."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from latchkey_cli.changes.option import changed_since

if TYPE_CHECKING:
    from latchkey.config.guardrails import Guardrails
    from latchkey_cli.config_files.diagnosis import OfflineContext

_STDIN = "-"


@click.command(short_help="Check config files offline.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@changed_since
@click.option(
    "--format",
    "--output",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="Output format: github is annotations of a workflow, sarif a report for code scanning.",
)
@click.option("--account", metavar="ID", help="The stack's account, which cannot be a partner.")
@click.option(
    "--in-region", metavar="REGION", help="The stack's region, in which resources must be."
)
@click.option(
    "--first-party",
    metavar="ID",
    multiple=True,
    help="An account of the stack's FirstPartyAccounts; can be repeated.",
)
@click.option(
    "--guardrails",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A guardrails document to check the configs against.",
)
@click.option(
    "--key",
    metavar="KEY",
    help="The key that the file will have in the config bucket, for guardrails with scopes; by "
    "default its path from partners/ on.",
)
def command(
    files: tuple[Path, ...],
    since: str | None,
    form: str,
    account: str | None,
    in_region: str | None,
    first_party: tuple[str, ...],
    guardrails: Path | None,
    key: str | None,
) -> None:
    """Check config files by the same rules as the stack, without calling AWS.

    FILES are files, folders (all *.json files in them) or - for standard input; a folder with
    --changed-since. Exits with 0 if all files are valid, 1 if there are problems, 2 if the command
    line is invalid.
    """
    from latchkey_cli.config_files.diagnosis import diagnose
    from latchkey_cli.output.problem_formats import PRINTERS

    context = _context(account, in_region, first_party, guardrails)
    if not (files or since):
        raise click.UsageError("name a file, or with --changed-since a commit")
    named = list(_changed(since, files) if since else _bodies(files))
    if key and len(named) > 1:
        raise click.UsageError("--key is for one file")
    found = [(name, diagnose(body, context, key or its_key)) for name, its_key, body in named]
    PRINTERS[form](found)
    if form == "text":
        _print_accounts(named)
    sys.exit(1 if any(problems for _, problems in found) else 0)


def _print_accounts(files: Iterable[tuple[str, str | None, bytes]]) -> None:
    """The accounts that files name, where their grants are to be, on standard error."""
    import json

    from latchkey_cli.output.terminal import say

    for name, _, body in files:
        try:
            account = json.loads(body).get("account")
        except (ValueError, AttributeError):
            continue
        if isinstance(account, str):
            say(f"{name}: in account {account}", err=True)


def _context(
    account: str | None, region: str | None, first_party: Iterable[str], guardrails: Path | None
) -> "OfflineContext":
    from datetime import UTC, datetime

    from latchkey.aws.partitions import aws_environment, partition_of
    from latchkey_cli.config_files.diagnosis import OfflineContext

    if (account is None) != (region is None):
        raise click.UsageError("--account and --in-region must be given together")
    environment = None
    if account and region:
        environment = aws_environment(partition_of(region), region, account)
    rules = _guardrails(guardrails) if guardrails else None
    return OfflineContext(datetime.now(UTC), environment, frozenset(first_party), rules)


def _key(name: str) -> str | None:
    """The key of a file by its path, as far as that tells: from the last `partners/` on."""
    from latchkey.keys import CONFIG_PREFIX

    _, found, rest = f"/{Path(name).as_posix()}".rpartition(f"/{CONFIG_PREFIX}")
    return f"{CONFIG_PREFIX}{rest}" if found else None


def _guardrails(path: Path) -> "Guardrails":
    from latchkey.config.guardrails import GuardrailsInvalid, read_guardrails

    try:
        return read_guardrails(path.read_text(encoding="utf-8"))
    except (GuardrailsInvalid, UnicodeDecodeError) as invalid:
        raise click.UsageError(f"{path} is not a guardrails document: {invalid}") from None


def _bodies(files: Iterable[Path]) -> Iterator[tuple[str, str | None, bytes]]:
    """Each file with its key and content, up to one byte over the limit, as functions read it."""
    from latchkey.config.strict_json import MAX_BYTES

    for path in files:
        if str(path) == _STDIN:
            yield "<stdin>", None, sys.stdin.buffer.read(MAX_BYTES + 1)
            continue
        for file in _files(path):
            try:
                with file.open("rb") as opened:
                    yield str(file), _key(str(file)), opened.read(MAX_BYTES + 1)
            except OSError as error:
                raise click.UsageError(f"{file}: {error.strerror}") from None


def _changed(since: str, files: tuple[Path, ...]) -> Iterator[tuple[str, str | None, bytes]]:
    """The files that commits add or change, as they are committed."""
    from latchkey_cli.changes.option import changes_in

    for change in changes_in(since, files):
        if change.after is not None:
            yield change.path, change.key, change.after


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*.json") if file.is_file())
    if not found:
        raise click.UsageError(f"there is no *.json in {path}")
    return found
