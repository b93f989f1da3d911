"""Plans of files on the terminal, as JSON, and as a page for a pull request."""

from collections.abc import Iterable, Sequence
from typing import Any

from latchkey.reports.changes_markdown import ChangedFile, changes_page
from latchkey_cli.changes.planned import PlannedChange
from latchkey_cli.config_files.located_problem import LocatedProblem
from latchkey_cli.grants.redaction import without_external_ids
from latchkey_cli.output.plans import show_needs, show_plan
from latchkey_cli.output.problems import print_problems
from latchkey_cli.output.terminal import print_json, print_text, say


def print_plans(
    plans: Iterable[PlannedChange], form: str, *, policies: bool, several: bool
) -> list[PlannedChange]:
    """Print plans as text, each as soon as it is made, or as Markdown; answers all of them."""
    made = []
    for planned in plans:
        made.append(planned)
        if form == "text":
            _print(planned, policies=policies, headed=several)
    if form == "markdown":
        print_text(changes_page([_told(one) for one in made]))
    return made


def print_results(made: Sequence[PlannedChange]) -> None:
    """Print the results of named files as JSON, a list where there are several."""
    found = [one.result for one in made if one.result]
    if found:
        print_json(found[0] if len(made) == 1 else found)


def print_changes(made: Sequence[PlannedChange]) -> None:
    """Print what commits change as JSON: a list of files, each with its result, if it has one."""
    print_json([_document(one) for one in made])


def _print(planned: PlannedChange, *, policies: bool, headed: bool) -> None:
    if planned.unreadable:
        return
    if headed:
        say(f"{planned.path}:", style="bold")
    for sentence in filter(None, (planned.where, planned.note)):
        say(sentence)
    print_problems(planned.path, planned.problems)
    if planned.result is None:
        return
    if not planned.refused:
        show_plan(planned.result, policies=policies)
        return
    if not planned.problems:
        say(f"{planned.path}: {planned.result.get('reason')}")
    show_needs(planned.result)


def _document(planned: PlannedChange) -> dict[str, Any]:
    return {
        "file": planned.path,
        "key": planned.key,
        "change": planned.what,
        "moved_from": planned.moved_from,
        "grant": str(planned.grant) if planned.grant else None,
        "account": planned.source.account if planned.source else None,
        "problems": [problem.document() for problem in planned.problems],
        "note": planned.note,
        "result": planned.result,
    }


def _told(planned: PlannedChange) -> ChangedFile:
    config = planned.source.document if planned.source else None
    result = without_external_ids(planned.result, config) if planned.result else None
    return ChangedFile(
        path=planned.path,
        what=planned.what,
        grant=str(planned.grant) if planned.grant else None,
        result=result,
        problems=tuple(_placed(problem) for problem in planned.problems),
        note=" ".join(filter(None, (planned.where, planned.note))),
    )


def _placed(found: LocatedProblem) -> tuple[str, str]:
    place = f"{found.line}:{found.column} {found.problem.path}"
    return place.strip(), found.problem.message
