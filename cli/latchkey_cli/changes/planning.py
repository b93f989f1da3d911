"""The plans for what commits change: of each file that is uploaded, of each grant that ends."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from latchkey.config.problem import Problem
from latchkey.grant_id import GrantId
from latchkey_cli.aws.stack import Stack
from latchkey_cli.aws.workflow_runs import WorkflowRuns
from latchkey_cli.changes.commits import FileChange
from latchkey_cli.changes.planned import PlannedChange
from latchkey_cli.config_files.dry_run import dry_run
from latchkey_cli.config_files.source import (
    ConfigSource,
    NotJson,
    config_key,
    read_source,
    source_of,
)
from latchkey_cli.grants.redaction import told
from latchkey_cli.output.progress import show_progress

_REMOVED = "removed"
_ANEW = (
    " As more changes than the name of its file, the grant ends and is granted anew, under the "
    "same role name; its sessions end. Move the file first to avoid that."
)
_NONE = "It named no grant, so none ends."
_LONGEST_REASON = 1024
"""Characters (docs/contract.md, "Workflow input")."""


class ChangePlanner:
    """Plans changes of files by dry runs, which need the workflow that only plans, and no table."""

    def __init__(self, stack: Stack, runs: WorkflowRuns, *, secrets: bool = False) -> None:
        self._stack = stack
        self._runs = runs
        self._secrets = secrets

    def plans(self, changes: Sequence[FileChange]) -> Iterator[PlannedChange]:
        """The plan of each file that is there, then those of the grants whose file goes."""
        for change in changes:
            if change.after is not None:
                yield self._upload(change, _holder(change, changes))
        taken = {change.named: change for change in changes if change.named}
        for change in changes:
            grant = change.named_before
            if grant and grant not in taken:
                yield self._end(change, grant)
            elif change.after is None:
                goes = f"Its grant goes over to {taken[grant].key}." if grant else _NONE
                yield PlannedChange(change.path, change.key, _REMOVED, grant, note=goes)

    def files(self, paths: Sequence[Path], key: str | None) -> Iterator[PlannedChange]:
        """The plan of each file of the working tree, as if it were uploaded."""
        for path in paths:
            try:
                source = read_source(path, self._stack)
            except click.exceptions.Exit:  # what is wrong with it is printed
                yield PlannedChange(str(path), "", "is no JSON", unreadable=True)
                continue
            place = config_key(source, key, self._stack)
            yield self._planned(source, place, PlannedChange(str(path), place, "uploaded"))

    def _upload(self, change: FileChange, holder: FileChange) -> PlannedChange:
        planned = PlannedChange(
            change.path,
            change.key,
            "added" if change.before is None else "changed",
            moved_from=holder.key if holder is not change else None,
        )
        try:
            source = source_of(Path(change.path), change.after or b"", self._stack)
        except NotJson as wrong:
            return replace(planned, problems=wrong.problems)
        return self._planned(source, holder.key, planned)

    def _planned(self, source: ConfigSource, place: str, planned: PlannedChange) -> PlannedChange:
        with show_progress(f"plan of {planned.path}") as progress:
            result = dry_run(self._runs, source, place, progress)
        result = told(result, stack=self._stack, secrets=self._secrets, config=source.document)
        problems = source.located([Problem(**one) for one in result.get("problems") or ()])
        if planned.moved_from:
            anew = _ANEW if result.get("changes") else ""
            planned = replace(planned, note=f"Moved from {planned.moved_from}.{anew}")
        return replace(planned, grant=source.grant, source=source, result=result, problems=problems)

    def _end(self, change: FileChange, grant: GrantId) -> PlannedChange:
        """The plan of an end, by an order that is never given: nobody can plan a file's absence."""
        gone = change.after is None
        ending = PlannedChange(change.path, change.key, _REMOVED if gone else "changed", grant)
        reason = f"{change.key} was removed" if gone else f"{change.key} names another grant"
        order = {"action": "revoke", "partner": grant.partner, "grant": grant.grant}
        request = order | {"reason": reason[:_LONGEST_REASON], "dry_run": True}
        with show_progress(f"plan of the end of {grant}") as progress:
            run = self._runs.run(request, progress)
        if run.failed:
            raise click.ClickException(f"the plan could not be made: {run.error}: {run.cause}")
        result = told(run.output, stack=self._stack, secrets=self._secrets)
        if result.get("outcome") != "planned":
            return replace(ending, note=f"There is no live grant {grant}, so none ends.")
        if result.get("config_key") != change.key:
            note = f"Another file has the grant {grant}, which stays as it is."
            return replace(ending, note=note)
        return replace(ending, result=result)


def _holder(change: FileChange, changes: Sequence[FileChange]) -> FileChange:
    """The file that has a grant until these changes are applied.

    It is another one where a file is renamed, or files swap their grants: the grant then goes over
    (docs/contract.md, "Partner config"), and is planned as a change of the file that has it.
    """
    grant = change.named
    if grant is None or change.named_before == grant:
        return change
    before = (one for one in changes if one.named_before == grant and one.named != grant)
    return next(before, change)
