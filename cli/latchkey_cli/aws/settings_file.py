"""The settings file of somebody who works with several stacks (docs/cli.md, "Several stacks")."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

VARIABLE = "LATCHKEY_CONFIG_FILE"
_FORM = 'write settings as name = "value", with the quotes, below a line [stacks.NAME]'
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
"""As CloudFormation names stacks (API reference, "CreateStack")."""


@dataclass(frozen=True)
class StackSettings:
    """What the file says of one stack; None is what it does not say."""

    name: str
    stack_name: str
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    account: str | None = None


@dataclass(frozen=True)
class SettingsFile:
    """The file, or where it would be: without one there are no stacks."""

    path: Path
    stacks: Mapping[str, StackSettings]
    default: str | None = None


@dataclass(frozen=True)
class Listing:
    """The file, and what it says of the stack at hand, if it lists that."""

    file: SettingsFile | None = None
    stack: StackSettings | None = None

    def check_account(self, account: str) -> None:
        """Refuse credentials for another account, where a stack may have the same name.

        Raises
        ------
        ClickException
            Naming both accounts, and the profile to use.
        """
        if self.file and self.stack and self.stack.account not in (None, account):
            by = f"; use the profile {self.stack.profile!r}" if self.stack.profile else ""
            raise click.ClickException(
                f"these credentials are for account {account}, and the stack {self.stack.name!r} "
                f"is in {self.stack.account} ({self.file.path}){by}"
            )

    def elsewhere(self, region: str) -> str:
        """What the file says of a stack that is not found in a region; may be empty."""
        if not self.file or not self.file.stacks:
            return ""
        if self.stack and self.stack.region not in (None, region):
            return f"; {self.file.path} says region {self.stack.region!r}"
        return "" if self.stack else f"; {self.file.path} has {', '.join(self.file.stacks)}"


def settings_path(variables: Mapping[str, str]) -> Path:
    """Where the file is (XDG base directory specification: a relative folder counts as unset)."""
    if given := variables.get(VARIABLE):
        return Path(given).expanduser()
    folder = Path(variables.get("XDG_CONFIG_HOME", ""))
    return (folder if folder.is_absolute() else Path.home() / ".config") / "latchkey/config.toml"


def read_settings(variables: Mapping[str, str]) -> SettingsFile:
    """The file as the environment variables name it.

    Raises
    ------
    ClickException
        If it cannot be read, or says something that is no setting: where, and what to write.
    """
    path = settings_path(variables)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if variables.get(VARIABLE):
            message = f"there is no file {path}, which {VARIABLE} names; write it, or unset that"
            raise click.ClickException(message) from error
        return SettingsFile(path, {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise click.ClickException(f"{path} is not TOML: {error}; {_FORM}") from error
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error
    if problems := "; ".join(_problems(document)):
        raise click.ClickException(f"{path}: {problems}")
    stacks = {n: StackSettings(n, **{"stack_name": n, **s}) for n, s in _stacks(document).items()}
    return SettingsFile(path, stacks, document.get("default"))


def _stacks(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("stacks", {})
    return found


def _problems(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown("the top of the file", document, ("default", "stacks"))
    stacks = _stacks(document)
    if not isinstance(stacks, dict) or not all(isinstance(s, dict) for s in stacks.values()):
        yield f"'stacks' has to hold a table for each stack; {_FORM}"
        return
    for name, settings in stacks.items():
        where = f"[stacks.{name}]"
        if not _NAME.fullmatch(name):
            yield f"{where} is no name; write letters, digits and hyphens, with a letter first"
        yield from _unknown(where, settings, tuple(_RULES))
        for key, value in settings.items():
            if key in _RULES and not (isinstance(value, str) and _RULES[key][0](value)):
                yield f"{where} {key} = {value!r}: write {_RULES[key][1]}"
    default = document.get("default")
    if default is not None and default not in [*stacks]:
        known = ", ".join(stacks) or "none yet"
        yield f"default = {default!r} is no stack of the file; write the name of one ({known})"


def _unknown(where: str, found: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[str]:
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            instead = f"did you mean {near[0]!r}?" if near else f"write {', '.join(known)}"
            yield f"{where} has no setting {key!r}; {instead}"


def _is_url(value: str) -> bool:
    try:
        return urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).hostname)
    except ValueError:
        return False


_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]")
_ACCOUNT = re.compile(r"[0-9]{12}")
_RULES: Mapping[str, Any] = dict(
    zip(
        [field.name for field in fields(StackSettings)][1:],
        (
            (_NAME.fullmatch, 'its name in CloudFormation, such as "latchkey-prod"'),
            (_REGION.fullmatch, 'a region, such as "eu-central-1"'),
            (str.strip, "the name of a profile of the AWS configuration, in quotes"),
            (_is_url, 'a URL, such as "http://127.0.0.1:4599" for the sandbox'),
            (_ACCOUNT.fullmatch, 'its 12 digits in quotes, such as "111122223333"'),
        ),
        strict=True,
    )
)
"""By setting: whether a text will do, and what to write otherwise."""
