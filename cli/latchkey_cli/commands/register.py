"""`latchkey register`: the page of who has access to what."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from latchkey_cli.target import Target

_MODULE = "latchkey.use_cases.publish_register"


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the page to a file.")
@click.option("--publish", is_flag=True, help="Put it into the results bucket.")
@click.pass_obj
def command(target: Target, output: Path | None, publish: bool) -> None:
    """Build the register, one HTML page of who has access to what until when."""
    if output is None and not publish:
        raise click.UsageError("say where the page goes: -o FILE, --publish, or both")
    _build(target, _use_case(), output, publish=publish)


def _use_case() -> Any:
    try:
        return import_module(_MODULE)
    except ModuleNotFoundError as error:
        if error.name != _MODULE:
            raise
        raise click.ClickException("this version of Latchkey builds no register") from None


def _build(target: Target, module: Any, output: Path | None, *, publish: bool) -> None:
    raise NotImplementedError
