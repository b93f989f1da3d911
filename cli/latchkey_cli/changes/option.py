"""The option `--changed-since` of the commands that take config files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from latchkey_cli.changes.commits import FileChange

changed_since = click.option(
    "--changed-since",
    "since",
    metavar="COMMIT",
    help="Only files that the commits since COMMIT change; FILE is their folder (partners).",
)
"""The option; FILE is then a folder."""


def changes_in(
    since: str, files: Sequence[Path], *, since_fork: bool = True
) -> "tuple[FileChange, ...]":
    """The files that commits change in the folder that is given, or in `partners`."""
    from latchkey_cli.changes.commits import DEFAULT_FOLDER, changes_since

    if len(files) > 1:
        raise click.UsageError("--changed-since is about one folder")
    folder = str(files[0]) if files else DEFAULT_FOLDER
    return changes_since(since, folder, since_fork=since_fork)
