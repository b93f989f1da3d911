"""The output formats of `latchkey validate`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from latchkey.text import one_line
from latchkey_cli.output.problems import print_problems, problem_text
from latchkey_cli.output.sarif import ProblemsByFile, sarif
from latchkey_cli.output.terminal import print_json, say


def _text(found: ProblemsByFile) -> None:
    """A line for each problem, and a count on standard error."""
    for name, problems in found:
        print_problems(name, problems)
    invalid = sum(1 for _, problems in found if problems)
    count = sum(len(problems) for _, problems in found)
    files = f"{len(found)} file{'s' * (len(found) != 1)}"
    summary = f"{count} problem{'s' * (count != 1)} in {invalid} of {files}"
    say(summary if invalid else f"{files} checked, no problems", err=True)


def _json(found: ProblemsByFile) -> None:
    print_json(
        [
            {"file": name, "problems": [problem.document() for problem in problems]}
            for name, problems in found
        ]
    )


def _github(found: ProblemsByFile) -> None:
    """Workflow commands of GitHub Actions; their values are escaped as its toolkit escapes them."""
    for name, problems in found:
        for problem in problems:
            position = f"file={_property(name)},line={problem.line},col={problem.column}"
            say(f"::error {position}::{_data(problem_text(problem))}")


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(found: ProblemsByFile) -> None:
    print_json(sarif(found))


PRINTERS: Mapping[str, Callable[[ProblemsByFile], None]] = MappingProxyType(
    {"text": _text, "json": _json, "github": _github, "sarif": _sarif}
)
"""What prints the problems of all files, by the name of the format."""
