"""Problems of config files on the terminal, one line each."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from latchkey.text import one_line
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.config_files.located_problem import LocatedProblem


def print_problems(file: str, problems: "Iterable[LocatedProblem]") -> None:
    """A line for each problem: `file:line:column: problem`, as editors and CI systems expect it."""
    for located in problems:
        text = " ".join(one_line(problem_text(located)).split())
        say(f"{file}:{located.line}:{located.column}: {text}")


def problem_text(located: "LocatedProblem") -> str:
    """A problem with its JSON pointer, if it has one."""
    problem = located.problem
    return f"{problem.path}: {problem.message}" if problem.path else problem.message
