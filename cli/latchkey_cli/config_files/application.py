"""The application of config files: planned, shown, confirmed, uploaded, followed to the outcome."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from latchkey_cli.grants.redaction import told
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.source import ConfigSource

Tell: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Planned:
    """A file with its plan: None where it would not be granted, and was told why."""

    source: "ConfigSource"
    key: str
    tell: Tell
    plan: dict[str, Any]


def planned(
    stack: "Stack", runs: "WorkflowRuns", source: "ConfigSource", place: str, *, secrets: bool
) -> Planned:
    """The plan for a file that goes under a key."""
    from latchkey_cli.config_files.dry_run import dry_run
    from latchkey_cli.output.progress import show_progress

    tell = partial(told, stack=stack, secrets=secrets, config=source.document)
    with show_progress(f"plan of {source.path}") as progress:
        return Planned(source, place, tell, tell(dry_run(runs, source, place, progress)))


def applied(
    stack: "Stack", runs: "WorkflowRuns", plans: list[Planned], *, yes: bool, quiet: bool
) -> list[dict[str, Any]]:
    """The outcome of each file; exits if one of them would be rejected."""
    from latchkey_cli.config_files.dry_run import print_refusal
    from latchkey_cli.config_files.upload import is_uploaded
    from latchkey_cli.output.plans import show_plan

    refused = [one for one in plans if print_refusal(one.source, one.plan)]
    if refused:
        if len(plans) > 1:
            say("nothing was uploaded", err=True)
        sys.exit(1)
    if not quiet:
        for one in plans:
            if one.source.account:
                say(f"In account {one.source.account}.")
            show_plan(one.plan)
    there = [
        (not one.plan.get("changes") or _waits_already(stack, one))
        and is_uploaded(stack, one.source, one.key)
        for one in plans
    ]
    if not yes:
        new = [one for one, is_there in zip(plans, there, strict=True) if not is_there]
        confirm({str(one.source.path): one.plan for one in new})
    results = []
    for one, is_there in zip(plans, there, strict=True):
        if is_there:
            waits = ", and waits for approval" if one.plan.get("awaits") else ""
            say(f"{one.key} is already uploaded{waits}", err=True)
            results.append(one.plan)
            continue
        result = one.tell(_upload(stack, runs, one.source, one.key))
        results.append(result)
        if not quiet:
            _print_result(one.source, result)
    return results


def _waits_already(stack: "Stack", one: Planned) -> bool:
    """Whether just this waits for approval: another version would have to be approved anew.

    What was rejected is asked for again by another version, whatever is in it.
    """
    if not one.plan.get("awaits") or one.source.grant is None:
        return False
    record = stack.grants.get(one.source.grant)
    waiting = record.pending if record else None
    if waiting is None or waiting.rejected_by:
        return False
    return waiting.digest == one.plan.get("digest")


def _upload(
    stack: "Stack", runs: "WorkflowRuns", source: "ConfigSource", key: str
) -> dict[str, Any]:
    from latchkey_cli.config_files.upload import UploadOutcome, upload
    from latchkey_cli.output.progress import show_progress

    outcome = UploadOutcome(stack, runs, key)
    with show_progress(f"apply of {source.path}") as progress:
        return outcome.wait(upload(stack, source, key), progress)


def _print_result(source: "ConfigSource", result: dict[str, Any]) -> None:
    from latchkey.config.problem import Problem
    from latchkey_cli.config_files.dry_run import print_refusal
    from latchkey_cli.output.plans import show_outcome

    if not print_refusal(source, result):
        show_outcome(result)
        if result.get("outcome") == "pending_approval":
            source.print_problems([Problem(**one) for one in result.get("problems") or ()])


def confirm(plans: Mapping[str, Mapping[str, Any]]) -> None:
    """Have plans, by the names of their files, confirmed if they widen access or take it away.

    Raises
    ------
    UsageError
        If there is no terminal to ask at.
    """
    from latchkey_cli.output.plans import takes_away, widens
    from latchkey_cli.output.terminal import confirmed, interactive, say

    wider = [name for name, plan in plans.items() if widens(plan)]
    away = [name for name, plan in plans.items() if takes_away(plan)]
    if not (wider or away):
        return
    if not interactive():
        told = [f"{', '.join(wider)} widens access"] if wider else []
        told += [f"{', '.join(away)} takes access away"] if away else []
        raise click.UsageError(
            f"applying {' and '.join(told)}, and there is no terminal for confirmation; give --yes "
            "after reviewing the plan"
        )
    say(err=True)
    confirmed("Apply it?" if len(plans) == 1 else f"Apply all {len(plans)}?")
