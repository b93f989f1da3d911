"""Problems of a config file with their lines and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from latchkey.config.problem import Problem
from latchkey.config.strict_json import MAX_BYTES, Fault
from latchkey.reports.redaction import Redactor, named_external_ids
from latchkey_cli.config_files.json_positions import Node, Scan, scan


@dataclass(frozen=True)
class LocatedProblem:
    """A problem and its position; `line` and `column` count from 1, columns in characters."""

    problem: Problem
    line: int
    column: int

    def document(self) -> dict[str, Any]:
        """The problem and its position as JSON data."""
        return {"line": self.line, "column": self.column, **self.problem.document()}


def located(
    body: bytes,
    problems: Sequence[Problem],
    *,
    fault: Fault | None = None,
    unknown_fields: frozenset[str] = frozenset(),
) -> tuple[LocatedProblem, ...]:
    """Problems with their positions in a file, in the order of its text.

    A problem of the whole document is located at the `fault` of the text, if there is one. A
    problem of a field is located at its value or, for one of the `unknown_fields`, at its name.
    """
    if not problems:
        return ()
    text = body[:MAX_BYTES].decode("utf-8", "replace")
    found = scan(text)
    at_fault = _fault_offset(body, text, found, fault)
    placed = sorted(
        (_offset(found, problem.path, unknown_fields) if problem.path else at_fault, problem)
        for problem in problems
    )
    redact = Redactor(named_external_ids(text))
    return tuple(
        LocatedProblem(_told(problem, redact), *line_and_column(text, at)) for at, problem in placed
    )


def _told(problem: Problem, redact: Redactor) -> Problem:
    """A problem for logs of CI and pull requests: it quotes no external ID of the file."""
    return Problem(redact(problem.path), redact(problem.message))


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, as the standard library's `json` counts them."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _offset(found: Scan, path: str, unknown_fields: frozenset[str]) -> int:
    node, exact = _node(found, path)
    unknown = exact and path in unknown_fields
    return node.key if unknown and node.key is not None else node.value


def _fault_offset(body: bytes, text: str, found: Scan, fault: Fault | None) -> int:
    """The position of the fault of a text or, without one, the beginning of the document."""
    match fault:
        case None | "not-an-object":
            return found.nodes[""].value if "" in found.nodes else 0
        case "size":
            return len(text)
        case "encoding":
            return _first_wrong_byte(body)
        case "empty" | "byte-order-mark":
            return 0
        case _:
            return next((one.at for one in found.faults if one.kind == fault), 0)


def _first_wrong_byte(body: bytes) -> int:
    """The characters in front of the first byte that is not UTF-8."""
    try:
        return len(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        return len(body[: error.start].decode("utf-8"))


def _node(found: Scan, path: str) -> tuple[Node, bool]:
    """The node of a pointer or, if a field is missing, the nearest object around it."""
    exact = True
    while path not in found.nodes and path:
        path, exact = path.rpartition("/")[0], False
    return found.nodes.get(path, Node(0)), exact
