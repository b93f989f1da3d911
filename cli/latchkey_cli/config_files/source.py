"""A local config file: read, checked, and assigned its key in the config bucket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.reader import read_document
from latchkey.config.strict_json import MAX_BYTES, parse_object
from latchkey.grant_id import GrantId
from latchkey.keys import CONFIG_PREFIX, CONFIG_SUFFIX, is_config_key, usual_config_key
from latchkey_cli.aws.stack import Stack
from latchkey_cli.config_files.diagnosis import OfflineContext, diagnose
from latchkey_cli.config_files.located_problem import LocatedProblem, located
from latchkey_cli.output.problems import print_problems

STDIN = "-"


@dataclass(frozen=True)
class ConfigSource:
    """A local config file; `document` is its JSON data.

    `unknown_fields` are the JSON pointers of fields that no config has; `replaces` is the entity
    tag of the object that it was made from, and that nothing else may have replaced meanwhile.
    """

    path: Path
    body: bytes
    document: dict[str, Any]
    unknown_fields: frozenset[str] = frozenset()
    replaces: str | None = None

    @property
    def grant(self) -> GrantId | None:
        """The grant that the file names, or None."""
        return GrantId.named(self.document.get("partner"), self.document.get("grant", "main"))

    @property
    def account(self) -> str | None:
        """The account that the file names, as far as it is a text; None is the stack's own."""
        named = self.document.get("account")
        return named if isinstance(named, str) else None

    def print_problems(self, problems: Sequence[Problem]) -> None:
        """Print problems with their positions in the file."""
        print_problems(str(self.path), self.located(problems))

    def located(self, problems: Sequence[Problem]) -> tuple[LocatedProblem, ...]:
        """Problems with their positions in the file."""
        return located(self.body, problems, unknown_fields=self.unknown_fields)


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and those in the folders that are: all that end in `.json`.

    Raises
    ------
    UsageError
        If a folder has none, or there is nothing of a name.
    """
    found = list[Path]()
    for path in paths:
        if str(path) != STDIN and not path.exists():
            raise click.UsageError(f"there is no {path}")
        if not path.is_dir():
            found.append(path)
            continue
        within = sorted(one for one in path.rglob(f"*{CONFIG_SUFFIX}") if one.is_file())
        if not within:
            raise click.UsageError(f"{path} has no {CONFIG_SUFFIX} files")
        found += within
    return list(dict.fromkeys(found))


class NotJson(Exception):
    """A file is not a JSON object; `problems` say why, and where."""

    def __init__(self, problems: tuple[LocatedProblem, ...]) -> None:
        self.problems = problems
        super().__init__("not a JSON object")


def read_source(path: Path, stack: Stack) -> ConfigSource:
    """Read a config file; anything but its syntax is left to the workflow to check.

    Raises
    ------
    Exit
        With status 1 if the file is not a JSON object; the problems are printed.
    """
    try:
        return source_of(path, _body(path), stack)
    except NotJson as wrong:
        print_problems(str(path), wrong.problems)
        raise click.exceptions.Exit(1) from None


def source_of(path: Path, body: bytes, stack: Stack) -> ConfigSource:
    """The config file of a path with a body.

    Raises
    ------
    NotJson
        If the body is not a JSON object.
    """
    context, now = stack.context, datetime.now(UTC)
    try:
        document = parse_object(body)
    except ConfigRejected:
        offline = OfflineContext(now, context.environment, context.first_party_accounts)
        raise NotJson(diagnose(body, offline)) from None
    return ConfigSource(path, body, document, read_document(document, context, now).unknown_fields)


def _body(path: Path) -> bytes:
    """The bytes of a file, of standard input for `-`: as many as show that it is too long."""
    if str(path) == STDIN:
        return click.get_binary_stream("stdin").read(MAX_BYTES + 1)
    with path.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def config_key(source: ConfigSource, given: str | None, stack: Stack) -> str:
    """The key in the config bucket: as given, that of the live grant's file, or the default."""
    if given:
        if not is_config_key(given):
            raise click.UsageError(f"--key: a config's key is {CONFIG_PREFIX}<name>{CONFIG_SUFFIX}")
        return given
    grant = source.grant
    if grant is None and str(source.path) == STDIN:
        raise click.UsageError(
            "the config on standard input names no grant; say where it goes: --key partners/x.json"
        )
    if grant is None:
        return f"{CONFIG_PREFIX}{source.path.stem}{CONFIG_SUFFIX}"
    record = stack.grants.get(grant)
    if record and record.live and record.config_key:
        return record.config_key
    return usual_config_key(grant)
