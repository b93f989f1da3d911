"""A config file on its way to the stack: read, held to the rules here, and given its key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.strict_json import MAX_BYTES, parse_object
from latchkey.grant_id import GrantId
from latchkey.keys import CONFIG_PREFIX, CONFIG_SUFFIX, is_config_key, usual_config_key
from latchkey_cli.commands.validate import line
from latchkey_cli.diagnosis import Stated, diagnose, located
from latchkey_cli.stack import Stack


@dataclass(frozen=True)
class ConfigSource:
    """A config file of this machine; `document` is what it says."""

    path: Path
    body: bytes
    document: dict[str, Any]

    @property
    def grant(self) -> GrantId | None:
        """The grant that it names, or None."""
        return GrantId.named(self.document.get("partner"), self.document.get("grant", "main"))

    def tell(self, problems: Sequence[Problem]) -> None:
        """Print problems with where they stand in the file."""
        for finding in located(self.body, problems):
            click.echo(line(str(self.path), finding))


def read_source(path: Path, stack: Stack) -> ConfigSource:
    """A config file, as far as it is JSON: what else is wrong the workflow tells with its own.

    Raises
    ------
    Exit
        With status 1, when it is no JSON object; the problems are printed.
    """
    with path.open("rb") as opened:
        body = opened.read(MAX_BYTES + 1)
    try:
        return ConfigSource(path, body, parse_object(body))
    except ConfigRejected:
        first = stack.parameters.get("FirstPartyAccounts", "")
        accounts = frozenset(filter(None, first.split(",")))
        for finding in diagnose(body, Stated(datetime.now(UTC), stack.place, accounts)):
            click.echo(line(str(path), finding))
        raise click.exceptions.Exit(1) from None


def config_key(source: ConfigSource, given: str | None, stack: Stack) -> str:
    """The key of a config in the config bucket: as given, as the grant has it, or the usual one."""
    if given:
        if not is_config_key(given):
            raise click.UsageError(f"--key: a config's key is {CONFIG_PREFIX}<name>{CONFIG_SUFFIX}")
        return given
    grant = source.grant
    if grant is None:
        return f"{CONFIG_PREFIX}{source.path.stem}{CONFIG_SUFFIX}"
    record = stack.grants.get(grant)
    if record and record.live and record.config_key:
        return record.config_key
    return usual_config_key(grant)
