"""What commits change, applied: files uploaded and removed, and each followed to its outcome."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from latchkey_cli.aws.stack import Stack
from latchkey_cli.aws.workflow_runs import WorkflowRuns
from latchkey_cli.changes.planned import PlannedChange
from latchkey_cli.changes.printing import print_plans
from latchkey_cli.config_files import upload as bucket
from latchkey_cli.config_files.application import confirm
from latchkey_cli.config_files.source import ConfigSource
from latchkey_cli.grants.redaction import told
from latchkey_cli.output.plans import show_outcome
from latchkey_cli.output.progress import show_progress
from latchkey_cli.output.terminal import say

Result = dict[str, Any]
Wait = Callable[[], Result]


def apply_changes(
    stack: Stack, runs: WorkflowRuns, plans: Iterable[PlannedChange], *, yes: bool
) -> list[Result]:
    """The outcomes of uploads and removals; nothing is applied if one file would be rejected.

    First come the files that stay where they are, then those that take a grant over from another
    one, then removals: a grant whose file is renamed keeps its role (docs/contract.md).
    """
    made = print_plans(plans, "text", policies=False, several=True)
    if any(one.refused for one in made):
        say("nothing was applied", err=True)
        sys.exit(1)
    if not yes:
        confirm({one.path: one.result for one in made if one.result})
    uploads = [(one, one.source) for one in made if one.source]
    results = []
    for one, source in uploads:
        if not one.moved_from:
            results += [_told(stack, one, wait()) for wait in _uploaded(stack, runs, one, source)]
    waiting = [
        (one, wait)
        for one, source in uploads
        if one.moved_from
        for wait in _uploaded(stack, runs, one, source, moved=True)
    ]
    moved = {one.moved_from for one, _ in uploads}
    for one in made:
        if one.what == "removed" and bucket.newest_version(stack, one.key):
            wait = _removed(stack, runs, one, ends=bool(one.result and one.result.get("changes")))
            waiting += [(one, wait)] if one.key not in moved else []
    return results + [_told(stack, one, wait()) for one, wait in waiting]


def _uploaded(
    stack: Stack,
    runs: WorkflowRuns,
    one: PlannedChange,
    source: ConfigSource,
    *,
    moved: bool = False,
) -> Iterator[Wait]:
    """Upload a file unless it is there already; answers what waits for its outcome."""
    if not (one.result or {}).get("changes") and bucket.is_uploaded(stack, source, one.key):
        say(f"{one.key} is already uploaded", err=True)
        return
    outcome = bucket.UploadOutcome(stack, runs, one.key)
    version = bucket.upload(stack, source, one.key)
    wait = outcome.wait_for_grant if moved else outcome.wait

    def waited() -> Result:
        with show_progress(f"apply of {one.path}") as progress:
            return wait(version, progress)

    yield waited


def _removed(stack: Stack, runs: WorkflowRuns, one: PlannedChange, *, ends: bool) -> Wait:
    """Remove a file; of one that ends nothing, nobody has to wait for an outcome."""
    poll = bucket.removal_outcome(stack, one.key)
    bucket.remove(stack, one.key)
    if not ends:
        return partial(dict, outcome="removed", config_key=one.key)

    def waited() -> Result:
        with show_progress(f"removal of {one.key}"):
            return runs.until(poll, f"the removal of {one.key}")

    return waited


def _told(stack: Stack, one: PlannedChange, result: Result) -> Result:
    config = one.source.document if one.source else None
    found = told(result, stack=stack, secrets=False, config=config)
    show_outcome(found)
    for problem in found.get("problems") or ():
        say(f"{one.path}: {problem['path']}: {problem['message']}")
    return found
