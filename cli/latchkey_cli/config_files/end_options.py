"""The options --until and --for, of which `ends` makes a time; loads nothing for a help text."""

from collections.abc import Callable
from typing import Any

import click


def end_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --until and --for of a command."""
    until = click.option(
        "--until", metavar="TIME", help="The end: a date, or a time with an offset."
    )
    span = click.option(
        "--for", "span", metavar="PERIOD", help="The end as a period from now: 90d, 12w, 1y."
    )
    return until(span(command))
