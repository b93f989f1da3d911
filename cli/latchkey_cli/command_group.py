"""The group of commands: imports a command when it is used, and prints errors as one line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from latchkey.newer_python import override
from latchkey.text import one_line
from latchkey_cli.errors import error_message
from latchkey_cli.grants.completion import completed


class LazyGroup(click.Group):
    """Commands by name; each is `command` in a module of `latchkey_cli.commands`.

    The options of the group may appear anywhere on the command line, as in the AWS CLI.
    """

    def __init__(self, *args: Any, names: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = names

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the help text."""
        return list(self._names)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command by its name."""
        if cmd_name not in self._names:
            return None
        name = cmd_name.replace("-", "_")
        found: click.Command = import_module(f"latchkey_cli.commands.{_module(name)}").command
        return completed(found)

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or that there is none of the name, with near ones."""
        name = args[0]
        unknown = name not in self._names and not ctx.resilient_parsing  # as shells complete
        if unknown and not name.startswith("-"):
            near = get_close_matches(name, self._names, n=3, cutoff=0.6)
            near = near or [known for known in self._names if known.startswith(name)][:3]
            also = f"; did you mean {' or '.join(near)}?" if near else "; --help lists them"
            ctx.fail(f"there is no command {name!r}{also}")
        return super().resolve_command(ctx, args)

    @override
    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line; what is wrong with it is told without what acts in it."""
        with _errors_shown():
            return super().make_context(*args, **kwargs)

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options of the group first, wherever they are."""
        return super().parse_args(ctx, self._hoisted(args))

    @override
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error is printed as one line or, with `--debug`, raised."""
        with _errors_shown():
            try:
                return super().invoke(ctx)
            except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
                raise  # whoever read along, such as head, has enough: click ends quietly
            except Exception as error:
                if ctx.params.get("debug"):
                    raise
                raise click.ClickException(error_message(error)) from error

    def _hoisted(self, args: list[str]) -> list[str]:
        valued = {name: self._takes_value(name) for name in self._own()}
        first, rest, waiting = list[str](), list[str](), list(args)
        while waiting:
            word = waiting.pop(0)
            name, equals, _ = word.partition("=")
            if word == "--":
                rest += [word, *waiting]
                break
            into = first if name in valued else rest
            into.append(word)
            if name in valued and valued[name] and not equals and waiting:
                first.append(waiting.pop(0))
        return first + rest

    def _own(self) -> list[str]:
        """The options of the group that no command has; `--help` is an option of each."""
        known = [name for param in self.params for name in param.opts]
        return [name for name in known if name != "--version"]

    def _takes_value(self, name: str) -> bool:
        return not any(
            isinstance(param, click.Option) and param.is_flag
            for param in self.params
            if name in param.opts
        )


@contextmanager
def _errors_shown() -> Iterator[None]:
    """Errors of click's own and of commands as one line each, in which nothing acts.

    They quote the command line, names of files, and what AWS answered.
    """
    try:
        yield
    except click.UsageError as error:
        message = one_line(error.format_message())
        if message == error.format_message():
            raise
        shown = click.UsageError(message, error.ctx)
        shown.exit_code = error.exit_code
        raise shown from error
    except click.ClickException as error:
        error.message = one_line(error.message)
        raise


def _module(name: str) -> str:
    return f"{name}_" if name == "import" else name
