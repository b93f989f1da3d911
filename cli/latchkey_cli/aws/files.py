"""The check of config files, with an operator's credentials."""

import sys

from latchkey.aws.config_files import ConfigFiles
from latchkey.aws.config_listing import ConfigListing
from latchkey.aws.grant_history import GrantHistory
from latchkey.aws.workflow import Workflow
from latchkey.jobs.file_check import FileCheck
from latchkey_cli.aws.stack import Stack


def file_check(stack: Stack) -> FileCheck:
    """What the function `check_files` runs, for any number of files, through the grant workflow."""
    return FileCheck(
        ConfigListing(stack.client("s3"), stack.output("ConfigBucketName")),
        ConfigFiles(stack.table),
        stack.live_grants,
        GrantHistory(stack.table),
        Workflow(stack.client("stepfunctions"), stack.output("GrantWorkflowArn")),
        sys.maxsize,
        "resync",
    )
