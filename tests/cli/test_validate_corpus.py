"""`validate` over the whole hostile corpus: a line and column for each problem, the right one."""

import json
import re
from functools import lru_cache
from itertools import batched
from typing import Any

import pytest

from latchkey.config.problem import Problem
from latchkey.config.reader import read_config
from latchkey.reports.redaction import Redactor, named_external_ids
from latchkey_cli.config_files.diagnosis import OfflineContext, diagnose
from latchkey_cli.config_files.located_problem import LocatedProblem
from tests.kit.examples import AWS_ENVIRONMENT, NOW, STACK_CONTEXT
from tests.kit.hostile.case import Hostile
from tests.kit.hostile.corpus import corpus
from tests.kit.hostile.verdict import problems_of

CHUNKS = list(batched(corpus(), 250, strict=False))
_STATED = OfflineContext(NOW, AWS_ENVIRONMENT)
_SYNTAX = re.compile(r"\(line (\d+), column (\d+)\)$")
_MORE = re.compile(r"and \d+ more problems")


@pytest.mark.parametrize("cases", CHUNKS, ids=lambda cases: cases[0].name)
def test_each_problem_stands_where_it_is_said_to(cases: tuple[Hostile, ...]) -> None:
    for case in cases:
        found = diagnose(case.body, _STATED)
        assert bool(found) != case.granted, case.name
        redact = Redactor(named_external_ids(case.body.decode("utf-8", "replace")))
        expected = [
            Problem(redact(problem.path), redact(problem.message))
            for problem in problems_of(read_config(case.body, STACK_CONTEXT, NOW))
        ]
        assert sorted(finding.problem for finding in found) == sorted(expected), case.name
        for finding in found:
            assert _is_right(case.body, finding), (case.name, finding)


def _is_right(body: bytes, finding: LocatedProblem) -> bool:
    """Whether the text at a position is what the problem is about, read by `json` alone."""
    if _MORE.search(finding.problem.message):
        return (finding.line, finding.column) == (1, 1)
    if not finding.problem.path:
        return _is_right_of_text(body, finding)
    text, value = _read(body)
    at = _offset(text, finding.line, finding.column)
    there, _ = json.JSONDecoder().raw_decode(text, at)
    parts = [_unescaped(part) for part in finding.problem.path.split("/")[1:]]
    if finding.problem.message.startswith("unknown field"):
        before = text[:at].rstrip()[-1]
        return before in "{," and _same_name(there, parts[-1])
    for part in parts:
        if isinstance(value, dict) and not any(_same_name(key, part) for key in value):
            break  # a field that is missing: the object around it
        if isinstance(value, dict):
            value = value[next(key for key in value if _same_name(key, part))]
        else:
            value = value[int(part)]
    return bool(there == value)


@lru_cache(maxsize=1)
def _read(body: bytes) -> tuple[str, Any]:
    return body.decode(), json.loads(body)


def _is_right_of_text(body: bytes, finding: LocatedProblem) -> bool:
    message, place = finding.problem.message, (finding.line, finding.column)
    if told := _SYNTAX.search(message):
        return place == (int(told[1]), int(told[2]))
    if "65536" in message:
        return _bytes_before(body, finding) == 65_536
    if "not UTF-8" in message:
        byte = int(re.findall(r"byte (\d+)", message)[0])
        return _bytes_before(body, finding) == byte
    text = body.decode()
    rest = text[_offset(text, finding.line, finding.column) :]
    if "stands twice" in message:
        key, _ = json.JSONDecoder().raw_decode(rest)
        return repr(key[:40]) in message and text.count(json.dumps(key)) + ("\\u" in rest) > 1
    if "nested deeper" in message:
        # a text too deep for `json` has nothing else in front of its 13th level
        opened = re.sub(r'"(\\.|[^"\\])*"', "", text[: len(text) - len(rest)])
        return rest[0] in "[{" and sum(opened.count(c) for c in "[{") - _closed(opened) == 12
    if "surrogate" in message:
        return bool(re.match(r"\\u[dD][89a-fA-F]", rest))
    if "JSON number" in message or "integer string conversion" in message:
        return bool(re.match(r"-?Infinity|NaN|\d{4301}", rest))
    return place == (1, 1)  # empty, with a mark, or of another kind as a whole


def _closed(text: str) -> int:
    return sum(text.count(c) for c in "]}")


def _bytes_before(body: bytes, finding: LocatedProblem) -> int:
    lines = body.decode("utf-8", "surrogateescape").split("\n")
    before = ["\n".join(lines[: finding.line - 1])] if finding.line > 1 else []
    before.append(lines[finding.line - 1][: finding.column - 1])
    return len("\n".join(before).encode("utf-8", "surrogateescape"))


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _same_name(key: str, part: str) -> bool:
    return key == part or (part.endswith("…") and key.startswith(part[:-1]))
