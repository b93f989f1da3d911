"""The publisher of the register, built for a stack."""

from typing import TYPE_CHECKING, Any

from latchkey_cli.aws.stack import Stack

if TYPE_CHECKING:
    from latchkey.jobs.register import RegisterPublisher


def register_publisher(stack: Stack) -> "RegisterPublisher":
    """The publisher that builds the register and uploads it."""
    from latchkey.aws.grant_history import GrantHistory
    from latchkey.aws.register_files import RegisterFiles
    from latchkey.jobs.register import RegisterPublisher
    from latchkey.reports.register_page import page_parts

    files = RegisterFiles(stack.client("s3"), stack.output("ResultsBucketName"))
    return RegisterPublisher(
        stack.live_grants,
        GrantHistory(stack.table),
        stack.config_versions,
        files,
        page_parts(),
        stack.name,
    )


def register_grants(stack: Stack) -> "list[dict[str, Any]]":
    """The entries of the register as it was last published; none where there is none."""
    from latchkey.aws.register_files import RegisterFiles
    from latchkey.reports.register.document import entries_in

    files = RegisterFiles(stack.client("s3"), stack.output("ResultsBucketName"))
    return [*entries_in(files.read().data).values()]
