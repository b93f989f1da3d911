"""Stops uploads from granting anything while a stack is taken out of service."""

from latchkey.aws.error_codes import translated
from latchkey_cli.aws.stack import Stack


def stop_intake(stack: Stack) -> int:
    """Disable what feeds files to the workflow; answers how many sources were enabled.

    The messages stay in the queue for as long as it keeps them.
    """
    client = stack.client("lambda")
    stopped = 0
    with translated("disable the intake of files"):
        for mapping in _mappings(stack):
            if mapping["State"] not in ("Disabled", "Disabling"):
                client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
                stopped += 1
    return stopped


def _mappings(stack: Stack) -> list[dict[str, str]]:
    """The event source mappings that the stack has made."""
    client = stack.client("lambda")
    made = {one.name for one in stack.resources if one.kind == "AWS::Lambda::EventSourceMapping"}
    pages = client.get_paginator("list_event_source_mappings").paginate()
    found = [one for page in pages for one in page["EventSourceMappings"]]
    return [one for one in found if one["UUID"] in made]
