"""The register's use case, put together for a stack of the command line's."""

from importlib import import_module
from typing import Any

import click

from latchkey_cli.stack import Stack

_USE_CASE = "latchkey.use_cases.publish_register"


def register_publisher(stack: Stack) -> Any:
    """The use case that builds and publishes the register.

    Raises
    ------
    ClickException
        When the installed `latchkey` is from before there was one.
    """
    try:
        publisher = import_module(_USE_CASE).RegisterPublisher
    except ModuleNotFoundError as error:
        if error.name != _USE_CASE:
            raise
        raise click.ClickException("this version of Latchkey builds no register") from None
    history = import_module("latchkey.aws.grant_history").GrantHistory
    files = import_module("latchkey.aws.register_files").RegisterFiles
    parts = import_module("latchkey.register_page").page_parts
    bucket = stack.output("ResultsBucketName")
    return publisher(
        stack.grants, history(stack.table), files(stack.client("s3"), bucket), parts(), stack.name
    )
