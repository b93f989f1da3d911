"""Problems of config files as a report for code scanning: SARIF 2.1.0, an OASIS standard.

Sections of the standard that decide something here: 3.14.17 (`columnKind`: ours count characters),
3.4.3 (`uri` is a percent-encoded URI reference), 3.11.6 (links in a plain text), 3.27.5 (`ruleId`).
"""

import re
from typing import Any, TypeAlias
from urllib.parse import quote

from latchkey.config.schema import PartnerConfig
from latchkey.text import one_line
from latchkey_cli.config_files.located_problem import LocatedProblem
from latchkey_cli.output.problems import problem_text

ProblemsByFile: TypeAlias = list[tuple[str, tuple[LocatedProblem, ...]]]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_DOCUMENT = "config"
_LINK = re.compile(r"\](?=\()")


def sarif(found: ProblemsByFile) -> dict[str, Any]:
    """A log with one run; its rules are the fields of a config, since a problem is of a field."""
    results = [_result(name, problem) for name, problems in found for problem in problems]
    rules = sorted({str(result["ruleId"]) for result in results})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "Latchkey", "rules": list(map(_rule, rules))}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    field = name.partition("/")[2]
    text = f"The field `{field}` of a partner config" if field else "A partner config as a whole"
    return {"id": name, "shortDescription": {"text": text}}


def _result(file: str, found: LocatedProblem) -> dict[str, Any]:
    region = {"startLine": found.line, "startColumn": found.column}
    return {
        "ruleId": _rule_of(found.problem.path),
        "level": "error",
        "message": {"text": _text(problem_text(found))},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}
        ],
    }


def _rule_of(pointer: str) -> str:
    """The rule of a problem; the names of unknown fields are anybody's text, and no rules."""
    field = pointer.split("/")[1] if pointer else ""
    return f"{_DOCUMENT}/{field}" if field in PartnerConfig.model_fields else _DOCUMENT


def _text(text: str) -> str:
    """A plain text in which `[…](…)` is no link."""
    return _LINK.sub("] ", " ".join(one_line(text).split()))


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))
